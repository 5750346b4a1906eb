#pragma once

#include <cstddef>

namespace causeway::app {

/// Raises the soft limit of open descriptors to the hard one; returns what holds now.
std::size_t raise_descriptor_limit() noexcept;

/// Kept back from calls: listeners, signalling connections, log, records, control.
inline constexpr std::size_t kOtherDescriptors = 128;

}  // namespace causeway::app
