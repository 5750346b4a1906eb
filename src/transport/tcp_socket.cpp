#include "tcp_socket.hpp"

#include "socket_address.hpp"
#include "socket_setup.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace causeway::transport {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

constexpr int kBacklog = 1024;
/// A peer that vanished without a word is noticed after kProbeAfter + kProbes · kProbeInterval
/// seconds of silence, and after kUnacknowledged if something was sent to it.
constexpr int kProbeAfter = 60;
constexpr int kProbeInterval = 10;
constexpr int kProbes = 3;
constexpr int kUnacknowledged = 32'000;  // ms: 64·T1

/// A new socket in the loop's care, or errno.
Result<Descriptor, int> open_socket(boost::asio::io_context& io, const Endpoint& local) {
    const int socket_family = family(local.ip);
    const int fd = ::socket(socket_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return tl::make_unexpected(errno);
    }
    auto descriptor = adopt_connection(io, fd);
    if (!descriptor) {
        return tl::make_unexpected(ENOMEM);
    }
    if ((socket_family == AF_INET6 && !set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) ||
        !set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1)) {
        return tl::make_unexpected(errno);
    }
    return *std::move(descriptor);
}

bool bind_to(int fd, const Endpoint& local) {
    const SocketAddress address(local);
    return ::bind(fd, address.data(), address.size()) == 0;
}

/// One try; the error is errno's.
Result<Descriptor, int> connect_from(boost::asio::io_context& io, const Endpoint& local,
                                     const Endpoint& peer) {
    auto descriptor = open_socket(io, local);
    if (!descriptor) {
        return descriptor;
    }
    const int fd = descriptor->native_handle();
    const SocketAddress to(peer);
    if (!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) || !bind_to(fd, local) ||
        (::connect(fd, to.data(), to.size()) != 0 && errno != EINPROGRESS)) {
        return tl::make_unexpected(errno);
    }
    return descriptor;
}

}  // namespace

std::optional<Descriptor> adopt_connection(boost::asio::io_context& io, int fd) {
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, kProbeAfter);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, kProbeInterval);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledged);
    Descriptor descriptor(io);
    boost::system::error_code not_watched;
    descriptor.assign(fd, not_watched);
    if (not_watched) {
        ::close(fd);
        return std::nullopt;
    }
    return descriptor;
}

Result<Descriptor> open_listener(boost::asio::io_context& io, const Endpoint& local) {
    auto descriptor = open_socket(io, local);
    if (!descriptor) {
        return cannot_listen(local, sip::Transport::Tcp, descriptor.error());
    }
    const int fd = descriptor->native_handle();
    // SO_REUSEPORT only now: asked for before bind, a second daemon could have the port too.
    if (!bind_to(fd, local) || ::listen(fd, kBacklog) != 0 ||
        !set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) {
        return cannot_listen(local, sip::Transport::Tcp, errno);
    }
    return *std::move(descriptor);
}

Result<Descriptor> open_connection(boost::asio::io_context& io, const Endpoint& local,
                                   const Endpoint& peer) {
    auto descriptor = connect_from(io, local, peer);
    if (!descriptor && (descriptor.error() == EADDRNOTAVAIL || descriptor.error() == EADDRINUSE)) {
        descriptor = connect_from(io, {local.ip, 0}, peer);
    }
    if (!descriptor) {
        return fail(Errc::Io, peer.to_string() +
                                  "/tcp: " + std::system_category().message(descriptor.error()));
    }
    return *std::move(descriptor);
}

}  // namespace causeway::transport
