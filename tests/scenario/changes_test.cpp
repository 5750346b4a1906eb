#include "story.hpp"

#include <string>
#include <string_view>

/// Changes inside a live call are answered toward whoever asks, never carried to the other leg.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

/// A story with re-INVITEs of the carrier.
class ReinviteStory : public Story {
public:
    void offer(const SdpOptions& options, std::uint32_t cseq = 2) {
        before = carrier->count(200);
        carrier->request("INVITE", invite, answer, cseq, an_sdp(options));
        run_for(Millis{20});
    }
    /// The answer to it, acknowledged.
    SipText accepted(std::string_view body = {}) {
        EXPECT_EQ(carrier->count(200), before + 1);
        const SipText ok = carrier->last(200);
        SipText asked = invite;
        for (auto& [name, value] : asked.headers) {
            if (name == "CSeq") {
                value = ok.header("CSeq");
            }
        }
        carrier->ack(asked, ok, body);
        run_for(Millis{20});
        return ok;
    }
    std::size_t before{};
};

std::string direction_of(const SipText& message) {
    return SdpText::parse(message.body)->direction;
}

TEST(Reinvite, HoldAndResumeAreAnsweredHere) {
    ReinviteStory story;
    story.establish();
    const std::string first_version = SdpText::parse(story.answer.body)->version;
    story.offer({.rtp = World::at(10, 40000), .direction = "sendonly", .version = 2}, 2);
    const SipText held = story.accepted();
    EXPECT_EQ(direction_of(held), "recvonly");
    EXPECT_EQ(Story::our_rtp(held.body), Story::our_rtp(story.answer.body)) << "our address stays";
    EXPECT_EQ(SdpText::parse(held.body)->session_id, SdpText::parse(story.answer.body)->session_id);
    EXPECT_GT(SdpText::parse(held.body)->version, first_version);
    story.offer({.rtp = World::at(10, 40000), .version = 3}, 3);
    EXPECT_EQ(direction_of(story.accepted()), "sendrecv");
    EXPECT_EQ(story.livekit->requests().at("INVITE"), 1U) << "leg b was never touched";
    story.carrier->request("BYE", story.invite, story.answer, 4);
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
    story.expect_nothing_left();
}

TEST(Reinvite, WithTheSameDescriptionKeepsItsVersion) {
    ReinviteStory story;
    story.establish();
    story.offer({.rtp = World::at(10, 40000)}, 2);
    const std::string version = SdpText::parse(story.accepted().body)->version;
    story.offer({.rtp = World::at(10, 40000)}, 3);
    EXPECT_EQ(SdpText::parse(story.accepted().body)->version, version);
}

TEST(Reinvite, WithoutOfferGetsOursAndTheAckAnswersIt) {
    ReinviteStory story;
    story.establish();
    story.before = story.carrier->count(200);
    story.carrier->request("INVITE", story.invite, story.answer, 2);
    story.run_for(Millis{20});
    EXPECT_EQ(story.audio_goes_to(), World::at(10, 40000)) << "until its answer is here";
    const SipText ok = story.accepted(an_sdp({.rtp = World::at(10, 45678), .formats = "0 101"}));
    EXPECT_EQ(direction_of(ok), "sendrecv");
    const Endpoint ours = Story::our_rtp(ok.body);
    EXPECT_EQ(ours, Story::our_rtp(story.answer.body));
    EXPECT_EQ(story.audio_goes_to(), World::at(10, 45678));
}

TEST(Reinvite, ThatDropsTheCodecIs488AndTheCallGoesOn) {
    ReinviteStory story;
    story.establish();  // PCMU
    story.offer({.rtp = World::at(10, 40000), .formats = "8 101"}, 2);
    EXPECT_EQ(story.carrier->count(488), 1U);
    EXPECT_EQ(story.engine->census().calls, 1U);
    story.carrier->request("BYE", story.invite, story.answer, 3);
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
}

TEST(Reinvite, BeforeTheAckOfTheFirstIs491) {
    ReinviteStory story;
    story.invite = *SipText::parse(an_invite().text());
    story.carrier->send(story.invite.bytes);
    story.run_for(Millis{100});
    story.answer = story.carrier->last(200);
    story.offer({.rtp = World::at(10, 40000)}, 2);
    EXPECT_EQ(story.carrier->count(491), 1U);
}

TEST(Reinvite, WhileRingingIs500WithRetryAfter) {
    ReinviteStory story;
    story.livekit->script("+4991874350352", Behaviour::ring());
    story.invite = *SipText::parse(an_invite().text());
    story.carrier->send(story.invite.bytes);
    story.run_for(Millis{100});
    story.answer = story.carrier->last(180);
    story.offer({.rtp = World::at(10, 40000)}, 2);
    ASSERT_EQ(story.carrier->count(500), 1U);
    EXPECT_FALSE(story.carrier->last(500).header("Retry-After").empty());
}

TEST(Reinvite, OfTheGatewayIsAnsweredHereToo) {
    Story story({.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    story.generic->reply(leg_b, 200, "OK", "g", an_sdp({.rtp = World::at(30, 5000)}));
    story.run_for(Millis{20});
    story.carrier->ack(invite, story.carrier->last(200));
    story.generic->request_as_callee("INVITE", leg_b, "g", 5,
                                     an_sdp({.rtp = World::at(30, 6000), .version = 2}));
    story.run_for(Millis{20});
    ASSERT_EQ(story.generic->count(200), 1U);
    EXPECT_EQ(Story::our_rtp(story.generic->last(200).body), Story::our_rtp(leg_b.body));
    EXPECT_EQ(story.carrier->count("INVITE"), 0U);
}

TEST(MaxDuration, EndsTheCallOnBothLegs) {
    Story story({.call = "{max_duration: 60s, media_timeout: 0s}"});
    story.establish();
    story.run_for(Millis{59'500});
    EXPECT_EQ(story.carrier->count("BYE"), 0U);
    story.run_for(Millis{1000});
    ASSERT_GE(story.carrier->count("BYE"), 1U);
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{20});
    EXPECT_EQ(story.record().outcome,
              (call::Outcome{Cause::Success, By::Causeway, 200, "max_duration"}));
    story.expect_nothing_left();
}

}  // namespace
}  // namespace causeway::testing
