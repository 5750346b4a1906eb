#pragma once

#include "per_second.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace causeway::b2bua {

/// How often a call that nobody wants may make us speak: whoever repeats its 200 gets its ACK again
/// but no second BYE, and answers to INVITEs nobody knows are worth only so many a second, so that
/// nobody can have us send more than it sends. Thread: sip. A value of fixed size.
class Dismissals {
public:
    /// True the first time for this dialog (a hash of Call-ID and tags), as far as is remembered.
    bool is_first(std::uint64_t dialog) {
        if (std::find(recent_.begin(), recent_.end(), dialog) != recent_.end()) {
            return false;
        }
        recent_[next_] = dialog;
        next_ = (next_ + 1) % recent_.size();
        return true;
    }

    /// True as long as strays have not used up their share of this second.
    [[nodiscard]] bool may_answer_stray(Time now) { return strays_.take(now); }

private:
    static constexpr std::size_t kRemembered = 256;
    std::array<std::uint64_t, kRemembered> recent_{};
    std::size_t next_{};
    PerSecond strays_{100};
};

}  // namespace causeway::b2bua
