#include "commands.hpp"
#include "daemon.hpp"
#include "descriptors.hpp"

#include "causeway/base/log.hpp"
#include "causeway/config/capacity.hpp"
#include "causeway/store/store.hpp"

#include <iostream>
#include <utility>

namespace causeway::app {
namespace {

void announce(const config::Startup& startup, const config::Capacity& capacity) {
    for (const config::Interface& interface : startup.interfaces) {
        for (const config::Listener& listener : interface.listeners) {
            log::info("listening",
                      {{"interface", interface.name},
                       {"address", Endpoint{interface.bind, listener.port}.to_string()},
                       {"transport", sip::uri_name(listener.transport)}});
        }
    }
    log::info("ready", {{"node", startup.node},
                        {"version", CAUSEWAY_VERSION},
                        {"max_calls", capacity.calls},
                        {"bound_by", capacity.bound}});
}

}  // namespace

Exit serve(const std::string& path) {
    if (!is_readable_file(path)) {
        return Exit::Usage;
    }
    auto store = store::make_yaml_store({path, store::Layer::FileAndHost, {}});
    auto configuration = store->load();
    if (!configuration) {
        for (const config::Problem& problem : configuration.error()) {
            std::cerr << problem.to_string() << '\n';
        }
        return Exit::Bad;
    }
    if (const auto started = log::start(configuration->settings.log); !started) {
        std::cerr << "causeway: " << started.error().what << '\n';
        return Exit::Bad;
    }
    for (const config::Problem& warning : configuration->warnings) {
        log::warn("config.warning", {{"detail", warning.to_string()}});
    }
    const config::Startup startup = configuration->startup;
    const std::size_t descriptors = raise_descriptor_limit();
    const config::Capacity capacity =
        config::capacity_of(startup.interfaces, descriptors - other_descriptors(descriptors));
    const auto refuse = [](const std::string& why) {
        log::stop();
        std::cerr << "causeway: " << why << '\n';
        return Exit::Bad;
    };
    if (capacity.calls == 0) {
        return refuse(std::to_string(descriptors) +
                      " descriptors (RLIMIT_NOFILE) are too few for one call");
    }
    auto daemon =
        Daemon::start(*std::move(configuration), {path, std::move(store)},
                      {.calls = capacity.calls, .connections = connection_limits(descriptors)});
    if (!daemon) {
        return refuse(daemon.error().what);
    }
    for (const Daemon::Door& door : (*daemon)->doors()) {
        log::info("listening", {{"interface", door.name},
                                {"address", door.address.to_string()},
                                {"transport", "http"}});
    }
    announce(startup, capacity);
    (*daemon)->run();
    daemon->reset();
    log::info("stopped");
    log::stop();
    return Exit::Good;
}

}  // namespace causeway::app
