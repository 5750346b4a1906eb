#pragma once

#include "causeway/config/config.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"

namespace causeway::call {

/// What would become of an INVITE outside any dialog, and why: all stages, and what the call then
/// says of its offer. What depends on the moment (load, merged requests) or on the gateways is left
/// out. Pure.
[[nodiscard]] intake::Explanation explain(const config::Snapshot& config, const sip::Source& from,
                                          const sip::Message& invite);

}  // namespace causeway::call
