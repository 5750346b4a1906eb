#pragma once

#include <cstdint>
#include <string>

/// The commands of the one binary (PRODUCT §2).
namespace causeway::app {

/// What the shell gets.
enum class Exit : std::uint8_t { Good = 0, Bad = 1, Usage = 2 };

struct CheckOptions {
    enum class Layer : std::uint8_t { File, FileAndHost };
    enum class Warnings : std::uint8_t { Pass, AreErrors };
    std::string path;
    Layer layer{Layer::FileAndHost};
    Warnings warnings{Warnings::Pass};
};

/// Runs the daemon until it is told to stop. Bad: it could not start, and standard error says why.
Exit serve(const std::string& path);

/// Prints every problem; Bad if there is one, Usage if the file cannot be read.
Exit check(const CheckOptions& options);

}  // namespace causeway::app
