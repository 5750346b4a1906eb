#pragma once

#include "socket.hpp"

#include "causeway/base/id.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/rtp/flow.hpp"

#include <array>
#include <cstddef>
#include <variant>

/// What the sip thread and a relay thread say to each other, by value.
namespace causeway::relay {

/// A flow's four sockets: a's RTP and RTCP, then b's.
using Sockets = std::array<Socket, 4>;

struct OpenFlow {
    FlowId flow;
    rtp::Flow::Local local;
    Sockets sockets;
    std::array<std::size_t, 2> interfaces{};  ///< positions in Options::interfaces
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
struct Stop {};
using Command = std::variant<OpenFlow, ConnectFlow, CloseFlow, Stop>;

struct Closed {
    Ticket ticket{};
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
using Answer = std::variant<Closed, Silent, Room>;

}  // namespace causeway::relay
