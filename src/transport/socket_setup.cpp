#include "socket_setup.hpp"

#include "port_holder.hpp"
#include "socket_address.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace causeway::transport {

bool set_option(int fd, int level, int name, int value) {
    return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

tl::unexpected<Error> cannot_listen(const Endpoint& local, sip::Transport transport, int code) {
    const std::string name = local.to_string() + "/" + std::string(sip::uri_name(transport));
    if (code != EADDRINUSE) {
        return fail(Errc::Io, name + ": " + std::system_category().message(code));
    }
    const std::string holder = port_holder(local, transport);
    return fail(Errc::Io, name + " is in use" + (holder.empty() ? "" : " by " + holder));
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
