#include "patience.hpp"

#include <algorithm>

namespace causeway::transport {

Patience::Patience(const Deadlines& deadlines, Opened by, Time now)
    : deadlines_(&deadlines),
      most_idle_(by == Opened::ByStranger ? deadlines.stranger_idle : deadlines.idle) {
    used(now);
    if (by == Opened::ByUs) {
        connecting_ = now + deadlines.connect;
    } else {
        first_ = now + (by == Opened::ByStranger ? deadlines.stranger : deadlines.first);
    }
}

void Patience::used(Time now) {
    idle_ = now + most_idle_;
}

void Patience::stuck(Time now) {
    if (stuck_ == kNever) {
        stuck_ = now + deadlines_->stuck;
    }
}

Time Patience::due() const {
    return std::min({connecting_, first_, message_, stuck_, idle_});
}

}  // namespace causeway::transport
