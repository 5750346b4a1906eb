#pragma once

#include "causeway/base/time.hpp"

namespace causeway::b2bua {

/// So many a second and no more, counted from the first after a second has passed. What peers
/// provoke is bounded by it. Thread: sip. A value of fixed size.
class PerSecond {
public:
    /// `most` ≥ 1.
    constexpr explicit PerSecond(unsigned most) : most_(most) {}

    /// True, and one less is left, unless this second's share is used up.
    [[nodiscard]] bool take(Time now) {
        constexpr Millis kSecond{1000};
        if (now - since_ >= kSecond) {
            since_ = now;
            taken_ = 0;
        }
        if (taken_ == most_) {
            return false;
        }
        ++taken_;
        return true;
    }

private:
    unsigned most_;
    unsigned taken_{};
    Time since_{};
};

}  // namespace causeway::b2bua
