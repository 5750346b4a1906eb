#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/port/config_store.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The configuration as a file: YAML in, `config::Configuration` out.
namespace causeway::store {

/// How much is checked: the text alone, or also this host (addresses, folders).
enum class Layer : std::uint8_t { File, FileAndHost };

/// What stands in the way of a listener that `serve` would open.
struct Obstacle {
    std::string what;  ///< `127.0.0.1:5060/udp is in use by nginx (pid 7)`
    config::Severity severity{};
};

struct Options {
    std::string path;
    Layer layer{Layer::FileAndHost};
    /// The addresses of this host; empty: getifaddrs(3). Loopback always counts as local.
    std::function<std::vector<IpAddress>()> addresses{};
    /// With `FileAndHost`: asked of every address that would be listened on (control and metrics
    /// as TCP). Empty function: they are not looked at, as where they are opened anyway.
    std::function<std::optional<Obstacle>(const Endpoint&, sip::Transport)> obstacle{};
};

/// A store that reads the file anew at each `load` and numbers its snapshots from 1. `load` returns
/// every problem of the file at once, in order of line, warnings among them; no exception leaves
/// it. The first good file is what the daemon started with: one that differs from it in a key that
/// needs a restart (`Applies`) is refused.
std::unique_ptr<port::ConfigStore> make_yaml_store(Options options);

/// What a client needs to find the daemon that runs on this file: `control`, whatever else is wrong
/// with it; a secret that cannot be had here is empty. Io: it cannot be read. Malformed: no YAML.
[[nodiscard]] Result<config::Control> find_control(const std::string& path);

}  // namespace causeway::store
