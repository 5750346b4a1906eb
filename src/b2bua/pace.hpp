#pragma once

#include "causeway/base/time.hpp"

#include <chrono>
#include <cstdint>

namespace causeway::b2bua {

/// How often something happens: by full seconds of the clock. Thread: its owner's.
class Pace {
public:
    void count(Time now) {
        turn_to(second_of(now));
        ++current_;
    }
    /// In the last full second before `now`.
    [[nodiscard]] std::uint64_t last_second(Time now) const {
        const std::int64_t past = second_of(now) - second_;
        return past == 0 ? before_ : past == 1 ? current_ : 0;
    }

private:
    static std::int64_t second_of(Time now) {
        return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    }
    void turn_to(std::int64_t second) {
        if (second == second_) {
            return;
        }
        before_ = second == second_ + 1 ? current_ : 0;
        current_ = 0;
        second_ = second;
    }

    std::int64_t second_{};
    std::uint64_t current_{};
    std::uint64_t before_{};
};

}  // namespace causeway::b2bua
