#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/verdict.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Who may talk to us at all, and whether a request of theirs is fit to be looked at (PRODUCT
/// §4.2).
namespace causeway::admission {

/// Whose source address it is.
enum class Owner : std::uint8_t { Carrier, Group };

/// A known source: the owner's kind and its position among `config::Snapshot`'s carriers or groups.
struct Peer {
    Owner owner{};
    std::uint32_t index{};
    bool operator==(const Peer&) const = default;
};

/// Known sources of every interface. The longest prefix wins; the cost of a look-up depends on the
/// number of different prefix lengths (at most 129 an interface), never on the number of entries,
/// and it allocates nothing. Thread: any; immutable once built.
class Sources {
public:
    /// False if this very block is already taken on the interface: the first owner stays.
    bool add(InterfaceId interface, const Cidr& block, const Peer& peer);
    [[nodiscard]] std::optional<Peer> find(InterfaceId interface, const IpAddress& ip) const;

private:
    struct Hash {
        std::size_t operator()(const IpAddress& ip) const noexcept;
    };
    struct Level {  ///< all blocks of one prefix length on one interface
        InterfaceId interface;
        std::uint8_t length{};
        std::unordered_map<IpAddress, Peer, Hash> blocks;  ///< by network
    };
    std::vector<Level> levels_;  ///< by interface, longest first
};

/// What a source that is nobody's is told (PRODUCT §4.2); acted upon by `b2bua`.
enum class UnknownSource : std::uint8_t {
    Drop,    ///< nothing
    Reject,  ///< 403
};

struct Rules {
    Sources sources;
    UnknownSource unknown_source{};
};

/// The daemon's state as far as admission depends on it; counted by `b2bua`, judged here.
struct Load {
    bool draining{};
    bool no_capacity{};
    std::uint32_t retry_after{};  ///< seconds, 2–10, drawn by the caller
};

/// A request that was let in.
struct Pass {
    Peer peer;
    std::uint32_t max_forwards{};  ///< as received; at least 1 for INVITE
};

/// The methods we know, as they stand in Allow (RFC 3261 §20.5) and in a 405.
inline constexpr std::string_view kAllow = "INVITE, ACK, CANCEL, BYE, OPTIONS";

/// Judges an out-of-dialog request of a known peer. In this order: draining and capacity (INVITE
/// and OPTIONS: 503 with Retry-After), a well-formed From, To, top Via, Request-URI and, for an
/// INVITE whose branch is not of RFC 2543, Contact (400 `bad_request`; 416 for the scheme of the
/// Request-URI), the method (405 `method` with Allow), Max-Forwards 0 (483
/// `too_many_hops`; OPTIONS may be answered), Require (420 `bad_extension` with Unsupported). BYE
/// and other in-dialog methods without a dialog never come here: they are 481. Unsupported lists
/// what was required, no more: no extension is supported. Proxy-Require binds proxies, not us (RFC
/// 3261 §8.2.2.3). A source that is nobody's is 403 `unknown_source`; whether it is told so is the
/// caller's affair.
[[nodiscard]] Verdict<Pass> judge(const Rules& rules, const Load& load, const sip::Source& from,
                                  const sip::Message& request);

}  // namespace causeway::admission
