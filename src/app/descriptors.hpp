#pragma once

#include <cstddef>

namespace causeway::app {

/// Raises the soft limit of open descriptors to the hard one; returns what holds now.
std::size_t raise_descriptor_limit() noexcept;

/// How many calls so many descriptors bear: four sockets each, and some left for everything else.
std::size_t calls_within(std::size_t descriptors) noexcept;

}  // namespace causeway::app
