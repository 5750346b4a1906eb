#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"

/// What opening a UDP and a TCP socket have in common.
namespace causeway::transport {

/// setsockopt(2) of an int.
bool set_option(int fd, int level, int name, int value);

/// The error of an address that cannot be listened on: names it, and who holds it where that can be
/// seen. `code` is errno's.
tl::unexpected<Error> cannot_listen(const Endpoint& local, sip::Transport transport, int code);

/// Where the socket is bound.
Endpoint local_endpoint(int fd);

}  // namespace causeway::transport
