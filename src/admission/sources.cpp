#include "causeway/admission/admission.hpp"

#include <algorithm>
#include <cstring>

namespace causeway::admission {
namespace {

/// The address with every bit beyond `length` cleared.
IpAddress network_of(const IpAddress& ip, std::uint8_t length) {
    IpAddress network = ip;
    const std::size_t whole = length / 8U;
    const unsigned rest = length % 8U;
    for (std::size_t i = whole; i < network.bytes.size(); ++i) {
        const unsigned mask = i == whole ? 0xff00U >> rest : 0U;
        network.bytes[i] = static_cast<std::uint8_t>(network.bytes[i] & mask);
    }
    return network;
}

}  // namespace

// The keys are the configuration's, strangers only look up: no keyed hash is needed.
std::size_t Sources::Hash::operator()(const IpAddress& ip) const noexcept {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    std::memcpy(&high, ip.bytes.data(), sizeof high);
    std::memcpy(&low, ip.bytes.data() + sizeof high, sizeof low);
    std::uint64_t mixed = (high ^ (low * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU;
    mixed ^= mixed >> 32U;
    return static_cast<std::size_t>(mixed);
}

bool Sources::add(InterfaceId interface, const Cidr& block, const Peer& peer) {
    const auto before = [](const Level& a, const Level& b) {
        return a.interface != b.interface ? a.interface < b.interface : a.length > b.length;
    };
    Level key{interface, block.length, {}};
    auto level = std::lower_bound(levels_.begin(), levels_.end(), key, before);
    if (level == levels_.end() || level->interface != interface || level->length != block.length) {
        level = levels_.insert(level, std::move(key));
    }
    return level->blocks.emplace(network_of(block.network, block.length), peer).second;
}

std::optional<Peer> Sources::find(InterfaceId interface, const IpAddress& ip) const {
    for (const Level& level : levels_) {
        if (level.interface != interface) {
            continue;
        }
        const auto hit = level.blocks.find(network_of(ip, level.length));
        if (hit != level.blocks.end()) {
            return hit->second;
        }
    }
    return std::nullopt;
}

}  // namespace causeway::admission
