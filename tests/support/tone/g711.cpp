#include "support/tone/g711.hpp"

#include <algorithm>
#include <array>

namespace causeway::testing {
namespace {

/// Output values by the formulas of G.711 §2: segment (chord) and step of an inverted code word.
constexpr int expand(Law law, int byte) {
    const bool is_mu = law == Law::Mu;
    const int code = byte ^ (is_mu ? 0xFF : 0x55);
    const int segment = (code >> 4) & 7;
    const int step = code & 15;
    int value = 0;
    if (is_mu) {
        value = ((((step << 1) + 33) << segment) - 33) * 4;
    } else if (segment == 0) {
        value = ((step << 1) + 1) * 8;
    } else {
        value = (((step << 1) + 33) << (segment - 1)) * 8;
    }
    // The sign bit is 1 for positive values: in A-law as it is, in µ-law after inversion 0.
    const bool is_positive = is_mu ? (code & 0x80) == 0 : (code & 0x80) != 0;
    return is_positive ? value : -value;
}

constexpr std::array<std::int16_t, 256> table(Law law) {
    std::array<std::int16_t, 256> values{};
    for (int byte = 0; byte < 256; ++byte) {
        values[static_cast<std::size_t>(byte)] = static_cast<std::int16_t>(expand(law, byte));
    }
    return values;
}

constexpr std::array<std::int16_t, 256> kA = table(Law::A);
constexpr std::array<std::int16_t, 256> kMu = table(Law::Mu);

/// G.711 table 1: a magnitude of 12 bits; the first two segments share a step of 2.
int compress_a(int magnitude) {
    int segment = 0;
    while (segment < 7 && (magnitude >> (segment + 5)) != 0) {
        ++segment;
    }
    return (segment << 4) | ((magnitude >> (segment == 0 ? 1 : segment)) & 15);
}

/// G.711 table 2: a magnitude of 13 bits; with the bias of 33 each segment doubles.
int compress_mu(int magnitude) {
    const int biased = magnitude + 33;
    int segment = 0;
    while (segment < 7 && (biased >> (segment + 6)) != 0) {
        ++segment;
    }
    return (segment << 4) | ((biased >> (segment + 1)) & 15);
}

}  // namespace

std::uint8_t g711_encode(Law law, std::int16_t sample) {
    const bool is_positive = sample >= 0;
    const int magnitude = is_positive ? sample : -static_cast<int>(sample);
    if (law == Law::Mu) {
        const int code = compress_mu(std::min(magnitude / 4, 8158));
        return static_cast<std::uint8_t>((code | (is_positive ? 0 : 0x80)) ^ 0xFF);
    }
    const int code = compress_a(std::min(magnitude / 8, 4095));
    return static_cast<std::uint8_t>((code | (is_positive ? 0x80 : 0)) ^ 0x55);
}

std::int16_t g711_decode(Law law, std::uint8_t byte) {
    return law == Law::A ? kA[byte] : kMu[byte];
}

}  // namespace causeway::testing
