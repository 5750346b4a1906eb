#pragma once

#include "causeway/base/time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace causeway::app {

/// The service manager that started us, in the words of sd_notify(3); without one nothing is said.
/// Not by that function: it waits for a manager that is too busy to read, and so would every call.
/// What finds no room is said again a little later, in order.
/// Thread: sip. Owns: a socket.
class Service {
public:
    explicit Service(boost::asio::io_context& io);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    Service(Service&&) = delete;
    Service& operator=(Service&&) = delete;

    /// Calls are taken from here on.
    void ready();
    /// A reload was asked for; until `reloaded` the service counts as reloading.
    void reloading();
    /// It is over, applied or not; `status` is for `systemctl status`.
    void reloaded(const std::string& status);
    /// The process ends when its calls have ended; a reload is no longer announced.
    void stopping();
    /// `Watchdog`'s word; never said late.
    void alive();

    /// How often the manager wants to hear that we are alive (WATCHDOG_USEC); empty: it does not.
    [[nodiscard]] static std::optional<Millis> watchdog();

private:
    enum class Fate : std::uint8_t { Done, NoRoom };

    void say(std::string text);
    [[nodiscard]] Fate send(const std::string& text) const;
    void say_again_later();

    boost::asio::steady_timer timer_;
    int fd_{-1};  ///< -1: there is no manager
    sockaddr_un address_{};
    socklen_t length_{};
    std::deque<std::string> unsaid_;
    bool is_stopping_{};
};

}  // namespace causeway::app
