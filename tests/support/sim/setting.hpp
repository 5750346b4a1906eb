#pragma once

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/sim/chance.hpp"
#include "support/sim/network.hpp"

#include "causeway/base/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace causeway::testing::sim {

/// What a seed makes of the world before anything happens.
struct Setting {
    /// Where a party is: each side is of one family, as its interface is.
    [[nodiscard]] IpAddress carrier_side(std::uint8_t number) const;
    [[nodiscard]] IpAddress livekit_side(std::uint8_t number) const;

    bool carriers_by_ipv6{};
    bool livekit_by_ipv6{};
    std::string yaml;  ///< the SBC's configuration
    std::size_t max_calls{1000};
    Network::Weather weather;
    std::size_t calls{};
    Millis span{};                                          ///< of time in which they are placed
    std::map<std::string, Behaviour, std::less<>> numbers;  ///< what LiveKit does with each
    bool vandals{};
};
Setting make_setting(Chance& chance);

/// What carriers dial: all of `Setting::numbers`, and now and then nobody's.
std::string a_number(Chance& chance);

}  // namespace causeway::testing::sim
