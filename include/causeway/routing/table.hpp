#pragma once

#include "causeway/base/id.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/uri.hpp"
#include "causeway/sip/verdict.hpp"

#include <cstdint>
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
    bool operator==(const Gateway&) const = default;
};

/// One attempt.
using Target = Gateway;

struct Route {
    std::vector<Target> targets;  ///< in order of trial; never empty
};

struct Group {
    std::string name;
    InterfaceId interface;          ///< livekit side
    std::vector<Gateway> gateways;  ///< in order of trial
};

/// Thread: immutable once built.
struct Table {
    std::vector<Group> groups;
    std::vector<std::vector<std::uint32_t>>
        tenant_groups;  ///< by TenantId.value − 1: positions in `groups`
};

/// Attempts for this tenant: the enabled gateways of its groups in order. 503 `no_gateway` if there
/// is none.
[[nodiscard]] Verdict<Route> decide(const Table& table, TenantId tenant);

}  // namespace causeway::routing
