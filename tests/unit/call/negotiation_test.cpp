#include "causeway/call/negotiation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::call {
namespace {

std::string sdp(const std::string& ip, const std::string& port, const std::string& formats,
                const std::string& direction = "sendrecv") {
    return "v=0\r\no=- 5 1 IN IP4 " + ip + "\r\ns=-\r\nc=IN IP4 " + ip + "\r\nt=0 0\r\nm=audio " +
           port + " RTP/AVP " + formats +
           "\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 "
           "telephone-event/8000\r\na=" +
           direction + "\r\n";
}

Endpoint at(std::uint8_t octet, std::uint16_t port) {
    return {IpAddress::v4(192, 0, 2, octet), port};
}

routing::Target a_gateway(routing::Kind kind) {
    routing::Target target;
    target.kind = kind;
    return target;
}

Negotiation begun(const std::string& offer) {
    auto negotiation = Negotiation::begin(offer, 0x0123456789abcdef);
    EXPECT_TRUE(negotiation.has_value());
    negotiation->opened(at(100, 10000), at(200, 20000));
    return *negotiation;
}

struct Directions {
    const char* of_a;
    const char* of_b;
    const char* to_a;  ///< what we answer
    bool a_hears;
    bool a_speaks;
};

TEST(Negotiation, JoinsWhatBothEndsCanDo) {
    const Directions rows[] = {
        {"sendrecv", "sendrecv", "sendrecv", true, true},
        {"sendonly", "sendrecv", "recvonly", false, false},  // hold, with music or without
        {"recvonly", "sendrecv", "sendonly", true, false},
        {"inactive", "sendrecv", "inactive", false, false},
        {"sendrecv", "recvonly", "recvonly", true, true},
        {"sendrecv", "inactive", "inactive", true, false},
    };
    for (const Directions& row : rows) {
        SCOPED_TRACE(std::string(row.of_a) + " and " + row.of_b);
        Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "0 101", row.of_a));
        ASSERT_TRUE(negotiation.offer_for(a_gateway(routing::Kind::Generic)));
        const auto answer = negotiation.answered(sdp("198.51.100.2", "5000", "0 101", row.of_b));
        ASSERT_TRUE(answer);
        EXPECT_NE(answer->find(std::string("a=") + row.to_a + "\r\n"), std::string::npos)
            << *answer;
        EXPECT_EQ(negotiation.side(End::A).hears, row.a_hears);
        EXPECT_EQ(negotiation.side(End::A).speaks, row.a_speaks);
    }
}

TEST(Negotiation, TellsTheRelayWhoSendsWhat) {
    Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "8 0 101"));
    ASSERT_TRUE(negotiation.offer_for(a_gateway(routing::Kind::Livekit)));
    ASSERT_TRUE(negotiation.answered(sdp("198.51.100.2", "5000", "0 101")));
    EXPECT_EQ(negotiation.codec(), "PCMU");
    const MediaSide& a = negotiation.side(End::A);
    const MediaSide& b = negotiation.side(End::B);
    EXPECT_EQ(a.peer.to_string(), "198.51.100.1:4000");
    EXPECT_EQ(a.rtcp.to_string(), "198.51.100.1:4001");
    EXPECT_EQ(b.peer.to_string(), "198.51.100.2:5000");
    EXPECT_EQ(a.payload_types, (std::vector<std::uint8_t>{0, 101}));
    EXPECT_EQ(b.payload_types, a.payload_types);
    EXPECT_TRUE(a.wants_rtcp);
    EXPECT_FALSE(b.wants_rtcp) << "LiveKit takes RTCP for a stray stream";
}

TEST(Negotiation, AnOldStyleHoldStopsWhatWeSend) {
    Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "0"));
    ASSERT_TRUE(negotiation.offer_for(a_gateway(routing::Kind::Livekit)));
    ASSERT_TRUE(negotiation.answered(sdp("198.51.100.2", "5000", "0")));
    ASSERT_TRUE(negotiation.reoffered(End::A, sdp("0.0.0.0", "4000", "0")));
    EXPECT_FALSE(negotiation.side(End::A).hears);
}

TEST(Negotiation, ARefusedChangeChangesNothing) {
    Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "0"));
    ASSERT_TRUE(negotiation.offer_for(a_gateway(routing::Kind::Livekit)));
    ASSERT_TRUE(negotiation.answered(sdp("198.51.100.2", "5000", "0")));
    const MediaSide before = negotiation.side(End::A);
    EXPECT_FALSE(negotiation.reoffered(End::A, sdp("198.51.100.9", "4000", "8")));
    EXPECT_FALSE(negotiation.reoffered(End::A, "nonsense"));
    EXPECT_EQ(negotiation.side(End::A), before);
}

TEST(Negotiation, TakesAnAnswerInAnAckOnlyIfItMadeAnOffer) {
    Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "0"));
    ASSERT_TRUE(negotiation.offer_for(a_gateway(routing::Kind::Livekit)));
    ASSERT_TRUE(negotiation.answered(sdp("198.51.100.2", "5000", "0")));
    const std::string moved = sdp("198.51.100.1", "4444", "0");
    EXPECT_FALSE(negotiation.reanswered(End::A, moved));
    ASSERT_TRUE(negotiation.our_offer(End::A));
    EXPECT_TRUE(negotiation.reanswered(End::A, moved));
    EXPECT_EQ(negotiation.side(End::A).peer.port, 4444);
    EXPECT_FALSE(negotiation.reanswered(End::A, moved)) << "once";
}

TEST(Negotiation, OffersAnewVersionOnlyOfWhatHasChanged) {
    Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "0 101"));
    negotiation.opened({IpAddress::v4(192, 0, 2, 1), 4002}, {IpAddress::v4(192, 0, 2, 1), 5002});
    ASSERT_TRUE(negotiation.offer_for(a_gateway(routing::Kind::Generic)));
    const auto answer = negotiation.answered(sdp("198.51.100.2", "5000", "0 101"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(*negotiation.our_offer(End::A), *answer);
    ASSERT_TRUE(negotiation.reoffered(
        End::A, sdp("198.51.100.1", "4000", "0 101", "sendonly")));  // our version 2
    EXPECT_NE(negotiation.our_offer(End::A)->find(" 3 IN IP4 192.0.2.1\r\n"), std::string::npos);
}

TEST(Negotiation, NeverShowsOneEndsAddressToTheOther) {
    Negotiation negotiation = begun(sdp("198.51.100.1", "4000", "0 101") +
                                    "a=x-origin:198.51.100.1\r\na=candidate:1 1 UDP 1 198.51.100.1 "
                                    "4000 typ host\r\n");
    const auto offer = negotiation.offer_for(a_gateway(routing::Kind::Generic));
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->find("198.51.100.1"), std::string::npos) << *offer;
    const auto answer = negotiation.answered(sdp("198.51.100.2", "5000", "0 101"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->find("198.51.100.2"), std::string::npos) << *answer;
}

}  // namespace
}  // namespace causeway::call
