#pragma once

#include "causeway/base/result.hpp"
#include "causeway/config/config.hpp"

#include <vector>

namespace causeway::port {

/// Where configuration comes from. Thread: build (at start: main).
class ConfigStore {
public:
    virtual ~ConfigStore() = default;
    /// Everything, or every problem at once (errors and warnings, in order of line); a bad file
    /// leaves what runs in force.
    [[nodiscard]] virtual Result<config::Configuration, std::vector<config::Problem>> load() = 0;
};

}  // namespace causeway::port
