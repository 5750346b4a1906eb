#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/port/config_store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The configuration as a file: YAML in, `config::Configuration` out.
namespace causeway::store {

/// How much is checked: the text alone, or also this host (addresses, folders).
enum class Layer : std::uint8_t { File, FileAndHost };

struct Options {
    std::string path;
    Layer layer{Layer::FileAndHost};
    /// The addresses of this host; empty: getifaddrs(3). Loopback always counts as local.
    std::function<std::vector<IpAddress>()> addresses;
};

/// A store that reads the file anew at each `load` and numbers its snapshots from 1. `load` returns
/// every problem of the file at once, in order of line, warnings among them; no exception leaves
/// it.
std::unique_ptr<port::ConfigStore> make_yaml_store(Options options);

}  // namespace causeway::store
