#include "story.hpp"

#include "causeway/call/snapshot.hpp"

#include <string>

/// The plane is dropped in the middle of a call and built again from snapshots alone.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

TEST(Restart, ByeOfTheCarrierEndsBothLegsWithTheWholeRecord) {
    Story story;
    story.establish();
    story.run_for(Millis{4000});
    story.restart();
    EXPECT_EQ(story.engine->census().calls, 1U);
    EXPECT_EQ(story.relay->open_flows(), 1U);
    story.run_for(Millis{3000});
    story.hang_up();
    ASSERT_EQ(story.livekit->ended().size(), 1U);
    EXPECT_TRUE(story.livekit->ended().front().bye_received);
    const port::CallRecord& record = story.record();
    EXPECT_EQ(record.outcome, (call::Outcome{Cause::Success, By::A, 200, "bye"}));
    EXPECT_EQ(record.tenant, "acme");
    EXPECT_EQ(record.gateway, "default/lk");
    EXPECT_EQ(record.livekit_call_id.substr(0, 4), "SCL_");
    ASSERT_TRUE(record.duration_ms && record.setup_ms && record.answer && record.ringing);
    EXPECT_GE(*record.duration_ms, 7000) << "from the answer, not from the restart";
    EXPECT_LT(*record.setup_ms, 200);
    story.expect_nothing_left();
}

TEST(Restart, ByeOfTheGatewayEndsBothLegs) {
    Story story;
    story.establish();
    story.restart();
    ASSERT_TRUE(story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now()));
    story.run_for(Millis{50});
    const SipText& bye = story.carrier->last("BYE");
    EXPECT_EQ(bye.request_uri(), "sip:trunk@127.0.0.10:5060");
    story.carrier->reply(bye, 200, "OK");
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::B, 200, "bye"}));
    story.expect_nothing_left();
}

TEST(Restart, ReinviteIsAnsweredWithTheSameAddressAndANewerVersion) {
    Story story;
    story.establish();
    const Endpoint before = Story::our_rtp(story.answer.body);
    story.restart();
    const std::string hold =
        an_sdp({.rtp = {IpAddress::v4(127, 0, 0, 10), 40000}, .direction = "sendonly"});
    story.carrier->request("INVITE", story.invite, story.answer, 2, hold);
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(200), 2U);
    const auto ours = SdpText::parse(story.carrier->last(200).body);
    EXPECT_EQ(Story::our_rtp(story.carrier->last(200).body), before);
    EXPECT_EQ(ours->direction, "recvonly");
    EXPECT_EQ(ours->session_id, SdpText::parse(story.answer.body)->session_id);
    EXPECT_NE(ours->version, SdpText::parse(story.answer.body)->version);
}

TEST(Restart, BetweenHoldAndResumeChangesNothing) {
    Story story;
    story.establish();
    const auto change = [&](const char* direction, std::uint32_t cseq) {
        story.carrier->request("INVITE", story.invite, story.answer, cseq,
                               an_sdp({.rtp = World::at(10, 40000), .direction = direction}));
        story.run_for(Millis{20});
        const SipText ok = story.carrier->last(200);
        story.carrier->request("ACK", story.invite, story.answer, cseq);
        story.run_for(Millis{20});
        return *SdpText::parse(ok.body);
    };
    const auto held = change("sendonly", 2);
    EXPECT_EQ(held.direction, "recvonly");
    story.restart();
    const auto resumed = change("sendrecv", 3);
    EXPECT_EQ(resumed.direction, "sendrecv");
    EXPECT_EQ(resumed.session_id, held.session_id);
    EXPECT_GT(resumed.version, held.version);
    story.carrier->request("BYE", story.invite, story.answer, 4);
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::A, 200, "bye"}));
    story.expect_nothing_left();
}

TEST(Restart, BeforeTheAnswerToOurOwnOfferChangesNothing) {
    Story story;
    story.establish();
    story.carrier->request("INVITE", story.invite, story.answer, 2);  // without an offer
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(200), 2U);
    ASSERT_FALSE(story.carrier->last(200).body.empty());
    story.restart();
    story.carrier->request("ACK", story.invite, story.answer, 2,
                           an_sdp({.rtp = World::at(10, 44444), .formats = "0 101"}));
    story.run_for(Millis{3000});
    EXPECT_EQ(story.carrier->count(200), 2U) << "it is acknowledged";
    EXPECT_EQ(story.audio_goes_to(), World::at(10, 44444));
    story.carrier->request("BYE", story.invite, story.answer, 3);
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::A, 200, "bye"}));
    story.expect_nothing_left();
}

TEST(Restart, ReinviteOfTheGatewayIsAnsweredToo) {
    Story story({.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    story.generic->reply(leg_b, 200, "OK", "g", an_sdp({.rtp = World::at(30, 5000)}));
    story.run_for(Millis{20});
    const SipText answer = story.carrier->last(200);
    story.carrier->ack(invite, answer);
    story.run_for(Millis{20});
    story.restart();
    story.generic->request_as_callee("INVITE", leg_b, "g", 5,
                                     an_sdp({.rtp = World::at(30, 6000), .version = 2}));
    story.run_for(Millis{20});
    ASSERT_EQ(story.generic->count(200), 1U);
    EXPECT_EQ(Story::our_rtp(story.generic->last(200).body), Story::our_rtp(leg_b.body));
    story.generic->request_as_callee("ACK", leg_b, "g", 5);
    story.generic->request_as_callee("BYE", leg_b, "g", 6);
    story.run_for(Millis{50});
    ASSERT_EQ(story.carrier->count("BYE"), 1U);
    EXPECT_EQ(story.carrier->count("INVITE"), 0U);
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{50});
    story.expect_nothing_left();
}

TEST(Restart, LongestDurationEndsTheCallWhenItWouldHave) {
    Story story({.call = "{max_duration: 60s, media_timeout: 0s}"});
    story.establish();
    const WallTime answered = story.clock.wall();
    story.run_for(Millis{20'000});
    story.restart();
    story.run_for(Millis{60'000});
    const port::CallRecord& record = story.record();
    EXPECT_EQ(record.outcome.reason, "max_duration");
    EXPECT_NEAR(static_cast<double>((*record.end - answered).count()), 60'000, 300);
}

TEST(Restart, SilenceIsCountedAnew) {
    Story story({.call = "{media_timeout: 20s}"});
    story.establish();
    story.run_for(Millis{10'000});
    story.restart();
    story.run_for(Millis{19'000});
    EXPECT_EQ(story.records.size(), 0U);
    story.run_for(Millis{2'000});
    EXPECT_EQ(story.record().outcome.reason, "media_timeout");
}

TEST(Restart, GoesOnRepeatingThe200UntilItsAck) {
    Story story;
    story.invite = *SipText::parse(an_invite().text());
    story.carrier->send(story.invite.bytes);
    story.run_for(Millis{200});
    story.answer = story.carrier->last(200);
    story.restart();
    story.run_for(Millis{1000});
    EXPECT_GE(story.carrier->count(200), 2U);
    EXPECT_EQ(story.carrier->last(200).bytes, story.answer.bytes);
    story.carrier->send(story.invite.bytes);  // its transaction is gone: it must not be a new call
    story.run_for(Millis{50});
    EXPECT_EQ(story.engine->census().calls, 1U);
    story.carrier->ack(story.invite, story.answer);
    story.run_for(Millis{50});
    const std::size_t seen = story.carrier->count(200);
    story.run_for(Millis{10'000});
    EXPECT_EQ(story.carrier->count(200), seen);
    EXPECT_EQ(story.records.size(), 0U);
}

TEST(Restart, AnswersARepeatedReinviteAndKeepsNoTransactionOfIt) {
    Story story;
    story.establish();
    std::string text;
    story.loses = [&text](const Endpoint& from, const Endpoint& to, std::string_view bytes) {
        if (from == World::at(10) && bytes.starts_with("INVITE")) {
            text = bytes;
        }
        return to == World::at(10) && bytes.starts_with("SIP/2.0 200");
    };
    const std::string hold =
        an_sdp({.rtp = {IpAddress::v4(127, 0, 0, 10), 40000}, .direction = "sendonly"});
    story.carrier->request("INVITE", story.invite, story.answer, 2, hold);
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(200), 1U) << "lost";
    story.restart();
    story.loses = {};
    story.carrier->send(text);
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(200), 2U);
    EXPECT_EQ(story.carrier->last(200).header("CSeq"), "2 INVITE");
    story.carrier->ack(*SipText::parse(text), story.carrier->last(200));
    story.run_for(Millis{50});
    story.carrier->request("BYE", story.invite, story.answer, 3);
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::A, 200, "bye"}));
    story.expect_nothing_left();
}

TEST(Restart, AnswersARepeatedInviteThoughItTakesNoNewCalls) {
    Story story;
    story.invite = *SipText::parse(an_invite().text());
    story.carrier->send(story.invite.bytes);
    story.run_for(Millis{200});
    story.answer = story.carrier->last(200);
    story.restart();
    story.engine->drain();
    const std::size_t seen = story.carrier->count(200);
    story.carrier->send(story.invite.bytes);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(503), 0U);
    EXPECT_EQ(story.carrier->count(200), seen + 1);
    EXPECT_EQ(story.engine->census().transactions, 0U);
    story.carrier->ack(story.invite, story.answer);
    story.run_for(Millis{50});
    story.hang_up();
    story.expect_nothing_left();
}

TEST(Restart, AcksARepeated200OfTheGatewayInsteadOfEndingIt) {
    Story story;
    story.loses = [](const Endpoint& /*from*/, const Endpoint& to, std::string_view bytes) {
        return to == World::at(20) && bytes.starts_with("ACK");
    };
    story.carrier->invite(an_invite());
    story.run_for(Millis{60});
    story.restart();
    story.loses = {};
    story.run_for(Millis{1500});
    ASSERT_EQ(story.livekit->live().size(), 1U);
    EXPECT_TRUE(story.livekit->live().front().acked);
    EXPECT_FALSE(story.livekit->live().front().bye_received);
}

TEST(Restart, EndsACallWhosePortsSomebodyElseHas) {
    Story story;
    story.establish();
    const std::string snapshot = story.engine->snapshots().at(0);
    ASSERT_FALSE(story.engine->restore(snapshot)) << "it is here already";
    const Anchor anchor{story.clock.now(), story.clock.wall()};
    auto copy = call::decode(snapshot, anchor);
    ASSERT_TRUE(copy) << copy.error().what;
    copy->id.value ^= 2U;
    copy->a->local_tag = "another";
    copy->b->local_tag = "another";
    ASSERT_TRUE(story.engine->restore(call::encode(*copy, anchor)));
    story.run_for(Millis{100});
    EXPECT_EQ(story.record().outcome.reason, "no_ports");
    EXPECT_EQ(story.engine->census().calls, 1U);
    EXPECT_EQ(story.relay->open_flows(), 1U) << "the first call keeps its ports";
}

}  // namespace
}  // namespace causeway::testing
