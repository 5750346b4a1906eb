#pragma once

#include "causeway/base/result.hpp"
#include "causeway/control/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::control {

/// A request target in origin-form (RFC 9112 §3.2.1), decoded.
struct Target {
    std::vector<std::string> parts;  ///< of the path: `/a/b` is two
    Fields query;
};

/// Malformed: not origin-form, a `%` that is no octet, a NUL, or a query field that stands twice.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

/// The parts of a path, as they stand.
[[nodiscard]] std::vector<std::string_view> split_path(std::string_view path);

}  // namespace causeway::control
