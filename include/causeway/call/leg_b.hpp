#pragma once

#include "causeway/base/id.hpp"
#include "causeway/config/config.hpp"
#include "causeway/dialog/leg.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/routing/table.hpp"

#include <string>

namespace causeway::call {

/// What a new leg b is made of besides the plan.
struct LegB {
    CallId call;
    std::string call_id;    ///< fresh for every attempt (PRODUCT §4.6)
    std::string local_tag;  ///< likewise
    std::string contact;    ///< our Contact on the gateway's interface
    std::string host;       ///< our advertised address there, as it stands in a URI
    std::string offer;
};

/// The INVITE of leg b exactly as PRODUCT §4.6 has it: gateway's URI with the called user, To and
/// From without parameters, our own headers, the headers that pass; nothing else of leg a.
dialog::Invitation make_invitation(const intake::Plan& plan, const routing::Target& target,
                                   LegB leg);

/// Our Contact on an interface: `<sip:203.0.113.50:5080;transport=udp>`.
std::string contact_of(const config::Interface& interface, sip::Transport transport);

/// The call id as it stands in X-Causeway-Call-ID, logs and CDRs: 16 hex digits.
std::string to_text(CallId id);

}  // namespace causeway::call
