#include "story.hpp"

#include <string>
#include <vector>

/// The main job: an INVITE comes in, a clean one goes out, both legs end, one record is left.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

TEST(AnsweredCall, EndsByTheCarriersByeWithOneRecordAndNothingLeft) {
    Story story;
    story.establish();
    story.run_for(Millis{5000});
    story.hang_up();
    ASSERT_EQ(story.livekit->ended().size(), 1U);
    EXPECT_TRUE(story.livekit->ended().front().bye_received);
    EXPECT_EQ(story.carrier->count(200), 2U) << "INVITE and BYE";
    const port::CallRecord& record = story.record();
    EXPECT_EQ(record.outcome, (call::Outcome{Cause::Success, By::A, 200, "bye"}));
    EXPECT_EQ(record.tenant, "acme");
    EXPECT_EQ(record.carrier, "primary");
    EXPECT_EQ(record.gateway, "default/lk");
    EXPECT_EQ(record.from, "+4930123456");
    EXPECT_EQ(record.to, "+4991874350352");
    EXPECT_EQ(record.codec, "PCMU") << "LiveKit's own priority";
    EXPECT_EQ(record.livekit_call_id.substr(0, 4), "SCL_");
    ASSERT_EQ(record.attempts.size(), 1U);
    EXPECT_EQ(record.attempts[0].status, 200);
    ASSERT_TRUE(record.answer && record.end && record.ringing);
    EXPECT_GE(*record.answer, *record.ringing);
    EXPECT_GE(*record.duration_ms, 5000);
    story.expect_nothing_left();
}

TEST(AnsweredCall, EndsByTheGatewaysBye) {
    Story story;
    story.establish();
    ASSERT_TRUE(story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now()));
    story.run_for(Millis{50});
    const SipText& bye = story.carrier->last("BYE");
    EXPECT_EQ(bye.request_uri(), "sip:trunk@127.0.0.10:5060");
    EXPECT_EQ(bye.header("Reason"), "Q.850;cause=16");
    story.carrier->reply(bye, 200, "OK");
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::B, 200, "bye"}));
    EXPECT_TRUE(story.livekit->ended().front().bye_answered);
    story.expect_nothing_left();
}

TEST(AnsweredCall, RingsOnceHoweverOftenTheGatewayRings) {
    Story story({.numbers = {{"+4991874350352", Behaviour::answer(Millis{4500})}}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{4400});
    EXPECT_EQ(story.carrier->count(100), 1U);
    EXPECT_EQ(story.carrier->count(180), 1U);
    story.run_for(Millis{200});
    EXPECT_EQ(story.carrier->count(200), 1U);
}

TEST(LegB, IsTheCleanCallOfTheContract) {
    Story story;
    story.establish(an_invite()
                        .to("091874350352")
                        .display("Erika \\\"Q\\\" Mustermann")
                        .host("sbc.acme.example:5060")
                        .header("X-To-IP", "6.6.6.6")
                        .header("X-Tenant-ID", "mallory")
                        .header("X-Causeway-Call-ID", "0000")
                        .header("X-Twilio-CallSid", "CA123")
                        .header("X-Campaign", "spring")
                        .header("X-Secret", "do not pass")
                        .header("P-Asserted-Identity", "<sip:+49666@carrier.example>"));
    const SipText& b = story.leg_b;
    EXPECT_EQ(b.request_uri(), "sip:+4991874350352@127.0.0.20:5060");
    EXPECT_EQ(b.header("To"), "<sip:+4991874350352@127.0.0.20:5060>");
    EXPECT_EQ(b.header("From").substr(0, b.header("From").find(";tag=")),
              R"("Erika \"Q\" Mustermann" <sip:+4930123456@127.0.0.1>)");
    EXPECT_EQ(b.header("Contact"), "<sip:127.0.0.1:5080;transport=udp>");
    EXPECT_EQ(b.header("Max-Forwards"), "69");
    EXPECT_EQ(b.header("X-To-IP"), "sbc.acme.example");
    EXPECT_EQ(b.header("X-Tenant-ID"), "acme");
    EXPECT_EQ(b.header("X-Original-To"), "091874350352");
    EXPECT_EQ(b.header("X-Carrier"), "primary");
    EXPECT_EQ(b.header("X-Causeway-Call-ID").size(), 16U);
    EXPECT_EQ(b.header("X-Twilio-CallSid"), "CA123");
    EXPECT_EQ(b.header("X-Campaign"), "spring");
    for (const char* once : {"X-To-IP", "X-Tenant-ID", "X-Causeway-Call-ID", "Via", "Contact"}) {
        EXPECT_EQ(b.all(once).size(), 1U) << once;
    }
    for (const char* gone : {"X-Secret", "P-Asserted-Identity", "User-Agent", "Record-Route"}) {
        EXPECT_FALSE(b.has(gone)) << gone;
    }
    EXPECT_EQ(b.header("Content-Type"), "application/sdp");
    const auto sdp = SdpText::parse(b.body);
    ASSERT_TRUE(sdp);
    EXPECT_EQ(sdp->sections, 1U);
    EXPECT_EQ(sdp->address, "127.0.0.1");
    EXPECT_EQ(sdp->formats.size(), 3U);
    EXPECT_EQ(sdp->formats.front().payload_type, 8) << "the offerer's order";
}

TEST(LegB, GivesAnAnonymousCallerANameOfItsOwn) {
    Story story;
    story.establish(an_invite().from("anonymous"));
    const std::string user = user_of(uri_of(story.leg_b.header("From")));
    EXPECT_EQ(user,
              "anonymous-" + std::string(story.leg_b.header("X-Causeway-Call-ID")).substr(0, 12));
}

TEST(LegB, HasItsOwnCallIdTagsAndVia) {
    Story story;
    story.establish();
    EXPECT_NE(story.leg_b.header("Call-ID"), story.invite.header("Call-ID"));
    EXPECT_NE(story.leg_b.from_tag(), story.invite.from_tag());
    EXPECT_NE(story.leg_b.branch(), story.invite.branch());
}

/// Every byte of each leg is searched for what belongs to the other one alone.
TEST(TopologyHiding, NeitherLegShowsTheOther) {
    Story story;
    story.establish(an_invite()
                        .header("User-Agent", "Carrier-Switch/9.1")
                        .header("Record-Route", "<sip:proxy.carrier.example;lr>"));
    ASSERT_TRUE(story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now()));
    story.run_for(Millis{50});
    const std::vector<std::string> of_a{"127.0.0.10",
                                        "call-1@carrier.example",
                                        "from-a1",
                                        "z9hG4bKa1",
                                        "Carrier-Switch/9.1",
                                        "carrier.example",
                                        "carrier session",
                                        "switch 77",
                                        ":40000",
                                        std::string(story.answer.to_tag())};
    const std::vector<std::string> of_b{"127.0.0.20",
                                        std::string(story.leg_b.header("Call-ID")),
                                        story.leg_b.from_tag(),
                                        story.leg_b.branch(),
                                        "SCL_",
                                        "LiveKit",
                                        "5080"};
    std::size_t seen = 0;
    for (const World::Sent& sent : story.sent()) {
        const bool to_b = sent.to == World::at(20);
        for (const std::string& secret : to_b ? of_a : of_b) {
            EXPECT_EQ(sent.bytes.find(secret), std::string::npos) << secret << " in\n"
                                                                  << sent.bytes;
            ++seen;
        }
    }
    EXPECT_GT(seen, 40U);
}

TEST(AnsweredCall, ReplaysByteForByteFromTheSameSeed) {
    const auto play = [](std::uint8_t seed) {
        Story story({.seed = seed});
        story.establish();
        story.hang_up();
        std::string all;
        for (const World::Sent& sent : story.sent()) {
            all.append(sent.bytes);
        }
        return all;
    };
    EXPECT_EQ(play(7), play(7));
    EXPECT_NE(play(7), play(8));
}

}  // namespace
}  // namespace causeway::testing
