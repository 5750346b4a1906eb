#include "quality.hpp"

#include <algorithm>
#include <cmath>

namespace causeway::telemetry {
namespace {

constexpr double kBestRating = 93.2;
constexpr double kFrameMs = 20.0;
constexpr double kDelayKneeMs = 177.3;
constexpr double kLossRobustness = 25.1;
constexpr double kWorstImpairment = 95.0;

double delay_impairment(double delay_ms) {
    const double beyond = std::max(0.0, delay_ms - kDelayKneeMs);
    return 0.024 * delay_ms + 0.11 * beyond;
}

double loss_impairment(std::uint64_t packets, std::uint64_t lost) {
    const double expected = static_cast<double>(packets) + static_cast<double>(lost);
    const double percent = 100.0 * static_cast<double>(lost) / expected;
    return kWorstImpairment * percent / (percent + kLossRobustness);
}

double rating_to_mos(double rating) {
    const double r = std::clamp(rating, 0.0, 100.0);
    return std::clamp(1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6, 1.0, 4.5);
}

}  // namespace

std::optional<double> mos(std::uint64_t packets, std::uint64_t lost, double jitter_ms) {
    if (packets == 0) {
        return std::nullopt;
    }
    const double jitter = std::isfinite(jitter_ms) ? std::max(0.0, jitter_ms) : 0.0;
    const double rating =
        kBestRating - delay_impairment(kFrameMs + 2.0 * jitter) - loss_impairment(packets, lost);
    return rating_to_mos(rating);
}

}  // namespace causeway::telemetry
