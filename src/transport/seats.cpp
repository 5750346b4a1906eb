#include "seats.hpp"

#include <algorithm>

namespace causeway::transport {

ConnectionLimits limits_within(std::size_t connections) {
    const auto share = [](std::size_t most, std::size_t part) {
        return std::clamp(part, std::size_t{1}, most);
    };
    ConnectionLimits limits;
    limits.strangers = share(limits.strangers, connections / 4);
    limits.strangers_per_peer = share(limits.strangers_per_peer, limits.strangers);
    const std::size_t rest = connections - std::min(connections, limits.strangers);
    limits.known = share(limits.known, rest / 2);
    limits.known_per_peer = share(limits.known_per_peer, limits.known / 2);
    limits.dialled = share(limits.dialled, rest / 2);
    limits.dialled_per_peer = share(limits.dialled_per_peer, limits.dialled / 2);
    return limits;
}

bool Seats::take(Seat seat, const IpAddress& ip) {
    Crowd& all = crowds_.at(static_cast<std::size_t>(seat));
    if (all.total >= all.most) {
        return false;
    }
    std::size_t& own = all.by_ip[{ip, 0}];
    if (own >= all.most_of_one) {
        return false;
    }
    ++own;
    ++all.total;
    return true;
}

void Seats::leave(Seat seat, const IpAddress& ip) {
    Crowd& all = crowds_.at(static_cast<std::size_t>(seat));
    const auto own = all.by_ip.find({ip, 0});
    if (own == all.by_ip.end()) {
        return;
    }
    --all.total;
    if (--own->second == 0) {
        all.by_ip.erase(own);
    }
}

}  // namespace causeway::transport
