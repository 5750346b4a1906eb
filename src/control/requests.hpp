#pragma once

#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/control/http.hpp"
#include "causeway/port/operations.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What requests say, read. Every failing side is Malformed, for the asker.
namespace causeway::control {

/// A call's id as records show it: 16 hexadecimal digits.
[[nodiscard]] std::optional<CallId> read_call_id(std::string_view text);
[[nodiscard]] std::string to_string(CallId id);

/// How many calls a list holds, of `?limit=`; between 1 and `kMostListed`.
inline constexpr std::size_t kMostListed = 1000;
[[nodiscard]] Result<std::size_t> read_limit(const Fields& query);

/// The body of POST /drain: empty, `{"exit": false}`, `{"exit": true}` or `{"undo": true}`.
[[nodiscard]] Result<port::Drain> read_drain(const std::string& body);

}  // namespace causeway::control
