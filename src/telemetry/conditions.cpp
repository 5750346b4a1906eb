#include "causeway/telemetry/conditions.hpp"

#include "causeway/base/log.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace causeway::telemetry {
namespace {

using port::Condition;
using port::Trouble;

template <class List>
auto find_in(List& list, Trouble trouble, std::string_view subject) {
    return std::find_if(list.begin(), list.end(), [&](const Condition& each) {
        return each.trouble == trouble && each.subject == subject;
    });
}

void announce(const Condition& condition) {
    const port::TroubleKind& kind = port::kind_of(condition.trouble);
    const auto say = kind.severity == port::Severity::Notice    ? log::info
                     : kind.severity == port::Severity::Warning ? log::warn
                                                                : log::error;
    say("condition.raised", {{"code", kind.code},
                             {"subject", condition.subject},
                             {"detail", condition.detail},
                             {"times", condition.times},
                             {"affects", kind.affects},
                             {"next", kind.next}});
}

}  // namespace

void Conditions::raise(Trouble trouble, std::string_view subject, std::string detail,
                       WallTime now) {
    if (const auto at = find_in(active_, trouble, subject); at != active_.end()) {
        at->detail = std::move(detail);
        return;
    }
    if (const auto at = find_in(over_, trouble, subject);
        at != over_.end() && now - *at->until < kReopens) {
        Condition again = std::move(*at);
        over_.erase(at);
        again.until.reset();
        again.detail = std::move(detail);
        ++again.times;
        active_.push_back(std::move(again));
    } else {
        active_.push_back({trouble, std::string(subject), std::move(detail), now, std::nullopt});
    }
    announce(active_.back());
}

void Conditions::clear(Trouble trouble, std::string_view subject, WallTime now) {
    const auto at = find_in(active_, trouble, subject);
    if (at == active_.end()) {
        return;
    }
    log::info("condition.cleared", {{"code", port::kind_of(trouble).code},
                                    {"subject", subject},
                                    {"seconds", (now - at->since).count() / 1000}});
    over_.push_front(std::move(*at));
    over_.front().until = now;
    active_.erase(at);
    if (over_.size() > kHistory) {
        over_.pop_back();
    }
}

std::vector<Condition> Conditions::active() const {
    std::vector<Condition> list = active_;
    std::stable_sort(list.begin(), list.end(), [](const Condition& x, const Condition& y) {
        return std::tuple(port::kind_of(x.trouble).severity, x.since) >
               std::tuple(port::kind_of(y.trouble).severity, y.since);
    });
    return list;
}

std::vector<Condition> Conditions::history() const {
    return {over_.begin(), over_.end()};
}

bool Conditions::is_active(Trouble trouble, std::string_view subject) const {
    return find_in(active_, trouble, subject) != active_.end();
}

}  // namespace causeway::telemetry
