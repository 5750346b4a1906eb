#include "support/world/configuration.hpp"

#include "causeway/store/store.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace causeway::testing {

config::Configuration read_configuration(const std::string& yaml) {
    std::array<char, 32> path{"/tmp/causeway-world-XXXXXX"};
    const int descriptor = ::mkstemp(path.data());
    if (::write(descriptor, yaml.data(), yaml.size()) != static_cast<ssize_t>(yaml.size())) {
        std::abort();
    }
    ::close(descriptor);
    auto loaded = store::make_yaml_store({path.data(), store::Layer::File, {}})->load();
    ::unlink(path.data());
    if (!loaded) {
        for (const config::Problem& problem : loaded.error()) {
            std::cerr << problem.to_string() << "\n";
        }
        std::abort();
    }
    return std::move(*loaded);
}

}  // namespace causeway::testing
