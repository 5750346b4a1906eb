#pragma once

#include "causeway/base/endpoint.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <bit>
#include <cstring>

namespace causeway::test {

/// An address as the socket calls want it, of either family. Written apart from those of
/// causeway::transport and causeway::relay, which are tested with it.
class SockAddr {
public:
    /// Room for an address that is to be filled in.
    SockAddr() = default;
    explicit SockAddr(const Endpoint& endpoint) {
        if (!endpoint.ip.is_v4()) {
            v6_.sin6_family = AF_INET6;
            v6_.sin6_port = htons(endpoint.port);
            std::memcpy(&v6_.sin6_addr, endpoint.ip.bytes.data(), sizeof v6_.sin6_addr);
            return;
        }
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, endpoint.ip.bytes.data() + 12, sizeof v4.sin_addr);
        std::memcpy(&v6_, &v4, sizeof v4);
        size_ = sizeof v4;
    }

    [[nodiscard]] int family() const { return v6_.sin6_family; }
    [[nodiscard]] sockaddr* get() { return std::bit_cast<sockaddr*>(&v6_); }
    [[nodiscard]] socklen_t* size() { return &size_; }
    [[nodiscard]] Endpoint endpoint() const {
        Endpoint endpoint;
        endpoint.port = ntohs(v6_.sin6_port);  // at the same place in both
        if (v6_.sin6_family == AF_INET6) {
            std::memcpy(endpoint.ip.bytes.data(), &v6_.sin6_addr, sizeof v6_.sin6_addr);
        } else {
            sockaddr_in v4{};
            std::memcpy(&v4, &v6_, sizeof v4);
            endpoint.ip = IpAddress::v4(0, 0, 0, 0);
            std::memcpy(endpoint.ip.bytes.data() + 12, &v4.sin_addr, sizeof v4.sin_addr);
        }
        return endpoint;
    }

private:
    sockaddr_in6 v6_{};  ///< the larger of the two
    socklen_t size_{sizeof(sockaddr_in6)};
};

}  // namespace causeway::test
