#include "support/tone/wav.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace causeway::testing {
namespace {

constexpr std::uint32_t kRate = 8000;

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    }
    return value;
}

/// Body of the first chunk of this name; a writer that streams leaves the last chunk's length too
/// long (espeak-ng --stdout does), which then means "to the end".
std::string_view chunk(std::string_view bytes, std::string_view name) {
    std::size_t at = 12;
    while (at + 8 <= bytes.size()) {
        const std::size_t length = little(bytes, at + 4, 4);
        if (bytes.substr(at, 4) == name) {
            return bytes.substr(at + 8, length);
        }
        at += 8 + length + (length & 1U);
    }
    return {};
}

std::vector<std::int16_t> resample(const std::vector<std::int16_t>& in, std::uint32_t rate) {
    std::vector<std::int16_t> out(in.size() * kRate / rate);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::size_t first = i * rate / kRate;
        const std::size_t last = std::min(in.size(), std::max(first + 1, (i + 1) * rate / kRate));
        std::int64_t sum = 0;
        for (std::size_t k = first; k < last; ++k) {
            sum += in[k];
        }
        out[i] = static_cast<std::int16_t>(sum / static_cast<std::int64_t>(last - first));
    }
    return out;
}

}  // namespace

Result<std::vector<std::int16_t>> parse_wav(const std::string& bytes) {
    const std::string_view view = bytes;
    if (view.size() < 12 || view.substr(0, 4) != "RIFF" || view.substr(8, 4) != "WAVE") {
        return fail(Errc::Malformed, "not a WAV file");
    }
    const std::string_view format = chunk(view, "fmt ");
    const std::string_view data = chunk(view, "data");
    if (format.size() < 16) {
        return fail(Errc::Malformed, "WAV file without format");
    }
    const std::uint32_t rate = little(format, 4, 4);
    const bool is_pcm16 = little(format, 0, 2) == 1 && little(format, 14, 2) == 16;
    if (!is_pcm16 || little(format, 2, 2) != 1 || rate < kRate || rate > 192'000) {
        return fail(Errc::Unsupported, "WAV file is not 16-bit PCM in one channel");
    }
    std::vector<std::int16_t> samples(data.size() / 2);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(little(data, 2 * i, 2));
    }
    return resample(samples, rate);
}

Result<std::vector<std::int16_t>> read_wav(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return fail(Errc::Io, path + ": cannot be opened");
    }
    return parse_wav(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace causeway::testing
