#pragma once

#include "postbox.hpp"

#include "causeway/base/result.hpp"
#include "causeway/config/config.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/port/operations.hpp"
#include "causeway/telemetry/conditions.hpp"
#include "causeway/telemetry/tally.hpp"
#include "causeway/telemetry/telemetry.hpp"
#include "causeway/telemetry/watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace causeway::b2bua {
class Engine;
}
namespace causeway::relay {
class Relay;
}
namespace causeway::transport {
class Transport;
}

namespace causeway::app {

class Loop;
class Reloads;

/// `port::Operations` of this daemon: a question goes to the thread that owns the answer, and the
/// answer comes back to `ctl`. Thread: ctl asks, but for `open`.
class Desk final : public port::Operations {
public:
    struct Options {
        std::vector<config::Interface> interfaces;
        std::size_t max_calls{};
    };
    /// Whom it asks; all outlive it.
    struct Parts {
        b2bua::Engine& engine;  ///< on sip, like the next three
        relay::Relay& relay;
        Loop& loop;
        Reloads& reloads;
        telemetry::CdrWriter& cdrs;     ///< what any thread may ask of it
        const telemetry::Tally& tally;  ///< on ctl
        const port::Clock& clock;
    };

    Desk(boost::asio::io_context& sip, boost::asio::io_context& ctl, const Parts& parts,
         Options options);

    /// From now on questions are taken: the sip thread runs, or is about to. Thread: sip.
    /// `wire` outlives it, too.
    void open(const transport::Transport& wire) {
        wire_ = &wire;
        is_open_.store(true, std::memory_order_release);
    }
    /// Looks at the daemon's health every second, whether somebody asks or not. Before `ctl` runs,
    /// or there.
    void keep_watch();

    void calls(port::CallQuery query, port::Answer<Result<port::CallPage>> answer) override;
    void call(CallId id, port::Answer<Result<port::CallView>> answer) override;
    void hang_up(CallId id, port::Answer<Result<void>> answer) override;
    void drain(port::Drain wanted, port::Answer<Result<void>> answer) override;
    void reload(port::Answer<Reloaded> answer) override;
    void report(port::Answer<Result<port::Report>> answer) override;
    void statistics(port::Answer<Result<port::CallStatistics>> answer) override;
    void why(std::string subject, port::Answer<Result<std::string>> answer) override;

private:
    /// Has `begin` called on the sip thread with the way back: called there once, at once or later,
    /// it hands an answer to `answer` on `ctl`. False: there is no room, or not yet.
    template <class T, class Begin>
    [[nodiscard]] bool send(Begin begin, port::Answer<T> answer);
    /// Has `work` done there; what it returns is the answer.
    template <class T, class Work>
    void ask(Work work, port::Answer<Result<T>> answer);
    [[nodiscard]] port::Report look() const;  ///< on the sip thread
    void judge(port::Report& report);         ///< on ctl: what it adds

    Parts parts_;
    Options options_;
    Time started_;
    const transport::Transport* wire_{};  ///< on sip
    telemetry::Conditions conditions_;    ///< on ctl, like the next two
    telemetry::Watch health_;
    boost::asio::steady_timer next_look_;
    std::atomic<bool> is_open_{};
    std::size_t asked_{};  ///< questions that are not answered
    Postbox sip_;
    Postbox ctl_;
};

}  // namespace causeway::app
