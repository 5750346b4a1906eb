#include "causeway/transport/probe.hpp"

#include "port_holder.hpp"
#include "socket_address.hpp"
#include "socket_setup.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace causeway::transport {
namespace {

/// errno of the attempt, or 0.
int try_to_bind(const Endpoint& local, sip::Transport transport) {
    const bool is_udp = transport == sip::Transport::Udp;
    const int fd =
        ::socket(family(local.ip), (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    const SocketAddress address(local);
    // As the listeners are opened: a connection in TIME_WAIT is nobody's listener.
    const bool is_set = (local.ip.is_v4() || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
                        (is_udp || set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1));
    const int error = is_set && ::bind(fd, address.data(), address.size()) == 0 ? 0 : errno;
    ::close(fd);
    return error;
}

}  // namespace

std::optional<Obstacle> obstacle_at(const Endpoint& local, sip::Transport transport) {
    const int error = try_to_bind(local, transport);
    if (error == 0) {
        return std::nullopt;
    }
    Obstacle obstacle{error, {}, cannot_listen(local, transport, error).value().what};
    if (error == EADDRINUSE) {
        obstacle.holder = port_holder(local, transport);
    }
    return obstacle;
}

}  // namespace causeway::transport
