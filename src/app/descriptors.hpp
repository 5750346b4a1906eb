#pragma once

#include <cstddef>

namespace causeway::app {

/// Raises the soft limit of open descriptors to the hard one; returns what holds now.
std::size_t raise_descriptor_limit() noexcept;

/// Kept back from calls: listeners, log, records, control, and signalling connections (up to as
/// many as `transport` allows, at most an eighth of all).
std::size_t other_descriptors(std::size_t descriptors) noexcept;

}  // namespace causeway::app
