#pragma once

#include "service.hpp"
#include "slowness.hpp"
#include "watch.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/port/operations.hpp"
#include "causeway/relay/relay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
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
/// io_context. It stands between the sockets and the engine, to see how long a handler takes.
/// Thread: sip.
class Loop final : public port::Wire::Listener {
public:
    /// Live calls may go on for `drain_deadline` after the first stop signal.
    Loop(boost::asio::io_context& io, const port::Clock& clock, b2bua::Engine& engine,
         Service& service, Millis drain_deadline);

    /// Delivers the relay's answers as they come. `relay` outlives the loop's running.
    void watch(relay::Relay& relay);
    /// What SIGHUP does.
    void on_hangup(std::function<void()> action) { on_hangup_ = std::move(action); }
    /// Another one; of a drain that has begun as well, counted from its beginning.
    void set_drain_deadline(Millis deadline);
    /// Every handler that is not the wire's begins with this and ends with `turn`: one that takes
    /// long is named in the log.
    void begin() { slowness_.begin(clock_.now()); }
    /// Runs what is due and arms the timer for what comes next; after every batch of messages.
    void turn();
    /// What SIGTERM and SIGINT do: refuse new calls and wait for the live ones; the second time end
    /// those.
    void stop();
    [[nodiscard]] bool is_stopping() const { return stopping_since_.has_value(); }
    /// What PRODUCT §2 says of POST /drain. Unsupported: to undo what ends the process.
    [[nodiscard]] Result<void> drain(port::Drain wanted);
    [[nodiscard]] port::Phase phase() const;
    /// Until the last call after `stop` has ended.
    void run();

    port::Wire::Standing on_connection(const sip::Source& from) override;
    port::Wire::Heard on_message(std::span<const std::byte> bytes,
                                 const sip::Source& from) override;
    void on_broken(std::span<const std::byte> bytes, const sip::Source& from) override;
    void on_undeliverable(transaction::Key key, Errc code) override;

private:
    void arm(Time at);
    void await_signal();
    void await_deadline();
    void end_calls();
    void stop_when_drained();
    /// Ends the loop after the last BYEs had time for an answer.
    void leave();
    void hear() {
        if (!slowness_.has_begun()) {
            begin();
        }
    }

    boost::asio::io_context& io_;
    const port::Clock& clock_;
    b2bua::Engine& engine_;
    Service& service_;
    Millis drain_deadline_;
    std::function<void()> on_hangup_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer grace_;
    boost::asio::signal_set signals_;
    std::optional<Watch> relay_;
    std::optional<Time> armed_;
    Slowness slowness_;
    bool is_draining_{};  ///< new calls are refused until that is undone
    std::optional<Time> stopping_since_;
    bool leaving_{};
};

}  // namespace causeway::app
