#include "causeway/config/config.hpp"

#include <gtest/gtest.h>

namespace causeway::config {
namespace {

Snapshot snapshot() {
    Interface interface;
    interface.id = InterfaceId{1};
    interface.bind = IpAddress::v4(10, 0, 0, 200);
    interface.advertise = IpAddress::v4(203, 0, 113, 50);
    interface.names = {"sbc.example.net"};
    interface.listeners = {{sip::Transport::Udp, 5080}};
    Interface v6;
    v6.id = InterfaceId{2};
    v6.bind = IpAddress::parse("2001:db8::1").value();
    v6.advertise = v6.bind;
    Snapshot all;
    all.interfaces = {interface, v6};
    return all;
}

TEST(Snapshot, KnowsItsOwnHosts) {
    const Snapshot all = snapshot();
    for (const char* own :
         {"10.0.0.200", "203.0.113.50", "sbc.example.net", "2001:db8::1", "2001:db8:0:0:0:0:0:1"}) {
        EXPECT_TRUE(all.is_own_host(own)) << own;
    }
    for (const char* other : {"10.0.0.201", "example.net", "", "2001:db8::2"}) {
        EXPECT_FALSE(all.is_own_host(other)) << other;
    }
}

TEST(Interface, TellsItsPortByTransport) {
    const Snapshot all = snapshot();
    EXPECT_EQ(all.interface(InterfaceId{1}).port(sip::Transport::Udp), 5080);
    EXPECT_EQ(all.interface(InterfaceId{1}).port(sip::Transport::Tcp), 0);
}

TEST(Problem, IsPrintedWithItsPlace) {
    EXPECT_EQ((Problem{"c.yaml", 7, "node: missing", Severity::Error}.to_string()),
              "c.yaml:7: node: missing");
    EXPECT_EQ((Problem{"c.yaml", 0, "cannot be read", Severity::Error}.to_string()),
              "c.yaml: cannot be read");
}

}  // namespace
}  // namespace causeway::config
