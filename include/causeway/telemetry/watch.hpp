#pragma once

#include "causeway/base/time.hpp"
#include "causeway/port/operations.hpp"
#include "causeway/telemetry/conditions.hpp"
#include "causeway/telemetry/process.hpp"

#include <cstdint>
#include <optional>

namespace causeway::telemetry {

/// Makes conditions of figures: what is nearly used up, used up or was lost. Looked at from time
/// to time; what comes and goes between two looks is not seen.
/// Thread: ctl.
class Watch {
public:
    /// Share in use that raises a `…-LOW` condition, and the one that clears it.
    static constexpr std::uint64_t kRaise = 90;  ///< percent
    static constexpr std::uint64_t kClear = 80;
    /// What was used up is free again when so much is in use at most.
    static constexpr std::uint64_t kFree = 95;
    /// So long nothing was lost: what was lost is over.
    static constexpr Millis kQuiet{300'000};

    void look(const port::Report& report, const Process& process, WallTime now,
              Conditions& conditions);

private:
    /// A number of lost things that only grows.
    struct Loss {
        std::uint64_t seen{};
        std::optional<WallTime> last;
    };
    static void judge(Loss& loss, std::uint64_t count, port::Trouble trouble, WallTime now,
                      Conditions& conditions);

    Loss cdrs_;
    Loss lines_;
};

}  // namespace causeway::telemetry
