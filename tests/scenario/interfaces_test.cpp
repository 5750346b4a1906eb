#include "story.hpp"

#include <string>

/// Gateways behind different interfaces: each attempt leaves by its own, with ports and addresses
/// of that one.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

const std::string kLivekit = R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})";
const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";

TEST(Attempt, OffersAnAddressOfTheInterfaceItLeavesBy) {
    Story story({.gateways = {kGeneric}, .second = true});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    const SipText first = story.generic->last("INVITE");
    EXPECT_EQ(Story::our_rtp(first.body).port / 1000, 15);
    story.generic->reply(first, 503, "Service Unavailable", "g");
    story.run_for(Millis{20});
    const SipText second = story.distant->last("INVITE");
    EXPECT_EQ(Story::our_rtp(second.body).port / 1000, 16) << "of the second interface";
    EXPECT_EQ(second.header("Contact"), "<sip:127.0.0.1:5090;transport=udp>");
    story.distant->reply(second, 200, "OK", "d", an_sdp({.rtp = World::at(40, 5000)}));
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(200), 1U);
    const Endpoint a_port = Story::our_rtp(story.carrier->last(200).body);
    EXPECT_EQ(a_port.port / 1000, 10);
    story.carrier->ack(invite, story.carrier->last(200));
    story.relay->inject_rtp(a_port, World::at(10, 40000), 8, 1);
    const auto sent = story.relay->take_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent.front().to, World::at(40, 5000));
    EXPECT_EQ(sent.front().from, Story::our_rtp(second.body));
    EXPECT_EQ(story.relay->open_flows(), 1U);
    story.carrier->request("BYE", invite, story.carrier->last(200), 2);
    story.run_for(Millis{20});
    story.distant->reply(story.distant->last("BYE"), 200, "OK");
    ASSERT_TRUE(story.record().media);
    EXPECT_EQ(story.record().media->a.packets, 1U);
    story.expect_nothing_left();
}

TEST(Attempt, GoesByAnotherInterfaceIfOneHasNoPorts) {
    Story story({.gateways = {kGeneric, kLivekit}, .ports = "15000-15001", .second = true});
    story.carrier->invite(an_invite());
    story.run_for(Millis{20});
    story.carrier->invite(an_invite().branch("a2").call_id("call-2@carrier.example"));
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("INVITE"), 1U);
    EXPECT_TRUE(story.livekit->requests().empty());
    EXPECT_EQ(story.distant->count("INVITE"), 1U);
    EXPECT_EQ(story.carrier->count(503), 0U);
}

TEST(Attempt, FindsNoPortsOnAnyInterface) {
    Story story({.gateways = {kGeneric},
                 .ports = "15000-15001",
                 .second = true,
                 .second_ports = "16000-16001"});
    for (const char* call : {"1", "2", "3"}) {
        story.carrier->invite(an_invite().branch(call).call_id(call));
        story.run_for(Millis{20});
    }
    ASSERT_EQ(story.carrier->count(503), 1U);
    EXPECT_EQ(story.record().outcome,
              (call::Outcome{Cause::Server, By::Causeway, 503, "no_ports"}));
}

}  // namespace
}  // namespace causeway::testing
