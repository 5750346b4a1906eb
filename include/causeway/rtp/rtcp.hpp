#pragma once

#include <cstddef>
#include <span>

namespace causeway::rtp {

/// True if a datagram is a compound RTCP packet that may be passed on: the checks of RFC 3550 A.2
/// (version 2 throughout, SR or RR first, padding only at the end, lengths that add up), and every
/// SR, RR, SDES, BYE and APP in it can be decoded. Feedback and extended reports are held to their
/// bounds only. Allocates: callers bound its rate.
[[nodiscard]] bool is_valid_compound(std::span<const std::byte> packet) noexcept;

}  // namespace causeway::rtp
