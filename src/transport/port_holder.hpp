#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/sip/types.hpp"

#include <string>

namespace causeway::transport {

/// Which process holds this address (or a wildcard over it): `kamailio (pid 812)`, or nothing where
/// /proc does not show it to us. Slow; for the message of a failed start.
std::string port_holder(const Endpoint& endpoint, sip::Transport transport);

}  // namespace causeway::transport
