#pragma once

#include "causeway/config/config.hpp"

#include <string>
#include <utility>
#include <vector>

namespace causeway::store {

/// Everything that is wrong with one file.
class Problems {
public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    void error(int line, std::string message) { add(line, std::move(message), false); }
    void warn(int line, std::string message) { add(line, std::move(message), true); }
    [[nodiscard]] bool has_errors() const { return errors_; }
    /// All of them, in order of line.
    [[nodiscard]] std::vector<config::Problem> take() &&;

private:
    void add(int line, std::string message, bool is_warning);

    std::string file_;
    std::vector<config::Problem> all_;
    bool errors_{};
};

}  // namespace causeway::store
