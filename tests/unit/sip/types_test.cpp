#include "causeway/sip/types.hpp"

#include <gtest/gtest.h>

namespace causeway::sip {
namespace {

TEST(Status, HasTheStandardPhrase) {
    EXPECT_EQ(status(100).reason, "Trying");
    EXPECT_EQ(status(180).reason, "Ringing");
    EXPECT_EQ(status(422).reason, "Session Interval Too Small");
    EXPECT_EQ(status(487).reason, "Request Terminated");
    EXPECT_EQ(status(608).reason, "Rejected");
}

TEST(Status, HasNoPhraseForAnUnknownCode) {
    EXPECT_EQ(status(299), (Status{299, ""}));
    EXPECT_EQ(status(699), (Status{699, ""}));
}

TEST(Transport, HasANameForViaAndOneForUris) {
    EXPECT_EQ(via_name(Transport::Udp), "UDP");
    EXPECT_EQ(via_name(Transport::Tcp), "TCP");
    EXPECT_EQ(via_name(Transport::Tls), "TLS");
    EXPECT_EQ(uri_name(Transport::Udp), "udp");
    EXPECT_EQ(uri_name(Transport::Tcp), "tcp");
    EXPECT_EQ(uri_name(Transport::Tls), "tls");
    EXPECT_FALSE(is_reliable(Transport::Udp));
    EXPECT_TRUE(is_reliable(Transport::Tcp));
}

TEST(BackTo, ReturnsToWhereItCameFrom) {
    const Source source{
        InterfaceId{2}, {IpAddress::v4(192, 0, 2, 1), 5062}, Transport::Tls, ConnectionId{9}};
    EXPECT_EQ(back_to(source),
              (Target{InterfaceId{2}, source.peer, Transport::Tls, ConnectionId{9}, ""}));
}

TEST(BackTo, FindsAConnectionOfOurOwnByItsAddress) {
    const Source source{
        InterfaceId{2}, {IpAddress::v4(192, 0, 2, 1), 5060}, Transport::Tcp, ConnectionId{9}, true};
    EXPECT_EQ(back_to(source), (Target{InterfaceId{2}, source.peer, Transport::Tcp, {}, ""}));
}

}  // namespace
}  // namespace causeway::sip
