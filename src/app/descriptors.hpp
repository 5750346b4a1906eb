#pragma once

#include "causeway/transport/transport.hpp"

#include <cstddef>

namespace causeway::app {

/// Raises the soft limit of open descriptors to the hard one; returns what holds now.
std::size_t raise_descriptor_limit() noexcept;

/// How many signalling connections there may be: together at most an eighth of all descriptors.
transport::ConnectionLimits connection_limits(std::size_t descriptors);

/// Kept back from calls: listeners, log, records, control, and those connections.
std::size_t other_descriptors(std::size_t descriptors);

}  // namespace causeway::app
