#pragma once

#include "causeway/base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace causeway::testing {

/// Reads a WAV file of 16-bit PCM, one channel, any rate, as 8 kHz samples. Other rates are
/// averaged over the new sample's span, which is filter enough for speech in a test. Fails:
/// Io (not readable), Unsupported (another format), Malformed.
[[nodiscard]] Result<std::vector<std::int16_t>> read_wav(const std::string& path);

/// The same from the file's bytes.
[[nodiscard]] Result<std::vector<std::int16_t>> parse_wav(const std::string& bytes);

}  // namespace causeway::testing
