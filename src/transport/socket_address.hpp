#pragma once

#include "causeway/base/endpoint.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

namespace causeway::transport {

/// An Endpoint as the socket calls read and write it: AF_INET for a v4-mapped address, AF_INET6
/// otherwise.
class SocketAddress {
public:
    /// Empty, with room for the kernel to fill in.
    SocketAddress() = default;
    explicit SocketAddress(const Endpoint& endpoint);

    [[nodiscard]] sockaddr* data() { return reinterpret_cast<sockaddr*>(&bytes_); }
    [[nodiscard]] const sockaddr* data() const {
        return reinterpret_cast<const sockaddr*>(&bytes_);
    }
    /// Of what is in it; of an empty one, the room.
    [[nodiscard]] socklen_t size() const { return size_; }
    static constexpr socklen_t capacity() { return sizeof(sockaddr_in6); }

    /// What the kernel wrote; unspecified if it is neither family.
    [[nodiscard]] Endpoint endpoint() const;

private:
    sockaddr_in6 bytes_{};
    socklen_t size_{capacity()};
};

/// AF_INET or AF_INET6.
int family(const IpAddress& ip);

}  // namespace causeway::transport
