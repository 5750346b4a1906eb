#pragma once

#include "socket.hpp"

#include "causeway/base/id.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/rtp/flow.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>

/// What the sip thread and a relay thread say to each other, by value.
namespace causeway::relay {

/// A flow's four sockets: a's RTP and RTCP, then b's. Those of RTCP are closed where it is not
/// used.
using Sockets = std::array<Socket, 4>;

/// How soon a relay thread should look at a command.
enum class Urgency : std::uint8_t {
    Now,   ///< it is woken
    Tick,  ///< with its next packet or tick, at most 100 ms
};

/// A flow's first connection, with everything the thread will own of it.
struct BeginFlow {
    FlowId flow;
    rtp::Flow::Local local;
    Sockets sockets;
    std::array<std::size_t, 2> interfaces{};  ///< positions in Options::interfaces
    port::MediaRelay::Side a;
    port::MediaRelay::Side b;
};
struct ConnectFlow {
    FlowId flow;
    port::MediaRelay::Side a;
    port::MediaRelay::Side b;
};
struct CloseFlow {
    Ticket ticket{};
    FlowId flow;
};
struct CountFlow {
    FlowId flow;
};
struct Stop {};
using Command = std::variant<BeginFlow, ConnectFlow, CloseFlow, CountFlow, Stop>;

struct Closed {
    Ticket ticket{};
    FlowId flow;
    port::MediaRelay::Stats stats;
};
struct Counted {
    FlowId flow;
    port::MediaRelay::Stats stats;
};
struct Silent {
    FlowId flow;
    port::MediaRelay::End end{};
};
/// The thread's mailbox has room again.
struct Room {
    unsigned thread{};
};
using Answer = std::variant<Closed, Counted, Silent, Room>;

}  // namespace causeway::relay
