#include "loop.hpp"

#include "causeway/base/log.hpp"

#include <csignal>
#include <utility>

namespace causeway::app {
namespace {

/// Time for one answer to each last BYE, or one retransmission of it (RFC 3261 T1 is 500 ms).
constexpr Millis kGrace{1000};
/// Time for the answer to whoever asked for the end over HTTP.
constexpr Millis kLastWord{50};
/// Timers go off on a grid this wide, never early: with thousands of them a second most wake-ups
/// would otherwise be for one alone. The shortest timer of RFC 3261 is 500 ms.
constexpr Millis kGrid{10};

Time on_grid(Time at) {
    const auto since = at.time_since_epoch();
    const auto rest = since % kGrid;
    return rest == rest.zero() ? at : at + (kGrid - rest);
}

}  // namespace

Loop::Loop(boost::asio::io_context& io, const port::Clock& clock, b2bua::Engine& engine,
           Service& service, Millis drain_deadline)
    : io_(io),
      clock_(clock),
      engine_(engine),
      service_(service),
      drain_deadline_(drain_deadline),
      timer_(io),
      grace_(io),
      signals_(io, SIGTERM, SIGINT, SIGHUP) {
    await_signal();
}

// ── the wire's handlers: each batch ends with `turn`
// ────────────────────────────────────────────────────────────

port::Wire::Standing Loop::on_connection(const sip::Source& from) {
    return engine_.on_connection(from);
}

port::Wire::Heard Loop::on_message(std::span<const std::byte> bytes, const sip::Source& from) {
    hear();
    return engine_.on_message(bytes, from);
}

void Loop::on_broken(std::span<const std::byte> bytes, const sip::Source& from) {
    hear();
    engine_.on_broken(bytes, from);
}

void Loop::on_undeliverable(transaction::Key key, Errc code) {
    hear();
    engine_.on_undeliverable(key, code);
}

void Loop::turn() {
    const Time now = clock_.now();
    slowness_.begin(now);
    auto next = engine_.deadline();
    while (next && *next <= now) {
        engine_.advance();
        next = engine_.deadline();
        if (next && *next <= now) {
            break;  // not before the sockets have been looked at again
        }
    }
    if (next && (!armed_ || on_grid(*next) < *armed_)) {
        arm(on_grid(*next));
    }
    stop_when_drained();
    if (const auto slow = slowness_.end(clock_.now())) {
        log::warn("handler.slow", {{"ms", slow->worst.count()}, {"handlers", slow->handlers}});
    }
}

void Loop::arm(Time at) {
    armed_ = at;
    timer_.expires_at(at);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            armed_.reset();
            turn();
        }
    });
}

void Loop::watch(relay::Relay& relay) {
    relay_.emplace(io_, relay.fd(), [this, &relay] {
        begin();
        relay.pump();
        turn();
        return Watch::Then::Resume;
    });
}

void Loop::await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) {
            return;
        }
        begin();
        if (signal == SIGHUP) {
            on_hangup_();
            turn();
        } else {
            stop();
        }
        await_signal();
    });
}

void Loop::stop() {
    const std::size_t calls = engine_.census().calls;
    log::info("drain", {{"calls", calls}, {"again", is_stopping()}});
    if (is_stopping()) {
        end_calls();
    } else {
        stopping_since_ = clock_.now();
        service_.stopping();
        engine_.drain();
        await_deadline();
    }
    turn();
}

port::Phase Loop::phase() const {
    if (is_stopping()) {
        return port::Phase::Ending;
    }
    return is_draining_ ? port::Phase::Draining : port::Phase::Serving;
}

Result<void> Loop::drain(port::Drain wanted) {
    if (wanted == port::Drain::Exit) {
        stop();
        return {};
    }
    if (is_stopping()) {
        return wanted == port::Drain::Stay
                   ? Result<void>{}
                   : fail(Errc::Unsupported, "the daemon is ending: that cannot be undone");
    }
    is_draining_ = wanted == port::Drain::Stay;
    is_draining_ ? engine_.drain() : engine_.undrain();
    log::info(is_draining_ ? "drain.stay" : "drain.undone", {{"calls", engine_.census().calls}});
    return {};
}

void Loop::set_drain_deadline(Millis deadline) {
    drain_deadline_ = deadline;
    if (is_stopping() && !leaving_) {
        await_deadline();
    }
}

void Loop::await_deadline() {
    grace_.expires_at(*stopping_since_ + drain_deadline_);
    grace_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            begin();
            log::warn("drain.deadline", {{"calls", engine_.census().calls}});
            end_calls();
            turn();
        }
    });
}

void Loop::end_calls() {
    engine_.hang_up_all("drain_deadline", call::Cause::Indeterminate);
    leave();
}

void Loop::stop_when_drained() {
    if (is_stopping() && engine_.census().calls == 0) {
        leave();
    }
}

void Loop::leave() {
    if (std::exchange(leaving_, true)) {
        return;
    }
    grace_.expires_after(engine_.counters().invites > 0 ? kGrace : kLastWord);
    grace_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            io_.stop();
        }
    });
}

void Loop::run() {
    turn();
    io_.run();
}

}  // namespace causeway::app
