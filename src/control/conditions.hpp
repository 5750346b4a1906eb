#pragma once

#include "answers.hpp"

#include "causeway/port/condition.hpp"

#include <span>

namespace causeway::control {

/// What is wrong, or was, as operators read it: code, since when, what it affects, what to do.
[[nodiscard]] Json conditions_of(std::span<const port::Condition> conditions);

}  // namespace causeway::control
