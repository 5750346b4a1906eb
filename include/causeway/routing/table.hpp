#pragma once

#include "causeway/base/id.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/uri.hpp"
#include "causeway/sip/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Where a call goes (PRODUCT §4.5).
namespace causeway::routing {

/// What the far end is. What LiveKit does differently belongs to the gateway's kind, never to the
/// daemon.
enum class Kind : std::uint8_t { Livekit, Generic };

/// One SIP URI that calls go to.
struct Gateway {
    std::string group;  ///< the group's name
    std::string name;   ///< unique in its group
    Kind kind{};
    sip::Uri uri;
    sip::Target address;              ///< where its messages go
    std::vector<std::string> codecs;  ///< names in order of preference; empty: the offerer's
    bool enabled{true};               ///< false: never tried
    std::uint32_t priority{};         ///< higher first
    std::uint32_t weight{50};         ///< share among equal priorities; not used yet
    bool operator==(const Gateway&) const = default;
};

/// One attempt.
using Target = Gateway;

struct Route {
    std::vector<Target> targets;  ///< in order of trial; never empty
    bool operator==(const Route&) const = default;
};

struct Group {
    std::string name;
    InterfaceId interface;          ///< livekit side
    std::vector<Gateway> gateways;  ///< in order of trial: by priority, then as configured
};

/// Thread: immutable once built.
struct Table {
    std::vector<Group> groups;
    std::vector<std::vector<std::uint32_t>>
        tenant_groups;                          ///< by TenantId.value − 1: positions in `groups`
    std::optional<std::uint32_t> backup_group;  ///< position of the group that everybody has last
};

/// A gateway that would have been next, and why it is not tried.
struct Skipped {
    std::string gateway;   ///< group/name
    std::string_view why;  ///< constant
};

/// Attempts for this tenant: the enabled gateways of its groups in order, then of the backup group
/// where that is none of its own. 503 `no_gateway` if there is none. `skipped`, if given, gets the
/// others.
[[nodiscard]] Verdict<Route> decide(const Table& table, TenantId tenant,
                                    std::vector<Skipped>* skipped = nullptr);

}  // namespace causeway::routing
