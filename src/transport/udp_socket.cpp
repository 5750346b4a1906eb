#include "udp_socket.hpp"

#include "socket_address.hpp"
#include "socket_setup.hpp"

#include "causeway/base/log.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace causeway::transport {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

/// Path MTU discovery is off: an answer larger than the path's MTU leaves in fragments instead of
/// not at all.
bool set_up(int fd, int socket_family) {
    // How long a datagram waited; where the kernel has none it counts as not at all.
    set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    if (socket_family == AF_INET) {
        return set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT) &&
               set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
    }
    return set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
           set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT) &&
           set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
}

/// The forced option passes the system's limit and needs CAP_NET_ADMIN.
void set_buffer(int fd, int forced, int plain, int bytes) {
    if (!set_option(fd, SOL_SOCKET, forced, bytes)) {
        set_option(fd, SOL_SOCKET, plain, bytes);
    }
}

void set_buffers(int fd, const Endpoint& local, int bytes) {
    set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, bytes);
    set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, bytes);
    int doubled = 0;  // socket(7): the kernel reports twice what was asked
    socklen_t size = sizeof doubled;
    if (::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &doubled, &size) == 0 && doubled / 2 < bytes) {
        log::warn("transport.small_buffer",
                  {{"local", local.to_string()}, {"bytes", doubled / 2}, {"wanted", bytes}});
    }
}

}  // namespace

Result<Descriptor> open_udp(boost::asio::io_context& io, const Endpoint& local, int buffer) {
    const int socket_family = family(local.ip);
    const int fd = ::socket(socket_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return cannot_listen(local, sip::Transport::Udp, errno);
    }
    Descriptor descriptor(io);
    boost::system::error_code not_watched;
    descriptor.assign(fd, not_watched);
    if (not_watched) {
        ::close(fd);
        return cannot_listen(local, sip::Transport::Udp, not_watched.value());
    }
    const SocketAddress address(local);
    if (!set_up(fd, socket_family) || ::bind(fd, address.data(), address.size()) != 0) {
        return cannot_listen(local, sip::Transport::Udp, errno);
    }
    set_buffers(fd, local, buffer);
    return descriptor;
}

}  // namespace causeway::transport
