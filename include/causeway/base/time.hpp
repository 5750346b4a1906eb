#pragma once

#include <chrono>

namespace causeway {

/// Monotonic time. Always an argument, never read inside ring 1.
using Time = std::chrono::steady_clock::time_point;
/// The daemon's resolution for timers and reports.
using Millis = std::chrono::milliseconds;
/// Wall-clock time in milliseconds since 1970-01-01T00:00:00Z; for CDRs and snapshots only.
using WallTime = std::chrono::milliseconds;

/// The last whole millisecond of the clock: as much of a time as a snapshot keeps.
[[nodiscard]] inline Time in_millis(Time time) {
    return std::chrono::floor<Millis>(time);
}

/// One moment on both clocks: where monotonic times become wall-clock times and back. A process
/// that takes over from another has another monotonic clock, but the same wall.
struct Anchor {
    Time now;
    WallTime wall{};

    [[nodiscard]] WallTime on_wall(Time time) const {
        return wall + std::chrono::duration_cast<WallTime>(in_millis(time) - in_millis(now));
    }
    [[nodiscard]] Time on_clock(WallTime time) const { return in_millis(now) + (time - wall); }
};

}  // namespace causeway
