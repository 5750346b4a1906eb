#include "support/tone/tone.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace causeway::testing {
namespace {

constexpr double kFullScale = 32768.0;
constexpr double kSilence = -120.0;
constexpr std::size_t kBlock = 2000;

}  // namespace

std::vector<std::int16_t> make_tone(double hertz, double dbfs, std::size_t samples) {
    const double peak = kFullScale * std::pow(10.0, dbfs / 20.0);
    const double step = 2.0 * std::numbers::pi * hertz / kSampleRate;
    std::vector<std::int16_t> tone(samples);
    for (std::size_t i = 0; i < samples; ++i) {
        const double value = std::round(peak * std::sin(step * static_cast<double>(i)));
        tone[i] = static_cast<std::int16_t>(std::clamp(value, -32768.0, 32767.0));
    }
    return tone;
}

double level_dbfs(std::span<const std::int16_t> samples, double hertz) {
    const double step = 2.0 * std::numbers::pi * hertz / kSampleRate;
    const double factor = 2.0 * std::cos(step);
    double before = 0.0;
    double last = 0.0;
    for (const std::int16_t sample : samples) {
        const double next = static_cast<double>(sample) + factor * last - before;
        before = last;
        last = next;
    }
    const double power = last * last + before * before - factor * last * before;
    const double count = static_cast<double>(samples.size());
    if (samples.empty() || power <= 0.0) {
        return kSilence;
    }
    const double peak = 2.0 * std::sqrt(power) / count;
    return std::max(kSilence, 20.0 * std::log10(peak / kFullScale));
}

double tone_level(std::span<const std::int16_t> samples, double hertz) {
    double best = kSilence;
    for (std::size_t start = 0; start + kBlock <= samples.size(); start += kBlock / 2) {
        best = std::max(best, level_dbfs(samples.subspan(start, kBlock), hertz));
    }
    return best;
}

}  // namespace causeway::testing
