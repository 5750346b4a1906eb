#pragma once

#include "causeway/base/time.hpp"
#include "causeway/port/condition.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::telemetry {

/// What is wrong now, and what was. Raising what is raised already renews its detail alone; one
/// that comes back soon after it was cleared is the same episode, counted once more, so that what
/// flaps does not push everything else out of the history.
/// Thread: ctl; others raise by a message to it. Owns: the list and a bounded history.
class Conditions {
public:
    /// Episodes that are over and remembered; the oldest goes first.
    static constexpr std::size_t kHistory = 100;
    /// Back within this long after its end, a condition has never been gone.
    static constexpr Millis kReopens{60'000};

    void raise(port::Trouble trouble, std::string_view subject, std::string detail, WallTime now);
    /// Of what is not raised: nothing happens.
    void clear(port::Trouble trouble, std::string_view subject, WallTime now);

    /// The worst first, then the newest.
    [[nodiscard]] std::vector<port::Condition> active() const;
    /// What is over, the newest first.
    [[nodiscard]] std::vector<port::Condition> history() const;
    [[nodiscard]] bool is_active(port::Trouble trouble, std::string_view subject = {}) const;

private:
    std::vector<port::Condition> active_;
    std::deque<port::Condition> over_;  ///< the newest first
};

}  // namespace causeway::telemetry
