#pragma once

#include "causeway/config/config.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace causeway::config {

/// What this machine and its configuration bear at once.
struct Capacity {
    std::size_t calls{};
    std::string_view bound;  ///< what sets it: `descriptors`, `carrier_ports` or `livekit_ports`
    bool operator==(const Capacity&) const = default;
};

/// Sockets of one call at most: RTP and RTCP on two sides.
inline constexpr std::size_t kDescriptorsPerCall = 4;

/// How many calls can be up at once: a call needs a port pair on each side and up to four
/// descriptors. `descriptors`: what is left of RLIMIT_NOFILE after listeners, connections and
/// files. Pure.
[[nodiscard]] Capacity capacity_of(std::span<const Interface> interfaces, std::size_t descriptors);

}  // namespace causeway::config
