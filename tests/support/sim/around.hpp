#pragma once

#include "support/sim/chance.hpp"
#include "support/sim/schedule.hpp"

#include "causeway/base/endpoint.hpp"

#include <string>

namespace causeway::testing::sim {

/// What a far end has of the world: time, chance, a wire, and somebody to complain to.
class Around {
public:
    virtual ~Around() = default;
    /// A datagram onto the network.
    virtual void send(const Endpoint& from, const Endpoint& to, std::string bytes) = 0;
    /// One RTP packet to our relay.
    virtual void speak(const Endpoint& from, const Endpoint& to) = 0;
    /// Something that must never happen has happened; the run goes on and fails.
    virtual void violation(const std::string& what) = 0;
    virtual Schedule& schedule() = 0;
    virtual Chance& chance() = 0;
};

}  // namespace causeway::testing::sim
