#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace causeway::testing {

/// One datagram to send: from one of the party's own addresses to a peer.
struct Datagram {
    Endpoint from;
    Endpoint to;
    std::string bytes;
};

/// A far end of a call as a pure machine: datagrams and times in, datagrams out. The same object
/// runs on virtual time in a simulation and on sockets (`SocketParty`).
/// Thread: one owner. Fails: never; what it cannot read it ignores.
class Party {
public:
    Party() = default;
    virtual ~Party() = default;
    Party(const Party&) = delete;
    Party& operator=(const Party&) = delete;
    Party(Party&&) = delete;
    Party& operator=(Party&&) = delete;
    /// A datagram that came to the SIP address.
    virtual void on_sip(std::string_view bytes, const Endpoint& from, Time now) = 0;
    /// A datagram that came to this local RTP port.
    virtual void on_rtp(std::uint16_t local_port, std::string_view bytes, const Endpoint& from,
                        Time now) = 0;
    /// When `advance` wants to be called; nothing: only a datagram can change anything.
    [[nodiscard]] virtual std::optional<Time> deadline() const = 0;
    virtual void advance(Time now) = 0;
    /// The next datagram to send; call until there is none, after every other call.
    [[nodiscard]] virtual std::optional<Datagram> poll() = 0;
};

}  // namespace causeway::testing
