#include "causeway/rtp/learner.hpp"

#include <algorithm>

namespace causeway::rtp {

bool Learner::may_learn(const IpAddress& ip, const Side& side) noexcept {
    if (side.accepts_any || ip == side.peer.ip || ip == side.signalling) {
        return true;
    }
    return std::any_of(side.sources.begin(), side.sources.end(),
                       [&ip](const Cidr& block) { return block.contains(ip); });
}

void Learner::learn(const Endpoint& from, std::uint32_t ssrc, const Side& side, Time now) noexcept {
    if (!first_) {
        first_ = now;
    }
    in_a_row_ = in_a_row_ > 0 && from == source_ && ssrc == ssrc_ ? in_a_row_ + 1 : 1;
    source_ = from;
    ssrc_ = ssrc;
    if (from == side.peer) {
        has_heard_peer_ = true;
        peer_ = from;
    }
    is_locked_ = in_a_row_ >= kPacketsToLock;
    advance(now);
}

void Learner::advance(Time now) noexcept {
    if (is_locked_ || !first_ || now < *first_ + kTimeToLock) {
        return;
    }
    is_locked_ = true;
    if (has_heard_peer_) {
        source_ = peer_;
    }
}

}  // namespace causeway::rtp
