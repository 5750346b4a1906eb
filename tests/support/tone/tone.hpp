#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace causeway::testing {

/// Samples a second of everything here.
inline constexpr double kSampleRate = 8000.0;
/// The usual test frequency: 1,004 Hz is no divisor of the sampling rate, so that a tone visits
/// many code words (ITU-T O.131's reason for not using 1,000 Hz).
inline constexpr double kTestTone = 1004.0;

/// A sine; 0 dBFS is a sine whose peak is 32,768. 2,000 samples hold whole periods of kTestTone.
std::vector<std::int16_t> make_tone(double hertz, double dbfs, std::size_t samples);

/// Level of one frequency in dBFS by Goertzel's recurrence over all samples; −120 for silence.
double level_dbfs(std::span<const std::int16_t> samples, double hertz);

/// Level of a tone that is there only part of the time: the highest of the blocks of 250 ms, which
/// overlap by half. −120 if there is less than one block.
double tone_level(std::span<const std::int16_t> samples, double hertz = kTestTone);

}  // namespace causeway::testing
