#pragma once

#include "socket.hpp"

#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/relay/port_pool.hpp"
#include "causeway/relay/relay.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace causeway::relay {

/// A pair of ports of which the one for RTP is bound.
struct Pair {
    std::uint16_t port{};
    Socket rtp;
};

/// One interface with its media ports. Thread: sip. Owns: which ports are free, not the sockets.
class Line {
public:
    /// `dscp`: of the packets that leave (RFC 2474).
    Line(const Interface& interface, std::uint8_t dscp);

    /// The pair that has rested longest. One that another process holds is passed over. Exhausted:
    /// none is left, or no descriptor; Io: the address cannot be bound.
    [[nodiscard]] Result<Pair> take(Time now);
    /// This very pair. Exhausted: it is in use, not ours or cannot be bound.
    [[nodiscard]] Result<Pair> claim(std::uint16_t port, Time now);
    void give_back(std::uint16_t port, Time now) { pool_.give_back(port, now); }
    /// For the RTCP of a pair that is in use. Not open: it could not be bound, which is said once a
    /// minute.
    [[nodiscard]] Socket bind_rtcp(std::uint16_t rtp_port, Time now);

    /// Another `dscp`, of the ports bound from now on.
    void mark(std::uint8_t dscp) { dscp_ = dscp; }

    [[nodiscard]] const Interface& interface() const { return interface_; }
    [[nodiscard]] const PortPool& ports() const { return pool_; }

private:
    [[nodiscard]] Result<Socket, int> bind(std::uint16_t port) const;  ///< the error is an errno
    void pass_over(std::uint16_t port, Time now);
    [[nodiscard]] std::string why(std::uint16_t port, int error) const;

    Interface interface_;
    std::uint8_t dscp_{};
    PortPool pool_;
    std::optional<Time> warned_;       ///< when somebody was last told of foreign ports
    std::optional<Time> warned_rtcp_;  ///< likewise of calls without RTCP
};

}  // namespace causeway::relay
