#pragma once

#include "causeway/admission/admission.hpp"
#include "causeway/base/time.hpp"
#include "causeway/config/config.hpp"
#include "causeway/routing/table.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/verdict.hpp"
#include "causeway/tenant/directory.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
    std::optional<Millis> expires;  ///< how long leg a's invitation holds (RFC 3261 §13.3.1)
    bool operator==(const Plan&) const = default;
};

/// Headers that pass from every carrier, since LiveKit turns them into attributes (PRODUCT §4.6).
/// The name in any case.
bool is_provider_header(std::string_view name);
/// Headers of our own that never pass from leg a: X-To-IP, X-Tenant-ID and the others of PRODUCT
/// §4.6. The name in any case.
bool is_own_header(std::string_view name);
/// Fields of SIP itself, or of the body: each leg has its own, none can be copied. The name in any
/// case.
bool is_reserved_header(std::string_view name);

/// What of leg a's headers one leg b carries at most; what is beyond stays behind.
inline constexpr std::size_t kPassedHeaders = 32;
inline constexpr std::size_t kPassedBytes = 4096;  ///< names and values together

/// Admission alone, for every out-of-dialog request (PRODUCT §4.2).
using admission::judge;

/// What one stage said, for people.
struct Step {
    Stage stage{};
    std::string_view reason;  ///< the rejection's token; empty: passed
    std::string detail;
};

/// How a verdict came about.
struct Trace {
    std::vector<Step> steps;  ///< in order; the last one may be the rejection
    sip::Parties parties;     ///< as far as it came
    std::vector<routing::Skipped> skipped;
};

/// The stages after admission, for an INVITE on a carrier-side interface that was let in. 404
/// `unknown_did` if the tenant was found by its domain and does not take the number. A peer that is
/// no carrier: 403 `destination_not_allowed`, since nothing is placed for groups yet.
/// `trace`, if given, gets a step for each stage that let the call pass.
[[nodiscard]] Verdict<Plan> plan(const config::Snapshot& config, const admission::Pass& pass,
                                 const sip::Source& from, const sip::Message& invite,
                                 Trace* trace = nullptr);

/// What would become of an INVITE, and why.
struct Explanation {
    Trace trace;
    Verdict<Plan> verdict;
};

/// Runs all stages, as a call does; only what depends on the moment (load, merged requests) is left
/// out.
[[nodiscard]] Explanation explain(const config::Snapshot& config, const sip::Source& from,
                                  const sip::Message& invite);

}  // namespace causeway::intake
