#include "patience.hpp"

#include <algorithm>

namespace causeway::transport {

Patience::Patience(const Deadlines& deadlines, Opened by, Time now) : deadlines_(&deadlines) {
    used(now);
    if (by == Opened::ByUs) {
        connecting_ = now + deadlines.connect;
    } else if (by == Opened::ByStranger) {
        stranger_ = now + deadlines.stranger;
    }
}

void Patience::used(Time now) {
    idle_ = now + deadlines_->idle;
}

void Patience::stuck(Time now) {
    if (stuck_ == kNever) {
        stuck_ = now + deadlines_->stuck;
    }
}

Time Patience::due() const {
    return std::min({connecting_, stranger_, message_, stuck_, idle_});
}

}  // namespace causeway::transport
