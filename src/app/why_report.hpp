#pragma once

#include "causeway/b2bua/story.hpp"

#include <string>
#include <string_view>

/// What `causeway why` is answered, on both sides of the API.
namespace causeway::app {

/// The story as the API gives it: one JSON object.
[[nodiscard]] std::string story_json(const b2bua::Story& story);

/// Whether whole messages are printed below their start lines.
enum class Messages : std::uint8_t { Lines, Whole };

/// That object for people: code and sentence, what to change, the ladder. Empty: it is none.
[[nodiscard]] std::string story_text(std::string_view json, Messages messages);

}  // namespace causeway::app
