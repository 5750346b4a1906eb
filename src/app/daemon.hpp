#pragma once

#include "cdr_pump.hpp"
#include "ctl_thread.hpp"
#include "desk.hpp"
#include "loop.hpp"
#include "reloads.hpp"
#include "service.hpp"
#include "watchdog.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/base/result.hpp"
#include "causeway/config/config.hpp"
#include "causeway/control/control.hpp"
#include "causeway/port/config_store.hpp"
#include "causeway/relay/relay.hpp"
#include "causeway/store/builder.hpp"
#include "causeway/telemetry/tally.hpp"
#include "causeway/telemetry/telemetry.hpp"
#include "causeway/transport/transport.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
    /// Where the configuration came from, and those of reloads will come from.
    struct Origin {
        std::string path;
        std::unique_ptr<port::ConfigStore> store;
    };
    /// Opens CDR file, relay threads, control and SIP listeners. Fails with the first thing that
    /// cannot be had.
    [[nodiscard]] static Result<std::unique_ptr<Daemon>> start(config::Configuration configuration,
                                                               Origin origin, const Room& room);

    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;
    Daemon(Daemon&&) = delete;
    Daemon& operator=(Daemon&&) = delete;

    /// Serves until told to stop.
    void run();

    /// Where HTTP is really listened for.
    struct Door {
        std::string_view name;  ///< `control`, `metrics`
        Endpoint address;
    };
    [[nodiscard]] std::vector<Door> doors() const;

private:
    Daemon() : io_(1), service_(io_) {}

    [[nodiscard]] Result<void> open(config::Configuration configuration, Origin origin,
                                    const Room& room);
    [[nodiscard]] Result<void> open_control(const config::Startup& startup, const Room& room);
    [[nodiscard]] std::shared_ptr<const config::Snapshot> apply(
        config::Configuration configuration);

    SystemClock clock_;
    boost::asio::io_context io_;  ///< of the sip thread
    CtlThread ctl_;               ///< stopped before anything else goes
    Service service_;
    telemetry::Tally tally_;  ///< on ctl
    std::unique_ptr<telemetry::CdrWriter> cdrs_;
    std::optional<CdrPump> pump_;
    std::unique_ptr<store::Builder> builder_;
    std::unique_ptr<Reloads> reloads_;
    std::unique_ptr<Watchdog> watchdog_;
    std::unique_ptr<b2bua::Engine> engine_;
    std::unique_ptr<relay::Relay> relay_;
    std::unique_ptr<Loop> loop_;
    std::unique_ptr<Desk> desk_;
    std::unique_ptr<control::Server> control_;
    std::unique_ptr<control::Server> metrics_;
    std::unique_ptr<transport::Transport> wire_;
};

}  // namespace causeway::app
