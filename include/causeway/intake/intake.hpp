#pragma once

#include "causeway/admission/admission.hpp"
#include "causeway/config/config.hpp"
#include "causeway/routing/table.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/verdict.hpp"
#include "causeway/tenant/directory.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The four stages in order: admission, normalize, tenant, routing. Pure: the live call and
/// `explain` run the same code.
namespace causeway::intake {

/// All a call needs of the configuration, by value: it never holds a snapshot.
struct Plan {
    std::string carrier;
    InterfaceId interface;  ///< leg a's
    tenant::Tenant tenant;
    sip::Parties parties;
    routing::Route route;
    std::string x_to_ip;                    ///< PRODUCT §4.6; may be empty
    std::uint32_t max_forwards{};           ///< for leg b: what came, less one (RFC 3261 §16.6)
    std::vector<sip::Header> pass_headers;  ///< leg a's headers that leg b carries, in their order
    config::CallTimers timers;
};

/// Headers that pass from every carrier, since LiveKit turns them into attributes (PRODUCT §4.6);
/// lower-case.
bool is_provider_header(std::string_view name);
/// Headers of our own that never pass from leg a: X-To-IP, X-Tenant-ID and the others of PRODUCT
/// §4.6.
bool is_own_header(std::string_view name);

/// Admission alone, for every out-of-dialog request (PRODUCT §4.2).
using admission::judge;

/// The stages after admission, for an INVITE on a carrier-side interface that was let in.
Verdict<Plan> plan(const config::Snapshot& config, const admission::Pass& pass,
                   const sip::Source& from, const sip::Message& invite);

}  // namespace causeway::intake
