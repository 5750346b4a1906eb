#pragma once

#include "causeway/config/config.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace causeway::store {

/// What becomes of a feature that this version lacks and that must not be ignored.
enum class Unsafe : std::uint8_t { IsError, IsWarning };

/// Everything that is wrong with one file.
class Problems {
public:
    Problems(std::string file, Unsafe unsafe) : file_(std::move(file)), unsafe_(unsafe) {}

    void error(int line, std::string message) { add(line, std::move(message), false); }
    void warn(int line, std::string message) { add(line, std::move(message), true); }
    /// `WHAT: no effect in this version`, where ignoring it would be unsafe.
    void unsafe(int line, const std::string& what);
    /// `WHAT: no effect in this version`.
    void ignored(int line, const std::string& what);
    [[nodiscard]] bool has_errors() const { return errors_; }
    /// All of them, in order of line.
    [[nodiscard]] std::vector<config::Problem> take() &&;

private:
    void add(int line, std::string message, bool is_warning);

    std::string file_;
    Unsafe unsafe_{};
    std::vector<config::Problem> all_;
    bool errors_{};
};

}  // namespace causeway::store
