#include "stream_acceptor.hpp"

#include "socket_address.hpp"
#include "socket_setup.hpp"
#include "tcp_socket.hpp"

#include "causeway/base/log.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace causeway::transport {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

/// Accepted before the loop turns to other sockets again.
constexpr int kAcceptsPerWakeup = 32;
constexpr std::chrono::milliseconds kPause{100};

/// A connection that died before it was accepted says nothing about the listener (accept(2)).
bool is_of_one_connection(int error) {
    switch (error) {
        case ECONNABORTED:
        case EINTR:
        case EPERM:
        case EPROTO:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH:
            return true;
        default:
            return false;
    }
}

}  // namespace

StreamAcceptor::StreamAcceptor(boost::asio::io_context& io, Descriptor socket,
                               InterfaceId interface, Owner& owner)
    : io_(io),
      socket_(std::move(socket)),
      pause_(io),
      interface_(interface),
      local_(local_endpoint(socket_.native_handle())),
      owner_(owner) {
    wait();
}

void StreamAcceptor::wait() {
    socket_.async_wait(Descriptor::wait_read, [this, alive = std::weak_ptr<const bool>(alive_)](
                                                  const boost::system::error_code& cancelled) {
        if (!cancelled && !alive.expired() && socket_.is_open()) {
            accept();
        }
    });
}

void StreamAcceptor::accept() {
    for (int i = 0; i < kAcceptsPerWakeup && socket_.is_open(); ++i) {
        SocketAddress peer;
        socklen_t size = SocketAddress::capacity();
        const int fd =
            ::accept4(socket_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            paused_before_ = false;
            if (auto socket = adopt_connection(io_, fd)) {
                owner_.on_accepted(*std::move(socket), peer.endpoint(), interface_);
            }
        } else if (errno == EAGAIN) {
            break;
        } else if (!is_of_one_connection(errno)) {
            pause(errno);
            return;
        }
    }
    if (socket_.is_open()) {
        wait();
    }
}

void StreamAcceptor::pause(int error) {
    if (!std::exchange(paused_before_, true)) {
        log::error("transport.accept_failed", {{"local", local_.to_string()},
                                               {"error", std::system_category().message(error)}});
    }
    pause_.expires_after(kPause);
    pause_.async_wait([this, alive = std::weak_ptr<const bool>(alive_)](
                          const boost::system::error_code& cancelled) {
        if (!cancelled && !alive.expired() && socket_.is_open()) {
            accept();
        }
    });
}

void StreamAcceptor::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    pause_.cancel();
}

}  // namespace causeway::transport
