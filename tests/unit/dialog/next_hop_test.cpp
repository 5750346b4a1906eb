#include "dialog/request.hpp"

#include <gtest/gtest.h>

#include <string>

/// Where a request inside a dialog goes.
namespace causeway::dialog {
namespace {

constexpr auto kUdp = sip::Transport::Udp;
constexpr auto kTcp = sip::Transport::Tcp;
constexpr auto kTls = sip::Transport::Tls;
constexpr ConnectionId kConnection{7};

struct Row {
    const char* name;
    const char* contact;
    sip::Transport before;    ///< of the peer's last message
    ConnectionId connection;  ///< that the peer had opened for it; none: ours
    const char* peer;
    sip::Transport transport;
    bool on_connection;
    const char* route{""};
};

// The peer's last message came from 192.0.2.9, port 40000.
const Row rows[] = {
    {"its port", "sip:a@192.0.2.9:5070", kUdp, {}, "192.0.2.9:5070", kUdp, false},
    {"no port", "sip:a@192.0.2.9", kUdp, {}, "192.0.2.9:5060", kUdp, false},
    {"tcp from udp", "sip:a@192.0.2.9;transport=TCP", kUdp, {}, "192.0.2.9:5060", kTcp, false},
    {"tls", "sip:a@192.0.2.9;transport=tls", kUdp, {}, "192.0.2.9:5061", kTls, false},
    {"sips", "sips:a@192.0.2.9", kTcp, kConnection, "192.0.2.9:5061", kTls, false},
    {"udp from tcp", "sip:a@192.0.2.9;transport=udp", kTcp, kConnection, "192.0.2.9:5060", kUdp,
     false},
    {"no transport stays", "sip:a@192.0.2.9:5070", kTcp, {}, "192.0.2.9:5070", kTcp, false},
    {"unknown transport stays",
     "sip:a@192.0.2.9;transport=sctp",
     kTcp,
     {},
     "192.0.2.9:5060",
     kTcp,
     false},
    {"the peer's connection", "sip:a@192.0.2.9:5070;transport=tcp", kTcp, kConnection,
     "192.0.2.9:5070", kTcp, true},
    {"another address", "sip:a@192.0.2.8:5070;transport=tcp", kTcp, kConnection, "192.0.2.8:5070",
     kTcp, false},
    {"a name over udp", "sip:a@pbx.example:5099", kUdp, {}, "192.0.2.9:40000", kUdp, false},
    {"a name over tcp of ours",
     "sip:a@pbx.example:5099;transport=tcp",
     kTcp,
     {},
     "192.0.2.9:40000",
     kTcp,
     false},
    {"a name over the peer's tcp", "sip:a@pbx.example:5099;transport=tcp", kTcp, kConnection,
     "192.0.2.9:5099", kTcp, true},
    {"a name's transport",
     "sip:a@pbx.example;transport=tcp",
     kUdp,
     {},
     "192.0.2.9:40000",
     kUdp,
     false},
    {"a placeholder", "sip:a@0.0.0.0", kUdp, {}, "192.0.2.9:40000", kUdp, false},
    {"loose route",
     "sip:a@192.0.2.9",
     kUdp,
     {},
     "192.0.2.50:5065",
     kTcp,
     false,
     "<sip:192.0.2.50:5065;transport=tcp;lr>"},
    {"strict route",
     "sip:a@192.0.2.9;transport=udp",
     kTcp,
     {},
     "192.0.2.50:5060",
     kTcp,
     false,
     "<sip:192.0.2.50;transport=tcp>"},
    {"named route",
     "sip:a@192.0.2.8;transport=tcp",
     kUdp,
     {},
     "192.0.2.9:40000",
     kUdp,
     false,
     "<sip:proxy.example;transport=tcp;lr>"},
};

TEST(NextHop, IsWhatRouteOrContactName) {
    for (const Row& row : rows) {
        State state;
        state.phase = Phase::Confirmed;
        state.remote_target = row.contact;
        state.source = {
            InterfaceId{1}, {IpAddress::v4(192, 0, 2, 9), 40000}, row.before, row.connection, {}};
        if (*row.route != '\0') {
            state.routes = {row.route};
        }
        const sip::Target hop = next_hop(state);
        EXPECT_EQ(hop.peer.to_string(), row.peer) << row.name;
        EXPECT_EQ(hop.transport, row.transport) << row.name;
        EXPECT_EQ(hop.connection, row.on_connection ? row.connection : ConnectionId{}) << row.name;
        EXPECT_EQ(hop.interface, InterfaceId{1}) << row.name;
        // No connection outlives the process; the next one leads to where the peer listens.
        const auto kept = decode(encode(state, Anchor{}), Anchor{});
        ASSERT_TRUE(kept) << kept.error().what;
        const sip::Target later = next_hop(*kept);
        EXPECT_EQ(later.peer, hop.peer) << row.name;
        EXPECT_EQ(later.transport, hop.transport) << row.name;
        EXPECT_FALSE(later.connection) << row.name;
    }
}

}  // namespace
}  // namespace causeway::dialog
