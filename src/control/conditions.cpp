#include "conditions.hpp"

#include "causeway/base/time.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

namespace causeway::control {
namespace {

/// RFC 3339, UTC, with milliseconds.
std::string time_text(WallTime wall) {
    using std::chrono::days;
    using std::chrono::floor;
    const std::chrono::sys_time<WallTime> at{wall};
    const std::chrono::year_month_day date{floor<days>(at)};
    const std::chrono::hh_mm_ss time{at - floor<days>(at)};
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<long>(time.hours().count()),
                  static_cast<long>(time.minutes().count()),
                  static_cast<long>(time.seconds().count()),
                  static_cast<long>(time.subseconds().count()));
    return text.data();
}

}  // namespace

Json conditions_of(std::span<const port::Condition> conditions) {
    Json list = Json::array();
    for (const port::Condition& condition : conditions) {
        const port::TroubleKind& kind = port::kind_of(condition.trouble);
        Json one{{"code", kind.code},
                 {"severity", port::to_string(kind.severity)},
                 {"unready", kind.readiness == port::Readiness::Unready},
                 {"subject", condition.subject},
                 {"detail", condition.detail},
                 {"since", time_text(condition.since)},
                 {"times", condition.times},
                 {"affects", kind.affects},
                 {"next", kind.next}};
        if (condition.until) {
            one["until"] = time_text(*condition.until);
        }
        list.push_back(std::move(one));
    }
    return list;
}

}  // namespace causeway::control
