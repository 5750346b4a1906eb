#include "commands.hpp"

#include "causeway/store/store.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

namespace causeway::app {

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
