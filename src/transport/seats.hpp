#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/port/wire.hpp"
#include "causeway/transport/transport.hpp"

#include <cstddef>
#include <unordered_map>

namespace causeway::transport {

/// Who has how many connections, and whether one more is too many. A value.
/// Thread: its owner's.
class Seats {
public:
    explicit Seats(const ConnectionLimits& limits) : limits_(limits) {}

    /// False: too many, in all or from this address.
    [[nodiscard]] bool take(port::Wire::Standing standing, const IpAddress& ip);
    void leave(port::Wire::Standing standing, const IpAddress& ip);

    [[nodiscard]] std::size_t taken() const { return known_.total + strangers_.total; }

private:
    struct Crowd {
        std::size_t total{};
        std::unordered_map<Endpoint, std::size_t> by_ip;  ///< port 0
    };
    Crowd& crowd(port::Wire::Standing standing) {
        return standing == port::Wire::Standing::Known ? known_ : strangers_;
    }

    ConnectionLimits limits_;
    Crowd known_;
    Crowd strangers_;
};

}  // namespace causeway::transport
