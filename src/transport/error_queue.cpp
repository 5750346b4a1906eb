#include "error_queue.hpp"

#include "socket_address.hpp"

#include <linux/errqueue.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace causeway::transport {
namespace {

/// EACCES is ICMPv6's "administratively prohibited", which ICMPv4 calls host unreachable.
bool is_unreachable(const sock_extended_err& error) {
    const bool from_network =
        error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
    return from_network && (error.ee_errno == ECONNREFUSED || error.ee_errno == EHOSTUNREACH ||
                            error.ee_errno == ENETUNREACH || error.ee_errno == EACCES);
}

bool is_error(const cmsghdr& header) {
    return (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR) ||
           (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
}

}  // namespace

std::optional<Returned> read_error_queue(int fd) {
    thread_local std::array<char, 2048> payload;
    alignas(cmsghdr) std::array<char, 512> control;
    SocketAddress to;
    iovec vector{.iov_base = payload.data(), .iov_len = payload.size()};
    msghdr header{};
    header.msg_name = to.data();
    header.msg_namelen = SocketAddress::capacity();
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (size < 0) {
        return std::nullopt;
    }
    Returned returned{.to = to.endpoint(),
                      .bytes = {payload.data(), static_cast<std::size_t>(size)},
                      .is_unreachable = false};
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr;
         item = CMSG_NXTHDR(&header, item)) {
        if (is_error(*item)) {
            sock_extended_err error{};
            std::memcpy(&error, CMSG_DATA(item), sizeof error);
            returned.is_unreachable = is_unreachable(error);
        }
    }
    return returned;
}

}  // namespace causeway::transport
