#include "socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace causeway::relay {
namespace {

/// 0.8 s of G.711: a stalled relay must not replay more than that (the default would hold 5 s).
constexpr int kReceiveBuffer = 16384;

constexpr std::size_t kV4Offset = 12;  // of the IPv4 octets in a v4-mapped address

/// Room for both families, and no more: one is filled per packet.
union Address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

socklen_t length_of(int family) {
    return family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

Address to_address(const Endpoint& endpoint, int family) {
    Address address{};
    if (family == AF_INET) {
        address.v4 = {};
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons(endpoint.port);
        std::memcpy(&address.v4.sin_addr, endpoint.ip.bytes.data() + kV4Offset,
                    sizeof address.v4.sin_addr);
    } else {
        address.v6 = {};
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons(endpoint.port);
        std::memcpy(&address.v6.sin6_addr, endpoint.ip.bytes.data(), sizeof address.v6.sin6_addr);
    }
    return address;
}

Endpoint to_endpoint(const Address& address, int family) {
    Endpoint endpoint;
    if (family == AF_INET) {
        endpoint.ip.bytes[10] = 0xff;
        endpoint.ip.bytes[11] = 0xff;
        std::memcpy(endpoint.ip.bytes.data() + kV4Offset, &address.v4.sin_addr,
                    sizeof address.v4.sin_addr);
        endpoint.port = ntohs(address.v4.sin_port);
    } else {
        std::memcpy(endpoint.ip.bytes.data(), &address.v6.sin6_addr, sizeof address.v6.sin6_addr);
        endpoint.port = ntohs(address.v6.sin6_port);
    }
    return endpoint;
}

void set_option(int fd, int level, int name, int value) {
    // None of them is vital: a refused one costs quality of service, not the call.
    (void)::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

Socket::~Socket() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

Socket& Socket::operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(family_, other.family_);
    std::swap(is_connected_, other.is_connected_);
    return *this;
}

Result<Socket, int> Socket::bind(const Binding& binding) {
    const int family = binding.local.ip.is_v4() ? AF_INET : AF_INET6;
    Socket socket(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), family);
    if (socket.fd_ < 0) {
        return tl::unexpected<int>(errno);
    }
    set_option(socket.fd_, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
    const int traffic_class = binding.dscp << 2;
    if (family == AF_INET) {
        set_option(socket.fd_, IPPROTO_IP, IP_TOS, traffic_class);
    } else {
        set_option(socket.fd_, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        set_option(socket.fd_, IPPROTO_IPV6, IPV6_TCLASS, traffic_class);
    }
    const Address address = to_address(binding.local, family);
    if (::bind(socket.fd_, &address.any, length_of(family)) != 0) {
        return tl::unexpected<int>(errno);
    }
    return socket;
}

std::optional<Datagram> Socket::receive(std::span<std::byte> buffer) noexcept {
    // The source is read on connected sockets too: what was queued before `connect` may be
    // anybody's.
    Address from{};
    socklen_t length = sizeof from;
    const ssize_t size =
        ::recvfrom(fd_, buffer.data(), buffer.size(), MSG_TRUNC, &from.any, &length);
    if (size < 0) {
        return std::nullopt;  // nothing there, or an ICMP error that is now consumed
    }
    return Datagram{static_cast<std::size_t>(size), to_endpoint(from, family_)};
}

bool Socket::send(std::span<const std::byte> packet, const Endpoint& to) noexcept {
    const auto once = [&] {
        if (is_connected_) {
            return ::send(fd_, packet.data(), packet.size(), MSG_NOSIGNAL) >= 0;
        }
        if (family_ == AF_INET && !to.ip.is_v4()) {
            errno = EAFNOSUPPORT;
            return false;
        }
        const Address address = to_address(to, family_);
        return ::sendto(fd_, packet.data(), packet.size(), MSG_NOSIGNAL, &address.any,
                        length_of(family_)) >= 0;
    };
    // A pending ICMP error of an earlier packet is reported, and cleared, instead of sending.
    return once() || (errno == ECONNREFUSED && once());
}

void Socket::connect(const Endpoint& peer) noexcept {
    const Address address = to_address(peer, family_);
    is_connected_ = ::connect(fd_, &address.any, length_of(family_)) == 0;
}

void Socket::disconnect() noexcept {
    if (is_connected_) {
        sockaddr nobody{};
        nobody.sa_family = AF_UNSPEC;
        (void)::connect(fd_, &nobody, sizeof nobody);
        is_connected_ = false;
    }
}

}  // namespace causeway::relay
