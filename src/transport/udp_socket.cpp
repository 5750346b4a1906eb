#include "udp_socket.hpp"

#include "port_holder.hpp"
#include "socket_address.hpp"

#include "causeway/base/log.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace causeway::transport {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

bool set(int fd, int level, int name, int value) {
    return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/// Path MTU discovery is off: an answer larger than the path's MTU leaves in fragments instead of
/// not at all.
bool set_up(int fd, int socket_family) {
    if (socket_family == AF_INET) {
        return set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT) &&
               set(fd, IPPROTO_IP, IP_RECVERR, 1);
    }
    return set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
           set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT) &&
           set(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
}

/// The forced option passes the system's limit and needs CAP_NET_ADMIN.
void set_buffer(int fd, int forced, int plain, int bytes) {
    if (!set(fd, SOL_SOCKET, forced, bytes)) {
        set(fd, SOL_SOCKET, plain, bytes);
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

tl::unexpected<Error> refused(const Endpoint& local, int code) {
    const std::string name = local.to_string() + "/udp";
    if (code != EADDRINUSE) {
        return fail(Errc::Io, name + ": " + std::system_category().message(code));
    }
    const std::string holder = udp_holder(local);
    return fail(Errc::Io, name + " is in use" + (holder.empty() ? "" : " by " + holder));
}

}  // namespace

Result<Descriptor> open_udp(boost::asio::io_context& io, const Endpoint& local, int buffer) {
    const int socket_family = family(local.ip);
    const int fd = ::socket(socket_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return refused(local, errno);
    }
    Descriptor descriptor(io);
    boost::system::error_code not_watched;
    descriptor.assign(fd, not_watched);
    if (not_watched) {
        ::close(fd);
        return refused(local, not_watched.value());
    }
    const SocketAddress address(local);
    if (!set_up(fd, socket_family) || ::bind(fd, address.data(), address.size()) != 0) {
        return refused(local, errno);
    }
    set_buffers(fd, local, buffer);
    return descriptor;
}

Endpoint local_endpoint(int fd) {
    SocketAddress address;
    socklen_t size = SocketAddress::capacity();
    if (::getsockname(fd, address.data(), &size) != 0) {
        return {};
    }
    return address.endpoint();
}

}  // namespace causeway::transport
