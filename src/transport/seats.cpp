#include "seats.hpp"

namespace causeway::transport {

bool Seats::take(port::Wire::Standing standing, const IpAddress& ip) {
    const bool is_known = standing == port::Wire::Standing::Known;
    const std::size_t most = is_known ? limits_.known : limits_.strangers;
    const std::size_t most_of_one = is_known ? limits_.known_per_peer : limits_.strangers_per_peer;
    Crowd& all = crowd(standing);
    if (standing == port::Wire::Standing::Unwelcome || all.total >= most) {
        return false;
    }
    std::size_t& own = all.by_ip[{ip, 0}];
    if (own >= most_of_one) {
        return false;
    }
    ++own;
    ++all.total;
    return true;
}

void Seats::leave(port::Wire::Standing standing, const IpAddress& ip) {
    Crowd& all = crowd(standing);
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
