#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/transaction/layer.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace causeway::transport {

/// Which key the datagrams sent of late went out under. An ICMP error brings back the beginning of
/// the datagram that caused it (RFC 1812 §4.3.2.3), and only who knows that beginning can name it:
/// our branch stands there and is not guessable, so a forged error finds nothing. Nor does one from
/// a router that returns fewer bytes than we compare; there the transaction's timer decides.
/// Four places a hash: the newest datagram takes the oldest one's, whose loss the timer notices.
/// Thread: one.
class SentIndex {
public:
    void remember(transaction::Key key, const Endpoint& to, std::string_view bytes);
    /// The key of the datagram to this peer that begins with `returned`.
    [[nodiscard]] std::optional<transaction::Key> find(const Endpoint& to,
                                                       std::string_view returned) const;

private:
    static constexpr std::size_t kSets = 2048;
    static constexpr std::size_t kPlaces = 4;  ///< a set fills one cache line

    struct Place {
        std::uint64_t digest{};
        transaction::Key key;
    };
    using Set = std::array<Place, kPlaces>;  ///< newest first
    std::array<Set, kSets> sets_{};
};

}  // namespace causeway::transport
