#pragma once

#include <chrono>

namespace causeway {

/// Monotonic time. Always an argument, never read inside ring 1.
using Time = std::chrono::steady_clock::time_point;
/// The daemon's resolution for timers and reports.
using Millis = std::chrono::milliseconds;
/// Wall-clock time in milliseconds since 1970-01-01T00:00:00Z; for CDRs and snapshots only.
using WallTime = std::chrono::milliseconds;

}  // namespace causeway
