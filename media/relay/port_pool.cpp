#include "causeway/relay/port_pool.hpp"

#include "causeway/base/assert.hpp"

#include <algorithm>

namespace causeway::relay {

PortPool::PortPool(std::uint16_t first, std::uint16_t last)
    : first_(static_cast<std::uint16_t>(first + first % 2)) {
    for (unsigned port = first_; port + 1 <= last; port += 2) {
        free_.push_back({static_cast<std::uint16_t>(port), Time::min()});
        is_taken_.push_back(false);
    }
}

std::optional<std::uint16_t> PortPool::take(Time now) {
    std::deque<Resting>& from = prefers_foreign(now) ? foreign_ : free_;
    if (from.empty()) {
        return std::nullopt;
    }
    const std::uint16_t port = from.front().port;
    from.pop_front();
    is_taken_[(port - first_) / 2U] = true;
    ++in_use_;
    return port;
}

bool PortPool::claim(std::uint16_t port) {
    for (std::deque<Resting>* list : {&free_, &foreign_}) {
        const auto found = std::find_if(list->begin(), list->end(),
                                        [port](const Resting& each) { return each.port == port; });
        if (found != list->end()) {
            list->erase(found);
            is_taken_[(port - first_) / 2U] = true;
            ++in_use_;
            return true;
        }
    }
    return false;
}

bool PortPool::prefers_foreign(Time now) const {
    if (foreign_.empty()) {
        return false;
    }
    const Time untried_since = foreign_.front().since;
    if (free_.empty()) {
        return untried_since + kRetry <= now;
    }
    // Not before a pair that is as well rested; after one that would have to do without.
    return untried_since + kRest <= now && free_.front().since > now - kRest;
}

void PortPool::give_back(std::uint16_t port, Time now) {
    if (release(port)) {
        free_.push_back({port, now});
    }
}

void PortPool::pass_over(std::uint16_t port, Time now) {
    if (release(port)) {
        foreign_.push_back({port, now});
    }
}

bool PortPool::release(std::uint16_t port) {
    const std::size_t position = (port - first_) / 2U;
    if (!CAUSEWAY_ASSERT(port >= first_ && position < is_taken_.size() && is_taken_[position])) {
        return false;
    }
    is_taken_[position] = false;
    --in_use_;
    return true;
}

}  // namespace causeway::relay
