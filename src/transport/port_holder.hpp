#pragma once

#include "causeway/base/endpoint.hpp"

#include <string>

namespace causeway::transport {

/// Which process holds this UDP address (or a wildcard over it): `kamailio (pid 812)`, or nothing
/// where /proc does not show it to us. Slow; for the message of a failed start.
std::string udp_holder(const Endpoint& endpoint);

}  // namespace causeway::transport
