#pragma once

#include "causeway/base/time.hpp"

namespace causeway::rtp {

/// Bounds one stream, so that it cannot take a relay thread from the others: at most so many
/// packets in each window. Cheap on purpose: two words, one comparison of times.
/// Thread: its owner's. Fails: never.
class RateLimit {
public:
    static constexpr Millis kWindow{250};

    explicit RateLimit(unsigned packets_per_window) : limit_(packets_per_window) {}

    [[nodiscard]] bool admits(Time now) noexcept {
        if (now >= window_end_) {
            window_end_ = now + kWindow;
            count_ = 0;
        }
        if (count_ >= limit_) {
            return false;
        }
        ++count_;
        return true;
    }

private:
    unsigned limit_;
    unsigned count_{};
    Time window_end_{};
};

}  // namespace causeway::rtp
