#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/sip/types.hpp"

#include <optional>
#include <string>

namespace causeway::transport {

/// Why an address and port cannot be listened on.
struct Obstacle {
    int error{};         ///< errno of the attempt: EADDRINUSE, EACCES, …
    std::string holder;  ///< EADDRINUSE: `NAME (pid N)`; empty: it cannot be seen from here
    std::string what;    ///< for humans: `127.0.0.1:5060/udp is in use by nginx (pid 7)`
};

/// Binds the address as `make_wire` would (TCP for TLS) and lets go of it at once; empty: it is
/// free. What runs is not disturbed: nothing is listened on. Thread: any.
[[nodiscard]] std::optional<Obstacle> obstacle_at(const Endpoint& local, sip::Transport transport);

}  // namespace causeway::transport
