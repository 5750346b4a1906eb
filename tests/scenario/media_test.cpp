#include "story.hpp"

#include <string>
#include <vector>

/// Audio of a call, and what the fast path is told as signalling changes it.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;
using Calls = std::vector<std::string>;

/// A live call whose two ends can send packets.
class Audio : public Story {
public:
    explicit Audio(World::Options options = {}) : Story(std::move(options)) {
        establish();
        a_port = our_rtp(answer.body);
        b_port = our_rtp(leg_b.body);
        livekit_rtp = {IpAddress::v4(127, 0, 0, 20), livekit->live().front().local_rtp};
    }
    void talk(int packets = 5) {
        for (int i = 0; i < packets; ++i) {
            relay->inject_rtp(a_port, carrier_rtp, 0, ++sequence, 0xaaaa);
            relay->inject_rtp(b_port, livekit_rtp, 0, ++sequence, 0xbbbb);
            run_for(Millis{20});
        }
    }
    std::size_t sent_to(const Endpoint& peer) {
        std::size_t count = 0;
        for (const auto& packet : relay->take_sent()) {
            count += packet.to == peer ? 1U : 0U;
        }
        return count;
    }
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

    Endpoint a_port;
    Endpoint b_port;
    Endpoint carrier_rtp{IpAddress::v4(127, 0, 0, 10), 40000};
    Endpoint livekit_rtp;
    std::uint16_t sequence{};
};

TEST(CallAudio, FlowsBothWaysAndIsCountedInTheRecord) {
    Audio story;
    story.talk(50);
    std::size_t to_carrier = 0;
    std::size_t to_livekit = 0;
    for (const auto& packet : story.relay->take_sent()) {
        to_carrier += packet.to == story.carrier_rtp ? 1U : 0U;
        to_livekit += packet.to == story.livekit_rtp ? 1U : 0U;
    }
    EXPECT_EQ(to_carrier, 50U);
    EXPECT_EQ(to_livekit, 50U);
    story.hang_up();
    ASSERT_TRUE(story.record().media.has_value());
    EXPECT_EQ(story.record().media->a.packets, 50U);
    EXPECT_EQ(story.record().media->b.packets, 50U);
    story.expect_nothing_left();
}

TEST(CallAudio, IsCountedOnAfterARestart) {
    Audio story;
    story.talk(20);
    story.restart();
    story.talk(10);
    story.restart();
    story.talk(5);
    story.hang_up();
    ASSERT_TRUE(story.record().media);
    EXPECT_EQ(story.record().media->a.packets, 35U);
    EXPECT_EQ(story.record().media->b.packets, 35U);
    EXPECT_EQ(story.record().media->a.bytes, 35U * 172U);
    story.expect_nothing_left();
}

TEST(CallAudio, OfAStrangerIsDropped) {
    Audio story;
    story.talk();
    story.relay->take_sent();
    story.relay->inject_rtp(story.a_port, World::at(66, 9999), 0, 1, 0x666);
    EXPECT_TRUE(story.relay->take_sent().empty());
}

TEST(FastPath, TakesOverWhenBothEndsAreKnownAndGivesBackAtTheEnd) {
    Audio story;
    EXPECT_TRUE(story.relay->fast_path().calls.empty());
    story.talk();
    EXPECT_EQ(story.relay->fast_path().calls, Calls{"offload"});
    story.hang_up();
    EXPECT_EQ(story.relay->fast_path().calls, (Calls{"offload", "evict"}));
    story.expect_nothing_left();
}

TEST(FastPath, GivesBackOnHoldAndTakesOverAgainOnResume) {
    Audio story;
    story.talk();
    story.reinvite({.rtp = story.carrier_rtp, .direction = "sendonly", .version = 2}, 2);
    EXPECT_EQ(story.relay->fast_path().calls, (Calls{"offload", "evict"}));
    story.relay->take_sent();
    story.talk();
    EXPECT_EQ(story.sent_to(story.carrier_rtp), 0U) << "it asked for silence";
    story.reinvite({.rtp = story.carrier_rtp, .version = 3}, 3);
    story.talk();
    EXPECT_EQ(story.relay->fast_path().calls, (Calls{"offload", "evict", "offload"}));
}

TEST(FastPath, LearnsAnewWhenAReinviteMovesTheAudio) {
    Audio story;
    story.talk();
    const Endpoint moved{IpAddress::v4(127, 0, 0, 10), 45000};
    story.reinvite({.rtp = moved, .version = 2}, 2);
    EXPECT_EQ(story.relay->fast_path().calls, (Calls{"offload", "evict"}));
    story.carrier_rtp = moved;
    story.relay->take_sent();
    story.talk();
    EXPECT_EQ(story.sent_to(moved), 5U);
    EXPECT_EQ(story.relay->fast_path().calls, (Calls{"offload", "evict", "offload"}));
}

TEST(MediaTimeout, EndsTheCallWhenAnEndFallsSilent) {
    Audio story({.call = "{media_timeout: 10s}"});
    story.talk(20);
    for (int i = 0; i < 600; ++i) {  // 12 s of the carrier alone
        story.relay->inject_rtp(story.a_port, story.carrier_rtp, 0, ++story.sequence, 0xaaaa);
        story.run_for(Millis{20});
    }
    ASSERT_GE(story.carrier->count("BYE"), 1U);
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{20});
    EXPECT_EQ(story.record().outcome,
              (call::Outcome{Cause::Upstream, By::Causeway, 200, "media_timeout"}));
    story.expect_nothing_left();
}

TEST(MediaTimeout, DoesNotEndACallOnHold) {
    Audio story({.call = "{media_timeout: 10s}"});
    story.talk(20);
    story.reinvite({.rtp = story.carrier_rtp, .direction = "inactive", .version = 2}, 2);
    for (int i = 0; i < 600; ++i) {
        story.relay->inject_rtp(story.b_port, story.livekit_rtp, 0, ++story.sequence, 0xbbbb);
        story.run_for(Millis{20});
    }
    EXPECT_EQ(story.carrier->count("BYE"), 0U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

}  // namespace
}  // namespace causeway::testing
