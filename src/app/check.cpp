#include "commands.hpp"

#include "causeway/store/store.hpp"
#include "causeway/transport/probe.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

namespace causeway::app {
namespace {

/// What a Causeway holds is passed over: a file is checked while the daemon runs with the one
/// before it. Who may not look at the holder, or may not take a port that the service may, is
/// warned.
std::optional<store::Obstacle> obstacle_at(const Endpoint& local, sip::Transport transport) {
    const auto found = transport::obstacle_at(local, transport);
    if (!found || found->error == EADDRNOTAVAIL || found->holder.starts_with("causeway (")) {
        return std::nullopt;  // an address that is not ours has been reported with the ones we have
    }
    const bool is_unseen = found->error == EADDRINUSE && found->holder.empty();
    if (is_unseen) {
        return store::Obstacle{found->what + " by a process that only root can see",
                               config::Severity::Warning};
    }
    return store::Obstacle{
        found->what, found->error == EACCES ? config::Severity::Warning : config::Severity::Error};
}

}  // namespace

bool is_readable_file(const std::string& path) {
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(path, error);
    if (!is_folder && std::ifstream(path)) {
        return true;
    }
    std::cerr << path << (is_folder ? ": is a folder\n" : ": cannot be read\n");
    return false;
}

Exit check(const CheckOptions& options) {
    if (!is_readable_file(options.path)) {
        return Exit::Usage;
    }
    const auto layer =
        options.layer == CheckOptions::Layer::File ? store::Layer::File : store::Layer::FileAndHost;
    const auto loaded = store::make_yaml_store({options.path, layer, {}, obstacle_at})->load();
    if (!loaded) {
        for (const config::Problem& problem : loaded.error()) {
            std::cerr << problem.to_string() << '\n';
        }
        return Exit::Bad;
    }
    for (const config::Problem& warning : loaded->warnings) {
        std::cerr << warning.to_string() << '\n';
    }
    const bool strict = options.warnings == CheckOptions::Warnings::AreErrors;
    if (strict && !loaded->warnings.empty()) {
        return Exit::Bad;
    }
    std::cout << options.path << ": good\n";
    return Exit::Good;
}

}  // namespace causeway::app
