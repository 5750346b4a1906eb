#include "causeway/config/capacity.hpp"

namespace causeway::config {
namespace {

std::size_t pairs(std::span<const Interface> interfaces, sip::Side side) {
    std::size_t sum = 0;
    for (const Interface& interface : interfaces) {
        if (interface.side == side) {
            sum += (std::size_t{interface.rtp_last} + 1 - interface.rtp_first) / 2;
        }
    }
    return sum;
}

}  // namespace

Capacity capacity_of(std::span<const Interface> interfaces, std::size_t descriptors) {
    Capacity least{descriptors / kDescriptorsPerCall, "descriptors"};
    for (const Capacity& other :
         {Capacity{pairs(interfaces, sip::Side::Carrier), "carrier_ports"},
          Capacity{pairs(interfaces, sip::Side::Livekit), "livekit_ports"}}) {
        if (other.calls < least.calls) {
            least = other;
        }
    }
    return least;
}

}  // namespace causeway::config
