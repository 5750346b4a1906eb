#pragma once

#include "causeway/port/clock.hpp"

namespace causeway::test {

/// Time that moves when the test says so.
class ManualClock final : public port::Clock {
public:
    [[nodiscard]] Time now() const noexcept override { return now_; }
    [[nodiscard]] WallTime wall() const noexcept override {
        return kWallStart + std::chrono::duration_cast<WallTime>(now_ - kStart);
    }
    void advance(Millis by) { now_ += by; }

private:
    static constexpr Time kStart{std::chrono::hours(24)};
    static constexpr WallTime kWallStart{1'800'000'000'000};
    Time now_{kStart};
};

}  // namespace causeway::test
