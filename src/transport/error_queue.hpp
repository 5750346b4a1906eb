#pragma once

#include "causeway/base/endpoint.hpp"

#include <optional>
#include <string_view>

namespace causeway::transport {

/// A datagram that the network sent back.
struct Returned {
    Endpoint to;             ///< where we had sent it
    std::string_view bytes;  ///< its beginning; holds until the next read
    bool is_unreachable{};   ///< port, host or network: nothing sent there arrives now
};

/// Takes the oldest entry of the socket's error queue (ip(7), IP_RECVERR), which also clears the
/// pending error it stands for; nothing: the queue is empty.
std::optional<Returned> read_error_queue(int fd);

}  // namespace causeway::transport
