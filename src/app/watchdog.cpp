#include "watchdog.hpp"

#include "causeway/base/log.hpp"

#include <utility>

namespace causeway::app {

Watchdog::Watchdog(boost::asio::io_context& io, Service& service, Millis interval)
    : service_(service), timer_(io), pace_(interval / 2) {}

void Watchdog::watch(std::string thread, std::function<bool()> has_moved) {
    threads_.push_back({std::move(thread), std::move(has_moved)});
}

void Watchdog::start() {
    timer_.expires_after(pace_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            look();
            start();
        }
    });
}

void Watchdog::look() {
    bool is_well = true;
    for (const Thread& thread : threads_) {
        if (!thread.has_moved()) {
            is_well = false;
            log::error("watchdog.stuck", {{"thread", thread.name}});
        }
    }
    if (is_well) {
        service_.alive();
    }
}

}  // namespace causeway::app
