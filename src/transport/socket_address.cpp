#include "socket_address.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace causeway::transport {
namespace {

constexpr std::size_t kMappedPrefix = 12;  ///< bytes before the IPv4 address in a mapped one

}  // namespace

int family(const IpAddress& ip) {
    return ip.is_v4() ? AF_INET : AF_INET6;
}

SocketAddress::SocketAddress(const Endpoint& endpoint) {
    if (endpoint.ip.is_v4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(endpoint.port);
        std::memcpy(&v4.sin_addr, endpoint.ip.bytes.data() + kMappedPrefix, sizeof v4.sin_addr);
        std::memcpy(&bytes_, &v4, sizeof v4);
        size_ = sizeof v4;
        return;
    }
    bytes_.sin6_family = AF_INET6;
    bytes_.sin6_port = htons(endpoint.port);
    std::memcpy(&bytes_.sin6_addr, endpoint.ip.bytes.data(), sizeof bytes_.sin6_addr);
}

Endpoint SocketAddress::endpoint() const {
    Endpoint endpoint;
    if (bytes_.sin6_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &bytes_, sizeof v4);
        endpoint.ip = IpAddress::v4(0, 0, 0, 0);
        std::memcpy(endpoint.ip.bytes.data() + kMappedPrefix, &v4.sin_addr, sizeof v4.sin_addr);
        endpoint.port = ntohs(v4.sin_port);
    } else if (bytes_.sin6_family == AF_INET6) {
        std::memcpy(endpoint.ip.bytes.data(), &bytes_.sin6_addr, sizeof bytes_.sin6_addr);
        endpoint.port = ntohs(bytes_.sin6_port);
    }
    return endpoint;
}

}  // namespace causeway::transport
