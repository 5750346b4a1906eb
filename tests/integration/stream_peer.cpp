#include "stream_peer.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace causeway::testing {
namespace {

struct Address {
    sockaddr_storage bytes{};
    socklen_t size{sizeof bytes};

    Address() = default;
    explicit Address(const Endpoint& endpoint) {
        if (endpoint.ip.is_v4()) {
            sockaddr_in v4{};
            v4.sin_family = AF_INET;
            v4.sin_port = htons(endpoint.port);
            std::memcpy(&v4.sin_addr, endpoint.ip.bytes.data() + 12, 4);
            std::memcpy(&bytes, &v4, size = sizeof v4);
        } else {
            sockaddr_in6 v6{};
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(endpoint.port);
            std::memcpy(&v6.sin6_addr, endpoint.ip.bytes.data(), 16);
            std::memcpy(&bytes, &v6, size = sizeof v6);
        }
    }
    [[nodiscard]] Endpoint endpoint() const {
        if (bytes.ss_family == AF_INET) {
            sockaddr_in v4{};
            std::memcpy(&v4, &bytes, sizeof v4);
            Endpoint endpoint{IpAddress::v4(0, 0, 0, 0), ntohs(v4.sin_port)};
            std::memcpy(endpoint.ip.bytes.data() + 12, &v4.sin_addr, 4);
            return endpoint;
        }
        sockaddr_in6 v6{};
        std::memcpy(&v6, &bytes, sizeof v6);
        Endpoint endpoint{{}, ntohs(v6.sin6_port)};
        std::memcpy(endpoint.ip.bytes.data(), &v6.sin6_addr, 16);
        return endpoint;
    }
    sockaddr* data() { return reinterpret_cast<sockaddr*>(&bytes); }
};

int open_socket(const Endpoint& local) {
    const int family = local.ip.is_v4() ? AF_INET : AF_INET6;
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Address address(local);
    if (::bind(fd, address.data(), address.size) != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

}  // namespace

StreamPeer StreamPeer::connect(const Endpoint& to, const Endpoint& from) {
    int fd = open_socket(from);
    Address address(to);
    if (fd >= 0 && ::connect(fd, address.data(), address.size) != 0) {
        ::close(std::exchange(fd, -1));
    }
    return StreamPeer(fd);
}

StreamPeer& StreamPeer::operator=(StreamPeer&& other) noexcept {
    if (this != &other) {
        close();
        got_ = std::move(other.got_);
        closed_ = other.closed_;
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

Endpoint StreamPeer::local() const {
    Address address;
    ::getsockname(fd_, address.data(), &address.size);
    return address.endpoint();
}

Endpoint StreamPeer::remote() const {
    Address address;
    ::getpeername(fd_, address.data(), &address.size);
    return address.endpoint();
}

bool StreamPeer::send(std::string_view bytes) {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
           static_cast<ssize_t>(bytes.size());
}

const std::string& StreamPeer::got() {
    std::array<char, 4096> room{};
    while (fd_ >= 0 && !closed_) {
        const ssize_t count = ::recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
        if (count > 0) {
            got_.append(room.data(), static_cast<std::size_t>(count));
        } else {
            closed_ = count == 0 || errno != EAGAIN;
            break;
        }
    }
    return got_;
}

bool StreamPeer::is_closed() {
    got();
    return closed_;
}

void StreamPeer::close() {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

void StreamPeer::finish() {
    ::shutdown(fd_, SHUT_WR);
}

void StreamPeer::reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

StreamServer::StreamServer(const Endpoint& local) : fd_(open_socket(local)) {
    Address address;
    if (fd_ >= 0 && ::fcntl(fd_, F_SETFL, O_NONBLOCK) == 0 && ::listen(fd_, 64) == 0 &&
        ::getsockname(fd_, address.data(), &address.size) == 0) {
        local_ = address.endpoint();
    }
}

StreamPeer StreamServer::accept() const {
    return StreamPeer(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

void StreamServer::close() {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

}  // namespace causeway::testing
