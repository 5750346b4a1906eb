#pragma once

#include "causeway/base/time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace causeway::app {

/// Handlers that held the sip thread too long, to be named at most once a second. Thread: sip. A
/// value.
class Slowness {
public:
    static constexpr Millis kLong{50};

    struct Report {
        Millis worst{};
        std::uint64_t handlers{};  ///< since the last report, this one included
    };

    /// A handler begins, or goes on.
    void begin(Time now) {
        if (!begun_) {
            begun_ = now;
        }
    }
    [[nodiscard]] bool has_begun() const { return begun_.has_value(); }
    /// It has ended. What is to be said of it, if anything.
    std::optional<Report> end(Time now) {
        constexpr Millis kSecond{1000};
        const auto took = std::chrono::duration_cast<Millis>(now - begun_.value_or(now));
        begun_.reset();
        if (took > kLong) {
            waiting_.worst = std::max(waiting_.worst, took);
            ++waiting_.handlers;
        }
        if (took <= kLong || (said_ && now - *said_ < kSecond)) {
            return std::nullopt;
        }
        said_ = now;
        const Report report = waiting_;
        waiting_ = {};
        return report;
    }

private:
    std::optional<Time> begun_;
    std::optional<Time> said_;
    Report waiting_;
};

}  // namespace causeway::app
