#pragma once

#include "service.hpp"

#include "causeway/base/time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>
#include <vector>

namespace causeway::app {

/// Tells the service manager that the daemon works, as long as all threads do that calls need: at
/// half the interval that it asked for the sip thread looks whether each has moved, and is silent
/// if one has not. That sip works is why it can say so.
/// Thread: sip.
class Watchdog {
public:
    Watchdog(boost::asio::io_context& io, Service& service, Millis interval);

    /// `has_moved`: whether that thread has done something since it was last asked, at least once
    /// in half an interval even if there is nothing to do. Never blocks.
    void watch(std::string thread, std::function<bool()> has_moved);
    void start();

private:
    struct Thread {
        std::string name;
        std::function<bool()> has_moved;
    };

    void look();

    Service& service_;
    boost::asio::steady_timer timer_;
    Millis pace_;
    std::vector<Thread> threads_;
};

}  // namespace causeway::app
