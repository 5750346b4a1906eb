#include "story.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// What peers do that nobody asked them to: merged and doubled requests, forks that answer late,
/// holds without music, names full of odd characters.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";

/// A call between the carrier and the scripted gateway, which is `tag` to us.
class GatewayStory : public Story {
public:
    GatewayStory() : Story({.gateways = {kGeneric}}) {
        invite = *SipText::parse(an_invite().text());
        carrier->send(invite.bytes);
        run_for(Millis{20});
        leg_b = generic->last("INVITE");
    }
    void answered() {
        generic->reply(leg_b, 200, "OK", "g", an_sdp({.rtp = at(30, 5000)}));
        run_for(Millis{20});
        answer = carrier->last(200);
        carrier->ack(invite, answer);
        run_for(Millis{20});
    }
    /// The carrier changes its session and acknowledges our answer.
    void reinvite(const SdpOptions& options, std::uint32_t cseq) {
        carrier->request("INVITE", invite, answer, cseq, an_sdp(options));
        run_for(Millis{20});
        SipText asked = invite;
        for (auto& [name, value] : asked.headers) {
            if (name == "CSeq") {
                value = std::to_string(cseq) + " INVITE";
            }
        }
        carrier->ack(asked, carrier->last(200));
        run_for(Millis{20});
    }
};

// ── merged requests ─────────────────────────────────────────────────────────────────────────────

TEST(MergedInvite, WhileTheFirstIsBeingServedIs482AndRingsNobodyTwice) {
    GatewayStory story;
    std::string again = story.invite.bytes;
    again.replace(again.find("z9hG4bKa1"), 9, "z9hG4bKb2");
    story.carrier->send(again);
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("INVITE"), 1U);
    ASSERT_EQ(story.carrier->count(482), 1U) << "RFC 3261 §8.2.2.2";
    EXPECT_EQ(story.carrier->last(482).header("X-Causeway-Reason"), "loop");
    story.answered();
    story.carrier->send(again);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(482), 2U);
    EXPECT_EQ(story.engine->census().calls, 1U);
    story.hang_up();
    story.generic->reply(story.generic->last("BYE"), 200, "OK");
    story.expect_nothing_left();
}

TEST(MergedInvite, AfterARefusalIsANewTry) {
    GatewayStory story;
    story.generic->reply(story.leg_b, 486, "Busy Here", "g");
    story.run_for(Millis{20});
    story.carrier->ack(story.invite, story.carrier->last(486));
    std::string again = story.invite.bytes;
    again.replace(again.find("z9hG4bKa1"), 9, "z9hG4bKb2");
    story.carrier->send(again);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(482), 0U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(MergedInvite, WhoseRefusalWasLostIsNoNewTryWhenItsSiblingIsOver) {
    GatewayStory story;
    std::string again = story.invite.bytes;
    again.replace(again.find("z9hG4bKa1"), 9, "z9hG4bKb2");
    story.loses = [](const Endpoint& /*from*/, const Endpoint& /*to*/, std::string_view bytes) {
        return bytes.starts_with("SIP/2.0 482");
    };
    story.carrier->send(again);
    story.run_for(Millis{20});
    story.generic->reply(story.leg_b, 486, "Busy Here", "g");
    story.run_for(Millis{20});
    story.carrier->ack(story.invite, story.carrier->last(486));
    story.loses = {};
    story.carrier->send(again);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(482), 1U);
    EXPECT_EQ(story.generic->count("INVITE"), 1U) << "nobody is rung a second time";
    EXPECT_EQ(story.engine->census().calls, 0U);
}

TEST(MergedInvite, ToAnotherNumberIsAnotherCall) {
    GatewayStory story;
    const std::string other = an_invite().to("+493012345001").branch("b2").text();
    std::string fork = other;
    fork.replace(fork.find("from-b2"), 7, "from-a1");
    story.carrier->send(fork);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(482), 0U);
    EXPECT_EQ(story.generic->count("INVITE"), 2U);
}

// ── forks and re-INVITEs of the gateway ─────────────────────────────────────────────────────────

TEST(ForkedAnswer, AfterAReinviteOfTheWinnerIsStillAckedAndByed) {
    GatewayStory story;
    story.answered();
    story.generic->request_as_callee("INVITE", story.leg_b, "g", 5,
                                     an_sdp({.rtp = World::at(30, 6000), .version = 2}));
    story.run_for(Millis{20});
    const std::size_t acks = story.generic->count("ACK");
    story.generic->reply(story.leg_b, 200, "OK", "late", an_sdp({.rtp = World::at(30, 7000)}));
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("ACK"), acks + 1);
    ASSERT_EQ(story.generic->count("BYE"), 1U);
    EXPECT_EQ(story.generic->last("BYE").to_tag(), "late");
}

TEST(Counters, CountACallAsAnsweredOnce) {
    GatewayStory story;
    story.answered();
    story.reinvite({.rtp = World::at(10, 40000), .version = 2}, 2);
    story.reinvite({.rtp = World::at(10, 40000), .version = 3}, 3);
    EXPECT_EQ(story.engine->counters().answered, 1U);
}

// ── hold ────────────────────────────────────────────────────────────────────────────────────────

TEST(Hold, WithoutMusicIsNoMediaTimeout) {
    struct Row {
        const char* what;
        SdpOptions offer;
    };
    const Row rows[] = {
        {"sendonly", {.rtp = World::at(10, 40000), .direction = "sendonly", .version = 2}},
        {"inactive", {.rtp = World::at(10, 40000), .direction = "inactive", .version = 2}},
        {"c=0.0.0.0 (RFC 2543)", {.rtp = {IpAddress::v4(0, 0, 0, 0), 40000}, .version = 2}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        Story story({.call = "{media_timeout: 10s}"});
        story.establish();
        const Endpoint b_port = Story::our_rtp(story.leg_b.body);
        const Endpoint livekit{IpAddress::v4(127, 0, 0, 20),
                               story.livekit->live().front().local_rtp};
        story.carrier->request("INVITE", story.invite, story.answer, 2, an_sdp(row.offer));
        story.run_for(Millis{20});
        SipText asked = story.invite;
        for (auto& [name, value] : asked.headers) {
            value = name == "CSeq" ? "2 INVITE" : value;
        }
        story.carrier->ack(asked, story.carrier->last(200));
        for (std::uint16_t i = 0; i < 1000; ++i) {  // 20 s of the gateway alone
            story.relay->inject_rtp(b_port, livekit, 0, i, 0xbbbb);
            story.run_for(Millis{20});
        }
        EXPECT_EQ(story.carrier->count("BYE"), 0U);
        EXPECT_EQ(story.engine->census().calls, 1U);
    }
}

TEST(Hold, ThatEndsInSilenceIsAMediaTimeout) {
    Story story({.call = "{media_timeout: 10s}"});
    story.establish();
    const auto change = [&](const char* direction, unsigned cseq) {
        story.carrier->request(
            "INVITE", story.invite, story.answer, cseq,
            an_sdp({.rtp = World::at(10, 40000), .direction = direction, .version = cseq}));
        story.run_for(Millis{20});
        SipText asked = story.invite;
        for (auto& [name, value] : asked.headers) {
            value = name == "CSeq" ? std::to_string(cseq) + " INVITE" : value;
        }
        story.carrier->ack(asked, story.carrier->last(200));
    };
    const Endpoint b_port = Story::our_rtp(story.leg_b.body);
    const Endpoint livekit{IpAddress::v4(127, 0, 0, 20), story.livekit->live().front().local_rtp};
    std::uint16_t sequence = 0;
    const auto gateway_talks = [&](int packets) {
        for (int i = 0; i < packets; ++i) {
            story.relay->inject_rtp(b_port, livekit, 0, ++sequence, 0xbbbb);
            story.run_for(Millis{20});
        }
    };
    change("sendonly", 2);
    gateway_talks(1000);
    change("sendrecv", 3);
    gateway_talks(450);
    EXPECT_EQ(story.carrier->count("BYE"), 0U);
    gateway_talks(150);
    EXPECT_GE(story.carrier->count("BYE"), 1U);
}

TEST(Reinvite, WithoutOfferDuringHoldRaisesTheVersionOfOurDescription) {
    GatewayStory story;
    story.answered();
    story.reinvite({.rtp = World::at(10, 40000), .direction = "sendonly", .version = 2}, 2);
    const auto held = SdpText::parse(story.carrier->last(200).body);
    story.carrier->request("INVITE", story.invite, story.answer, 3);
    story.run_for(Millis{20});
    const auto offered = SdpText::parse(story.carrier->last(200).body);
    EXPECT_EQ(held->direction, "recvonly");
    EXPECT_EQ(offered->direction, "sendrecv");
    EXPECT_EQ(offered->session_id, held->session_id);
    EXPECT_GT(offered->version, held->version) << "RFC 3264 §8";
}

// ── Contact ─────────────────────────────────────────────────────────────────────────────────────

TEST(Bye, ToAContactNobodyCanReachGoesWhereThePeerIs) {
    for (const char* host : {"0.0.0.0", "[::]:5060", "224.0.0.1:5060", "[2001:db8::1]",
                             "switch.carrier.example:5062"}) {
        SCOPED_TRACE(host);
        Story story;
        story.establish(an_invite().without("Contact").header(
            "Contact", std::string("<sip:trunk@") + host + ">"));
        ASSERT_TRUE(story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now()));
        story.run_for(Millis{50});
        EXPECT_EQ(story.carrier->count("BYE"), 1U);
    }
}

// ── what is copied ──────────────────────────────────────────────────────────────────────────────

TEST(LegB, DoesNotEscapeTwice) {
    Story story;
    story.establish(an_invite().from("sales%22desk"));
    EXPECT_EQ(user_of(uri_of(story.leg_b.header("From"))), "sales%22desk");
}

TEST(Record, NamesLivekitsCallOnlyIfLivekitHasIt) {
    Behaviour conflict = Behaviour::refuse(503, "Try again later");
    conflict.rings = true;
    Story story({.gateways = {R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})", kGeneric},
                 .numbers = {{"+4991874350352", conflict}}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{100});
    story.generic->reply(story.generic->last("INVITE"), 486, "Busy Here", "g");
    story.run_for(Millis{20});
    story.carrier->ack(invite, story.carrier->last(486));
    EXPECT_EQ(story.record().gateway, "default/gw");
    EXPECT_EQ(story.record().livekit_call_id, "") << "the attempt before it";
    story.expect_nothing_left();
}

TEST(StatelessRefusal, OfARepeatedRequestKeepsItsTag) {
    Story story;
    const std::string invite = an_invite().header("Require", "100rel").text();
    story.carrier->send(invite);
    story.run_for(Millis{500});
    const std::string tag(story.carrier->last(420).to_tag());
    story.carrier->send(invite);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(420), 2U);
    EXPECT_EQ(story.carrier->last(420).to_tag(), tag) << "RFC 3261 §8.2.7";
}

}  // namespace
}  // namespace causeway::testing
