#pragma once

#include <cstdint>

namespace causeway::testing {

/// The two companding laws of ITU-T G.711.
enum class Law : std::uint8_t { A, Mu };

/// Samples are 16 bits: G.711's 13 (A) or 14 (µ) bit values shifted left.
std::uint8_t g711_encode(Law law, std::int16_t sample);
std::int16_t g711_decode(Law law, std::uint8_t byte);

}  // namespace causeway::testing
