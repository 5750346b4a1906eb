#include "story.hpp"

#include <string>
#include <string_view>

/// The three-way handshake under loss (RFC 3261 §13.3.1.4, §13.2.2.4).
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";
const std::string kLivekit = R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})";

TEST(LostAck, MakesUsRepeatThe200AndEndTheCallAfter64T1) {
    Story story;
    story.carrier->invite(an_invite());
    story.run_for(Millis{200});
    ASSERT_EQ(story.carrier->count(200), 1U);
    story.run_for(Millis{31'500});
    EXPECT_EQ(story.carrier->count(200), 11U) << "at 0.5, 1.5, 3.5, 7.5 … s, then every 4 s";
    EXPECT_EQ(story.carrier->count("BYE"), 0U);
    story.run_for(Millis{1000});
    ASSERT_GE(story.carrier->count("BYE"), 1U);
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{20});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Client, By::Causeway, 200, "no_ack"}));
    EXPECT_TRUE(story.livekit->ended().front().bye_received);
    story.expect_nothing_left();
}

TEST(LateAck, StopsTheRepetition) {
    Story story;
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{2000});
    EXPECT_EQ(story.carrier->count(200), 3U);
    story.carrier->ack(invite, story.carrier->last(200));
    story.run_for(Millis{10'000});
    EXPECT_EQ(story.carrier->count(200), 3U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Repeated200, OfTheGatewayIsAckedAgain) {
    Story story({.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    const std::string sdp = an_sdp({.rtp = World::at(30, 5000)});
    for (int i = 0; i < 3; ++i) {
        story.generic->reply(leg_b, 200, "OK", "g", sdp);
        story.run_for(Millis{500});
    }
    EXPECT_EQ(story.generic->count("ACK"), 3U);
    EXPECT_EQ(story.generic->count("BYE"), 0U);
    EXPECT_EQ(story.generic->last("ACK").cseq(), leg_b.cseq());
}

TEST(ForkedAnswer, OneWinsTheOtherGetsAckAndBye) {
    Story story({.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    const std::string sdp = an_sdp({.rtp = World::at(30, 5000)});
    story.generic->reply(leg_b, 200, "OK", "first", sdp);
    story.run_for(Millis{20});
    story.generic->reply(leg_b, 200, "OK", "second", sdp);
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("ACK"), 2U);
    ASSERT_EQ(story.generic->count("BYE"), 1U);
    EXPECT_EQ(story.generic->last("BYE").to_tag(), "second");
    EXPECT_EQ(story.carrier->count(200), 1U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Stray200, ToAnInviteNobodyKnowsIsAckedAndByed) {
    Story story;
    story.establish();
    const std::string stray =
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bKformerlife\r\n"
        "From: <sip:a@127.0.0.1>;tag=old\r\nTo: <sip:b@127.0.0.20>;tag=SCL_old\r\n"
        "Call-ID: before-the-crash\r\nCSeq: 1 INVITE\r\n"
        "Contact: <sip:127.0.0.20:5060;transport=udp>\r\nContent-Length: 0\r\n\r\n";
    story.send_from(World::at(20), World::livekit_side(), stray);
    story.run_for(Millis{20});
    EXPECT_EQ(story.livekit->requests().at("ACK"), 2U);
    EXPECT_EQ(story.livekit->requests().at("BYE"), 1U);
}

/// A 200 of a former life of ours, with a Contact of the sender's choice.
std::string a_stray(std::string_view call_id, std::string_view contact) {
    return "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bKformerlife\r\n"
           "From: <sip:a@127.0.0.1>;tag=old\r\nTo: <sip:b@127.0.0.30>;tag=t\r\nCall-ID: " +
           std::string(call_id) + "\r\nCSeq: 1 INVITE\r\nContact: <sip:" + std::string(contact) +
           ">\r\nRecord-Route: <sip:127.0.0.66;lr>\r\nContent-Length: 0\r\n\r\n";
}

TEST(Stray200, IsAnsweredWhereItCameFromWhateverItsContactSays) {
    Story story({.gateways = {kGeneric}});
    story.generic->send(a_stray("former", "victim@127.0.0.66:5060"));
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("ACK"), 1U);
    ASSERT_EQ(story.generic->count("BYE"), 1U);
    EXPECT_EQ(story.generic->last("BYE").request_uri(), "sip:victim@127.0.0.66:5060");
    EXPECT_TRUE(story.stranger->inbox().empty()) << "nobody can point us at somebody else";
}

TEST(Stray200, RepeatedGetsItsAckAgainButOneByeOnly) {
    Story story({.gateways = {kGeneric}});
    for (int i = 0; i < 11; ++i) {
        story.generic->send(a_stray("former", "127.0.0.30"));
        story.run_for(Millis{20});
    }
    EXPECT_EQ(story.generic->count("ACK"), 11U);
    EXPECT_EQ(story.generic->count("BYE"), 1U);
    EXPECT_EQ(story.engine->census().transactions, 1U);
}

TEST(Stray200, OnlySoManyASecondAreAnswered) {
    Story story({.gateways = {kGeneric}});
    for (int i = 0; i < 1000; ++i) {
        story.generic->send(a_stray("former-" + std::to_string(i), "127.0.0.30"));
    }
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("ACK"), 100U);
    EXPECT_EQ(story.engine->census().transactions, 100U);
    story.run_for(Millis{1000});
    story.generic->send(a_stray("later", "127.0.0.30"));
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->last("ACK").header("Call-ID"), "later");
}

TEST(Stray200, OfALiveCallIsItsLostAck) {
    Story story({.gateways = {kGeneric}, .call = "{media_timeout: 0s}"});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    const std::string sdp = an_sdp({.rtp = World::at(30, 5000)});
    story.generic->reply(leg_b, 200, "OK", "g", sdp);
    story.run_for(Millis{20});
    story.carrier->ack(invite, story.carrier->last(200));
    story.run_for(Millis{40'000});  // Timer M has run: the transaction is gone
    story.generic->reply(leg_b, 200, "OK", "g", sdp);
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("ACK"), 2U);
    EXPECT_EQ(story.generic->count("BYE"), 0U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Late200, RepeatedByAGivenUpAttemptGetsOneBye) {
    Story story({.gateways = {kGeneric, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{2100});
    const SipText invite = story.generic->last("INVITE");
    for (int i = 0; i < 5; ++i) {
        story.generic->reply(invite, 200, "OK", "late", an_sdp({.rtp = World::at(30, 5000)}));
        story.run_for(Millis{20});
    }
    EXPECT_EQ(story.generic->count("ACK"), 5U);
    EXPECT_EQ(story.generic->count("BYE"), 1U);
}

TEST(ByeBeforeAck, WaitsForTheAck) {
    Story story({.numbers = {{"+4991874350352", Behaviour::answer(Millis{20})}}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{100});
    ASSERT_EQ(story.carrier->count(200), 1U);
    const std::string call_id(
        SipText::parse(story.livekit->live().front().invite)->header("Call-ID"));
    story.livekit->hang_up(call_id, story.clock.now());
    story.run_for(Millis{1000});
    EXPECT_EQ(story.carrier->count("BYE"), 0U) << "RFC 3261 §15: not before the ACK";
    story.carrier->ack(invite, story.carrier->last(200));
    story.run_for(Millis{20});
    ASSERT_GE(story.carrier->count("BYE"), 1U);
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{20});
    EXPECT_EQ(story.record().outcome.side, By::B);
    story.expect_nothing_left();
}

/// What we sent to this peer about BYEs: `BYE` for ours, the status of our answer to its own.
std::vector<std::string> byes_to(const Story& story, const Endpoint& peer) {
    std::vector<std::string> found;
    for (const World::Sent& sent : story.sent()) {
        const auto message = SipText::parse(sent.bytes);
        if (sent.to == peer && message && message->method() == "BYE") {
            found.push_back(message->is_request() ? "BYE" : std::to_string(message->status()));
        }
    }
    return found;
}

using Byes = std::vector<std::string>;

TEST(ByesThatCross, OnTheCarriersSideAreBothAnswered) {
    Story story;
    story.establish();
    story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now());
    story.run_for(Millis{1});  // ours is on its way to the carrier
    ASSERT_EQ(byes_to(story, World::at(10)), Byes{"BYE"});
    ASSERT_EQ(story.carrier->count("BYE"), 0U);
    story.carrier->request("BYE", story.invite, story.answer, 2);
    story.run_for(Millis{50});
    EXPECT_EQ(byes_to(story, World::at(10)), (Byes{"BYE", "200"}));
    story.carrier->request("INFO", story.invite, story.answer, 3);
    story.run_for(Millis{5});
    EXPECT_EQ(story.carrier->count(481), 1U) << "for nothing but BYE";
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::B, 200, "bye"}));
    story.expect_nothing_left();
    EXPECT_EQ(byes_to(story, World::at(10)), (Byes{"BYE", "200"})) << "once each";
}

TEST(ByesThatCross, OnTheGatewaysSideAreBothAnswered) {
    Story story;
    story.establish();
    story.carrier->request("BYE", story.invite, story.answer, 2);
    story.run_for(Millis{1});  // ours is on its way to LiveKit
    ASSERT_EQ(byes_to(story, World::at(20)), Byes{"BYE"});
    story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now());
    story.run_for(Millis{50});
    EXPECT_EQ(byes_to(story, World::at(20)), (Byes{"BYE", "200"}));
    EXPECT_EQ(byes_to(story, World::at(10)), Byes{"200"}) << "the carrier has hung up already";
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::A, 200, "bye"}));
    story.expect_nothing_left();
}

TEST(EveryMessageLostOnce, TheCallIsStillMade) {
    Story story;
    std::vector<std::string> seen;
    story.loses = [&](const Endpoint&, const Endpoint&, std::string_view bytes) {
        if (std::find(seen.begin(), seen.end(), bytes) != seen.end()) {
            return false;
        }
        seen.emplace_back(bytes);
        return true;
    };
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{500});
    story.carrier->send(invite.bytes);
    story.run_for(Millis{8000});
    ASSERT_GE(story.carrier->count(200), 1U);
    story.carrier->ack(invite, story.carrier->last(200));
    story.run_for(Millis{4000});
    story.carrier->ack(invite, story.carrier->last(200));
    story.loses = nullptr;
    story.run_for(Millis{4000});
    story.carrier->request("BYE", invite, story.carrier->last(200), 2);
    story.run_for(Millis{100});
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
    story.expect_nothing_left();
}

}  // namespace
}  // namespace causeway::testing
