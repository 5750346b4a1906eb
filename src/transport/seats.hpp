#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/transport/transport.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace causeway::transport {

/// Who opened a connection. None takes a place of another kind.
enum class Seat : std::uint8_t { Known, Stranger, Dialled };

/// Who has how many connections, and whether one more is too many. A value.
/// Thread: its owner's.
class Seats {
public:
    explicit Seats(const ConnectionLimits& limits)
        : crowds_{Crowd{.most = limits.known, .most_of_one = limits.known_per_peer},
                  Crowd{.most = limits.strangers, .most_of_one = limits.strangers_per_peer},
                  Crowd{.most = limits.dialled, .most_of_one = limits.dialled_per_peer}} {}

    /// False: too many, in all or of this address.
    [[nodiscard]] bool take(Seat seat, const IpAddress& ip);
    void leave(Seat seat, const IpAddress& ip);

    /// How many of this kind there are.
    [[nodiscard]] std::size_t taken(Seat seat) const {
        return crowds_.at(static_cast<std::size_t>(seat)).total;
    }

private:
    struct Crowd {
        std::size_t most{};
        std::size_t most_of_one{};
        std::size_t total{};
        std::unordered_map<Endpoint, std::size_t> by_ip{};  ///< port 0
    };
    std::array<Crowd, 3> crowds_;  ///< in the order of `Seat`
};

}  // namespace causeway::transport
