#include "daemon.hpp"

#include "metrics_server.hpp"

#include "causeway/base/log.hpp"
#include "causeway/fastpath/null_fast_path.hpp"

#include <sys/random.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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

/// What the build thread does with a file that it has read: the CDR file is opened there, and
/// everything that there is to say is said.
class LastStep {
public:
    LastStep(std::string config_file, telemetry::CdrWriter& cdrs, std::string cdr_file)
        : config_file_(std::move(config_file)), cdrs_(cdrs), cdr_file_(std::move(cdr_file)) {}

    void operator()(store::Builder::Loaded& loaded) {
        if (loaded) {
            say_warnings(loaded->warnings);
            move_cdrs(loaded);
        } else {
            say_warnings(loaded.error());
            std::erase_if(loaded.error(), is_warning);
        }
        if (!loaded) {
            for (const config::Problem& problem : loaded.error()) {
                log::error("reload.problem", {{"detail", problem.to_string()}});
            }
        }
    }

private:
    static bool is_warning(const config::Problem& problem) {
        return problem.severity == config::Severity::Warning;
    }
    static void say_warnings(const std::vector<config::Problem>& problems) {
        for (const config::Problem& problem : problems) {
            if (is_warning(problem)) {
                log::warn("config.warning", {{"detail", problem.to_string()}});
            }
        }
    }
    void move_cdrs(store::Builder::Loaded& loaded) {
        const std::string& path = loaded->settings.cdr_file;
        if (path == cdr_file_) {
            return;
        }
        if (const Result<void> moved = cdrs_.move_to(path); moved) {
            cdr_file_ = path;
        } else {
            loaded = tl::unexpected(std::vector<config::Problem>{
                {config_file_, 0, "cdr.file: " + moved.error().what, config::Severity::Error}});
        }
    }

    std::string config_file_;
    telemetry::CdrWriter& cdrs_;
    std::string cdr_file_;
};

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::start(config::Configuration configuration, Origin origin,
                                              const Room& room) {
    std::unique_ptr<Daemon> daemon(new Daemon);
    if (auto opened = daemon->open(std::move(configuration), std::move(origin), room); !opened) {
        return tl::make_unexpected(std::move(opened).error());
    }
    return daemon;
}

Result<void> Daemon::open(config::Configuration configuration, Origin origin, const Room& room) {
    const config::Startup& startup = configuration.startup;
    const config::Settings& settings = configuration.settings;
    const std::uint64_t version = configuration.snapshot->version;
    CAUSEWAY_TRY(const Secret secret, draw_secret());
    CAUSEWAY_TRY(cdrs_, telemetry::make_cdr_writer(
                            settings.cdr_file,
                            [this](const port::CallRecord& record) { tally_.add(record); }));
    pump_.emplace(ctl_.io(), *cdrs_);
    builder_ = std::make_unique<store::Builder>(store::Builder::Options{
        std::move(origin.store), LastStep(std::move(origin.path), *cdrs_, settings.cdr_file)});
    if (auto started = builder_->start(); !started) {
        return started;
    }
    reloads_ = std::make_unique<Reloads>(io_, *builder_, service_, clock_, version);

    b2bua::Options options;
    options.secret = secret;
    options.interfaces = startup.interfaces;
    options.config = std::move(configuration.snapshot);
    options.max_calls = room.calls;
    options.max_tenants = startup.metrics.max_tenants;
    engine_ = b2bua::make_engine(std::move(options), clock_, *cdrs_);

    CAUSEWAY_TRY(relay_, relay::make_relay(relay_options(configuration), *engine_, clock_));
    loop_ = std::make_unique<Loop>(io_, clock_, *engine_, service_, settings.drain_deadline);
    if (auto opened = open_control(startup, room); !opened) {
        return opened;
    }

    transport::Options wire;
    wire.listen = listeners(startup);
    wire.connections = room.connections;
    wire.after_batch = [this] { loop_->turn(); };
    CAUSEWAY_TRY(wire_, transport::make_wire(io_, std::move(wire), *loop_));
    engine_->attach(*wire_, *relay_);
    loop_->watch(*relay_);
    loop_->on_hangup([this] { reloads_->request({}); });
    reloads_->start([this](config::Configuration next) { return apply(std::move(next)); });
    return {};
}

Result<void> Daemon::open_control(const config::Startup& startup, const Room& room) {
    desk_ = std::make_unique<Desk>(
        io_, ctl_.io(), Desk::Parts{*engine_, *relay_, *loop_, *reloads_, *cdrs_, tally_, clock_},
        Desk::Options{startup.interfaces, room.calls});
    if (startup.control.listen) {
        control::Options options;
        options.listen = *startup.control.listen;
        options.tokens = startup.control.tokens;
        options.routes =
            control::api(*desk_, {startup.node, CAUSEWAY_VERSION, &telemetry::to_json});
        options.routes.push_back(control::describe(options.routes, CAUSEWAY_VERSION));
        auto server = control::make_server(ctl_.io(), std::move(options));
        if (!server) {
            return fail(server.error().code, "control.listen: " + server.error().what);
        }
        control_ = *std::move(server);
    }
    if (startup.metrics.listen) {
        auto server = make_metrics_server(ctl_.io(), *startup.metrics.listen, *desk_);
        if (!server) {
            return fail(server.error().code, "metrics.listen: " + server.error().what);
        }
        metrics_ = *std::move(server);
    }
    desk_->keep_watch();
    return ctl_.start();
}

std::vector<Daemon::Door> Daemon::doors() const {
    std::vector<Door> list;
    if (control_) {
        list.push_back({"control", control_->local()});
    }
    if (metrics_) {
        list.push_back({"metrics", metrics_->local()});
    }
    return list;
}

std::shared_ptr<const config::Snapshot> Daemon::apply(config::Configuration configuration) {
    loop_->begin();
    log::change(configuration.settings.log);
    relay_->mark(configuration.settings.dscp);
    loop_->set_drain_deadline(configuration.settings.drain_deadline);
    auto old = engine_->configure(std::move(configuration.snapshot));
    loop_->turn();
    return old;
}

void Daemon::run() {
    if (const auto interval = Service::watchdog()) {
        watchdog_ = std::make_unique<Watchdog>(io_, service_, *interval);
        watchdog_->watch("rtp", [this] { return relay_->has_moved(); });
        watchdog_->start();
    }
    service_.ready();
    desk_->open(*wire_);
    loop_->run();
}

Daemon::~Daemon() {
    ctl_.stop();
    if (wire_) {
        wire_->close();
    }
}

}  // namespace causeway::app
