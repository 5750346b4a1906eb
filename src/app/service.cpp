#include "service.hpp"

#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace causeway::app {
namespace {

constexpr Millis kPatience{100};
constexpr std::size_t kMostUnsaid = 16;  ///< beyond it the oldest word is lost: a later one counts

}  // namespace

Service::Service(boost::asio::io_context& io) : timer_(io) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of ours changes the environment
    const char* const variable = std::getenv("NOTIFY_SOCKET");
    const std::string_view path = variable == nullptr ? "" : variable;
    if (path.empty() || (path[0] != '/' && path[0] != '@') ||
        path.size() >= sizeof address_.sun_path) {
        return;
    }
    address_.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), std::begin(address_.sun_path));
    if (path[0] == '@') {
        address_.sun_path[0] = '\0';  // an abstract one: unix(7)
    }
    length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

Service::~Service() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

void Service::ready() {
    say("READY=1");
}

void Service::reloading() {
    if (is_stopping_) {
        return;
    }
    // CLOCK_MONOTONIC, which steady_clock is on Linux.
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    say("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()));
}

void Service::reloaded(const std::string& status) {
    if (!is_stopping_) {
        say("READY=1\nSTATUS=" + status);
    }
}

void Service::stopping() {
    is_stopping_ = true;
    say("STOPPING=1\nSTATUS=draining");
}

void Service::alive() {
    (void)send("WATCHDOG=1");
}

void Service::say(std::string text) {
    if (unsaid_.empty() && send(text) == Fate::Done) {
        return;
    }
    if (unsaid_.size() == kMostUnsaid) {
        unsaid_.pop_front();
    }
    unsaid_.push_back(std::move(text));
    if (unsaid_.size() == 1) {
        say_again_later();
    }
}

Service::Fate Service::send(const std::string& text) const {
    if (fd_ < 0) {
        return Fate::Done;
    }
    ssize_t sent = 0;
    do {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's way
        const auto* to = reinterpret_cast<const sockaddr*>(&address_);
        sent = ::sendto(fd_, text.data(), text.size(), MSG_NOSIGNAL, to, length_);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 && (errno == EAGAIN || errno == ENOBUFS) ? Fate::NoRoom : Fate::Done;
}

void Service::say_again_later() {
    timer_.expires_after(kPatience);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) {
            return;
        }
        while (!unsaid_.empty() && send(unsaid_.front()) == Fate::Done) {
            unsaid_.pop_front();
        }
        if (!unsaid_.empty()) {
            say_again_later();
        }
    });
}

std::optional<Millis> Service::watchdog() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) {
        return std::nullopt;
    }
    return std::chrono::ceil<Millis>(std::chrono::microseconds(microseconds));
}

}  // namespace causeway::app
