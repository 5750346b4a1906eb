#pragma once

#include "support/manual_clock.hpp"

#include "causeway/base/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace causeway::testing::sim {

/// What will happen, in order of time; what is due at the same time happens in the order it was
/// put there. Thread: one.
class Schedule {
public:
    explicit Schedule(const test::ManualClock& clock) : clock_(clock) {}

    void after(Millis delay, std::function<void()> what) {
        events_.emplace(std::pair(clock_.now() + delay, ++serial_), std::move(what));
    }
    [[nodiscard]] Time now() const { return clock_.now(); }
    [[nodiscard]] std::optional<Time> next() const {
        return events_.empty() ? std::nullopt : std::optional(events_.begin()->first.first);
    }
    /// Does the first thing that is due; false: there is none.
    bool run_one() {
        if (events_.empty() || events_.begin()->first.first > clock_.now()) {
            return false;
        }
        const auto what = std::move(events_.begin()->second);
        events_.erase(events_.begin());
        what();
        return true;
    }

private:
    const test::ManualClock& clock_;
    std::map<std::pair<Time, std::uint64_t>, std::function<void()>> events_;
    std::uint64_t serial_{};
};

}  // namespace causeway::testing::sim
