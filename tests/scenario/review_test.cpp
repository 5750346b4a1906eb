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

}  // namespace
}  // namespace causeway::testing
