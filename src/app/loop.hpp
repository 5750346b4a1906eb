#pragma once

#include "causeway/b2bua/engine.hpp"
#include "causeway/base/time.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/relay/relay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace causeway::app {

/// The clocks of the machine.
class SystemClock final : public port::Clock {
public:
    [[nodiscard]] Time now() const noexcept override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wall() const noexcept override {
        return std::chrono::duration_cast<WallTime>(
            std::chrono::system_clock::now().time_since_epoch());
    }
};

/// The sip thread's glue: the engine's timers, the relay's answers and the signals on one
/// io_context. Thread: sip.
class Loop {
public:
    /// Live calls may go on for `drain_deadline` after the first stop signal.
    Loop(boost::asio::io_context& io, const port::Clock& clock, b2bua::Engine& engine,
         Millis drain_deadline);

    /// Delivers the relay's answers as they come. `relay` outlives the loop's running.
    void watch(relay::Relay& relay);
    /// Runs what is due and arms the timer for what comes next; after every batch of messages.
    void turn();
    /// Until a drain has ended: SIGTERM or SIGINT refuse new calls and wait for the live ones, a
    /// second one ends them.
    void run();

private:
    void arm(Time at);
    void await_relay(relay::Relay& relay);
    void await_signal();
    void on_stop_signal();
    void stop_when_drained();
    /// Ends the loop after the last BYEs had time for an answer.
    void leave();

    boost::asio::io_context& io_;
    const port::Clock& clock_;
    b2bua::Engine& engine_;
    Millis drain_deadline_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer grace_;
    boost::asio::signal_set signals_;
    std::optional<boost::asio::posix::stream_descriptor> relay_;
    std::optional<Time> armed_;
    bool draining_{};
    bool leaving_{};
};

}  // namespace causeway::app
