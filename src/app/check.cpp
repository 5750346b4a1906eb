#include "commands.hpp"

#include "causeway/store/store.hpp"

#include <iostream>

namespace causeway::app {

Exit check(const CheckOptions& options) {
    if (std::FILE* file = std::fopen(options.path.c_str(), "re")) {
        std::fclose(file);
    } else {
        std::cerr << options.path << ": cannot be read\n";
        return Exit::Usage;
    }
    const auto layer =
        options.layer == CheckOptions::Layer::File ? store::Layer::File : store::Layer::FileAndHost;
    const auto loaded = store::make_yaml_store({options.path, layer, {}})->load();
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
