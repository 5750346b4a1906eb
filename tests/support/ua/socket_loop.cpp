#include "support/ua/socket_loop.hpp"

#include "support/sockaddr.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace causeway::testing {
namespace {

constexpr Millis kGlance{10};

}  // namespace

SocketLoop::~SocketLoop() {
    for (const Socket& socket : sockets_) {
        ::close(socket.descriptor);
    }
}

Result<Endpoint> SocketLoop::bind(const Endpoint& address) {
    test::SockAddr at(address);
    const int descriptor = ::socket(at.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return fail(Errc::Exhausted, "socket: " + std::generic_category().message(errno));
    }
    constexpr int kBuffer = 1 << 20;
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer);
    if (::bind(descriptor, at.get(), *at.size()) != 0) {
        const int error = errno;
        ::close(descriptor);
        return fail(Errc::Io, address.to_string() + ": " + std::generic_category().message(error));
    }
    ::getsockname(descriptor, at.get(), at.size());
    sockets_.push_back({.descriptor = descriptor, .local = at.endpoint()});
    return sockets_.back().local;
}

Result<Endpoint> SocketLoop::bind_even(const IpAddress& ip) {
    for (int attempt = 0; attempt < 64; ++attempt) {
        CAUSEWAY_TRY(const Endpoint got, bind({ip, 0}));
        if (got.port % 2 == 0) {
            return got;
        }
        ::close(sockets_.back().descriptor);
        sockets_.pop_back();
    }
    return fail(Errc::Exhausted, ip.to_string() + ": no even port is free");
}

void SocketLoop::join(Party& party, const Endpoint& sip, const std::vector<std::uint16_t>& rtp) {
    parties_.push_back(&party);
    for (Socket& socket : sockets_) {
        const bool is_rtp = socket.local.ip == sip.ip &&
                            std::find(rtp.begin(), rtp.end(), socket.local.port) != rtp.end();
        if (socket.local == sip || is_rtp) {
            socket.party = &party;
            socket.is_sip = socket.local == sip;
        }
    }
}

bool SocketLoop::run(Millis span, const std::function<bool()>& done) {
    const Time end = now() + span;
    flush();
    while (!done()) {
        if (now() >= end) {
            return false;
        }
        // `done` may look at a file or a process, which wake no poll.
        wait(std::min({end, earliest(), now() + kGlance}));
        for (Party* party : parties_) {
            if (party->deadline() && *party->deadline() <= now()) {
                party->advance(now());
            }
        }
        flush();
    }
    return true;
}

SocketLoop::Socket* SocketLoop::find(const Endpoint& local) {
    for (Socket& socket : sockets_) {
        if (socket.local == local) {
            return &socket;
        }
    }
    return nullptr;
}

Time SocketLoop::earliest() const {
    Time next = Time::max();
    for (const Party* party : parties_) {
        next = std::min(next, party->deadline().value_or(Time::max()));
    }
    return next;
}

void SocketLoop::flush() {
    for (Party* party : parties_) {
        while (auto datagram = party->poll()) {
            const Socket* socket = find(datagram->from);
            if (socket == nullptr) {
                continue;
            }
            test::SockAddr to(datagram->to);
            // A lost datagram is what the parties' own timers are for.
            static_cast<void>(::sendto(socket->descriptor, datagram->bytes.data(),
                                       datagram->bytes.size(), 0, to.get(), *to.size()));
        }
    }
}

void SocketLoop::wait(Time until) {
    std::vector<pollfd> waiting;
    for (const Socket& socket : sockets_) {
        waiting.push_back({.fd = socket.descriptor, .events = POLLIN, .revents = 0});
    }
    const auto left =
        std::max(std::chrono::nanoseconds{0}, std::chrono::nanoseconds{until - now()});
    const timespec timeout{.tv_sec = static_cast<time_t>(left.count() / 1'000'000'000),
                           .tv_nsec = static_cast<long>(left.count() % 1'000'000'000)};
    if (::ppoll(waiting.data(), waiting.size(), &timeout, nullptr) <= 0) {
        return;
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (waiting[i].revents != 0) {
            drain(sockets_[i]);
        }
    }
}

void SocketLoop::drain(const Socket& socket) {
    std::array<char, 65'536> buffer{};
    for (int count = 0; count < 64; ++count) {
        test::SockAddr from;
        const ssize_t length =
            ::recvfrom(socket.descriptor, buffer.data(), buffer.size(), 0, from.get(), from.size());
        if (length < 0) {
            if (errno == ECONNREFUSED || errno == EINTR) {
                continue;
            }
            return;
        }
        if (socket.party == nullptr) {
            continue;
        }
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(length));
        if (socket.is_sip) {
            socket.party->on_sip(bytes, from.endpoint(), now());
        } else {
            socket.party->on_rtp(socket.local.port, bytes, from.endpoint(), now());
        }
    }
}

}  // namespace causeway::testing
