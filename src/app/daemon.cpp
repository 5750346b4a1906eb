#include "daemon.hpp"

#include "causeway/fastpath/null_fast_path.hpp"

#include <sys/random.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace causeway::app {
namespace {

Result<Secret> draw_secret() {
    Secret secret;
    if (::getrandom(secret.data(), secret.size(), 0) != static_cast<ssize_t>(secret.size())) {
        return fail(Errc::Io, "getrandom: no random bytes");
    }
    return secret;
}

/// `auto`: one processor is left to signalling.
unsigned relay_threads(const config::Startup& startup) {
    if (startup.media_threads > 0) {
        return startup.media_threads;
    }
    return std::max(2U, std::thread::hardware_concurrency()) - 1;
}

relay::Options relay_options(const config::Configuration& configuration) {
    const config::Startup& startup = configuration.startup;
    relay::Options options;
    for (const config::Interface& interface : startup.interfaces) {
        options.interfaces.push_back({interface.id, interface.bind, interface.advertise,
                                      interface.rtp_first, interface.rtp_last});
    }
    options.threads = relay_threads(startup);
    options.dscp = configuration.settings.dscp;
    options.fast_path = [](unsigned) { return fastpath::make_null_fast_path(); };
    return options;
}

std::vector<transport::Listen> listeners(const config::Startup& startup) {
    std::vector<transport::Listen> list;
    for (const config::Interface& interface : startup.interfaces) {
        for (const config::Listener& listener : interface.listeners) {
            list.push_back(
                {interface.id, listener.transport, Endpoint{interface.bind, listener.port}});
        }
    }
    return list;
}

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::start(const config::Configuration& configuration,
                                              const Room& room) {
    const config::Startup& startup = configuration.startup;
    CAUSEWAY_TRY(const Secret secret, draw_secret());
    std::unique_ptr<Daemon> daemon(new Daemon);
    CAUSEWAY_TRY(daemon->cdrs_, telemetry::make_cdr_writer(configuration.settings.cdr_file));

    b2bua::Options options;
    options.secret = secret;
    options.interfaces = startup.interfaces;
    options.config = configuration.snapshot;
    options.max_calls = room.calls;
    daemon->engine_ = b2bua::make_engine(std::move(options), daemon->clock_, *daemon->cdrs_);

    CAUSEWAY_TRY(daemon->relay_,
                 relay::make_relay(relay_options(configuration), *daemon->engine_, daemon->clock_));
    daemon->loop_ = std::make_unique<Loop>(daemon->io_, daemon->clock_, *daemon->engine_,
                                           configuration.settings.drain_deadline);

    transport::Options wire;
    wire.listen = listeners(startup);
    wire.connections = room.connections;
    wire.after_batch = [loop = daemon->loop_.get()] { loop->turn(); };
    CAUSEWAY_TRY(daemon->wire_,
                 transport::make_wire(daemon->io_, std::move(wire), *daemon->engine_));
    daemon->engine_->attach(*daemon->wire_, *daemon->relay_);
    daemon->loop_->watch(*daemon->relay_);
    return daemon;
}

Daemon::~Daemon() {
    if (wire_) {
        wire_->close();
    }
}

}  // namespace causeway::app
