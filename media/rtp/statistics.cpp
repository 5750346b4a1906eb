#include "causeway/rtp/statistics.hpp"

#include <cstdlib>

namespace causeway::rtp {
namespace {

constexpr std::uint32_t kMaxDropout = 3000;  // RFC 3550 A.1
constexpr std::uint32_t kMaxMisorder = 100;  // RFC 3550 A.1
constexpr std::uint32_t kSequences = 1U << 16U;
constexpr std::uint32_t kNone = kSequences + 1;

/// A transit change of more than two seconds is a sender that set its timestamps anew, not jitter.
constexpr std::int32_t kTimestampJump = 2 * static_cast<std::int32_t>(Statistics::kClockRate);

std::uint32_t arrival(Time now) {
    constexpr std::int64_t kNanosecondsPerUnit = 1'000'000'000 / Statistics::kClockRate;
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch());
    return static_cast<std::uint32_t>(since.count() / kNanosecondsPerUnit);
}

}  // namespace

void Statistics::observe(const Header& header, Time now) noexcept {
    if (!is_running_ || header.ssrc != ssrc_) {
        begin(header);
    } else if (!advance(header.sequence)) {
        return;
    } else if (received_ == 0) {
        begin(header);  // a confirmed jump
    }
    ++received_;
    measure(header.timestamp, now);
}

void Statistics::suspend() noexcept {
    lost_before_ += lost_in_run();
    is_running_ = false;
    has_transit_ = false;
    received_ = 0;
}

void Statistics::begin(const Header& header) noexcept {
    suspend();
    is_running_ = true;
    ssrc_ = header.ssrc;
    base_ = header.sequence;
    highest_ = header.sequence;
    bad_ = kNone;
    cycles_ = 0;
}

bool Statistics::advance(std::uint16_t sequence) noexcept {
    const auto step = static_cast<std::uint16_t>(sequence - highest_);
    if (step < kMaxDropout) {
        if (sequence < highest_) {
            cycles_ += kSequences;
        }
        highest_ = sequence;
    } else if (step <= kSequences - kMaxMisorder) {
        if (sequence != bad_) {
            bad_ = (std::uint32_t{sequence} + 1) & (kSequences - 1);
            return false;
        }
        suspend();
    }
    return true;
}

void Statistics::measure(std::uint32_t timestamp, Time now) noexcept {
    // The packets of one telephone-event share a timestamp (RFC 4733 §2.5.1): no sample of transit.
    if (has_transit_ && timestamp == timestamp_) {
        return;
    }
    const std::uint32_t transit = arrival(now) - timestamp;
    if (has_transit_) {
        const auto change = static_cast<std::int32_t>(transit - transit_);
        if (change < kTimestampJump && change > -kTimestampJump) {
            jitter_ += (static_cast<double>(std::abs(change)) - jitter_) / 16.0;
        }
    }
    transit_ = transit;
    timestamp_ = timestamp;
    has_transit_ = true;
}

std::uint64_t Statistics::lost_in_run() const noexcept {
    if (received_ == 0) {
        return 0;
    }
    const std::uint64_t expected = cycles_ + highest_ - base_ + 1;
    return expected > received_ ? expected - received_ : 0;
}

}  // namespace causeway::rtp
