#pragma once

#include "causeway/base/result.hpp"
#include "causeway/control/http.hpp"

#include <nlohmann/json.hpp>

namespace causeway::control {

using Json = nlohmann::ordered_json;

[[nodiscard]] Response json(const Json& value, unsigned status = 200);

/// With the status that fits its kind.
[[nodiscard]] Response error(const Error& error);

}  // namespace causeway::control
