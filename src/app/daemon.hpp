#pragma once

#include "loop.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/base/result.hpp"
#include "causeway/config/config.hpp"
#include "causeway/relay/relay.hpp"
#include "causeway/telemetry/telemetry.hpp"
#include "causeway/transport/transport.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>

namespace causeway::app {

/// Everything of a running daemon, built in the order of PRODUCT §2 and destroyed in reverse.
/// Thread: sip (the main thread).
class Daemon {
public:
    /// What the machine has room for.
    struct Room {
        std::size_t calls{};
        transport::ConnectionLimits connections;
    };
    /// Opens CDR file, relay threads and SIP listeners. Fails with the first thing that cannot be
    /// had.
    [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(
        const config::Configuration& configuration, const Room& room);

    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    Daemon(Daemon&&) = delete;
    Daemon& operator=(Daemon&&) = delete;

    /// Serves until told to stop.
    void run() { loop_->run(); }

private:
    Daemon() : io_(1) {}

    SystemClock clock_;
    boost::asio::io_context io_;
    std::unique_ptr<telemetry::CdrWriter> cdrs_;
    std::unique_ptr<b2bua::Engine> engine_;
    std::unique_ptr<relay::Relay> relay_;
    std::unique_ptr<Loop> loop_;
    std::unique_ptr<transport::Transport> wire_;
};

}  // namespace causeway::app
