#include "seats.hpp"

namespace causeway::transport {

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
