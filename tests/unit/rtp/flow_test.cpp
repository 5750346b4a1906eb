#include "causeway/rtp/flow.hpp"

#include "unit/rtp/packets.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace causeway::rtp {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): builders

class RtpFlow : public testing::Test {
protected:
    /// Where the packet goes, or the drop.
    Result<Endpoint, Drop> say(End end, const Endpoint& from, Packet packet = {}) {
        packet.sequence = ++sequence_;
        return forward(flow_, end, packet.encoded(), from, now_);
    }
    Result<Endpoint, Drop> report(End end, const Endpoint& from) {
        return forward_rtcp(flow_, end, receiver_report(), from, now_);
    }
    void lock(End end, const Endpoint& from) {
        for (int i = 0; i < 3; ++i) {
            (void)say(end, from);
        }
        ASSERT_TRUE(flow_.leg(end).is_locked());
    }
    void connect(Side a = a_side(), Side b = b_side()) {
        flow_.connect(std::move(a), std::move(b), now_);
    }
    [[nodiscard]] std::uint64_t dropped(End end, Drop why) const {
        return flow_.leg(end).report().dropped[static_cast<std::size_t>(why)];
    }

    Flow flow_{{.a = at(50, 10000), .b = at(51, 20000)}};
    Time now_{kStart};
    std::uint16_t sequence_{};
};

Result<Endpoint, Drop> refused(Drop why) {
    return tl::unexpected<Drop>(why);
}

TEST_F(RtpFlow, DropsEverythingBeforeItIsConnected) {
    EXPECT_EQ(say(End::A, at(1, 4000)), refused(Drop::NotConnected));
    EXPECT_EQ(report(End::A, at(1, 4001)), refused(Drop::NotConnected));
    EXPECT_EQ(dropped(End::A, Drop::NotConnected), 2U);
}

TEST_F(RtpFlow, SendsToTheAddressOfSdpUntilTheSourceIsLocked) {
    connect();
    EXPECT_EQ(say(End::B, at(100, 6000)), at(1, 4000));
    // Leg a speaks from behind a NAT: forwarded at once, but not yet believed.
    EXPECT_EQ(say(End::A, at(2, 61'000)), at(100, 6000));
    EXPECT_EQ(say(End::A, at(2, 61'000)), at(100, 6000));
    EXPECT_EQ(say(End::B, at(100, 6000)), at(1, 4000));
    EXPECT_EQ(say(End::A, at(2, 61'000)), at(100, 6000));
    EXPECT_EQ(say(End::B, at(100, 6000)), at(2, 61'000));
}

TEST_F(RtpFlow, DropsStrangersBeforeAndAfterTheLock) {
    connect();
    EXPECT_EQ(say(End::A, at(66, 4000)), refused(Drop::UnknownSource));
    lock(End::A, at(1, 4000));
    EXPECT_EQ(say(End::A, at(66, 4000)), refused(Drop::UnknownSource));
    EXPECT_EQ(say(End::A, at(1, 4002)), refused(Drop::UnknownSource));
    EXPECT_EQ(dropped(End::A, Drop::UnknownSource), 3U);
    EXPECT_EQ(flow_.leg(End::A).report().packets, 3U);
}

TEST_F(RtpFlow, KeepsTheLockWhenTheLockedSourceChangesItsSsrc) {
    connect();
    lock(End::A, at(1, 4000));
    EXPECT_EQ(say(End::A, at(1, 4000), {.ssrc = 99}), at(100, 6000));
    EXPECT_TRUE(flow_.leg(End::A).is_locked());
}

TEST_F(RtpFlow, KeepsTheLockWhenTheSameSdpComesAgain) {
    connect();
    lock(End::A, at(2, 61'000));
    Side held = a_side();
    held.hears = false;
    held.media_timeout = Millis(1000);
    connect(held);
    EXPECT_TRUE(flow_.leg(End::A).is_locked());
}

TEST_F(RtpFlow, LearnsAgainFromNewSdpOnThatSideOnly) {
    connect();
    lock(End::A, at(1, 4000));
    lock(End::B, at(100, 6000));
    Side moved = a_side();
    moved.peer = at(1, 4010);
    connect(moved);
    EXPECT_FALSE(flow_.leg(End::A).is_locked());
    EXPECT_TRUE(flow_.leg(End::B).is_locked());
    EXPECT_EQ(say(End::B, at(100, 6000)), at(1, 4010));
}

TEST_F(RtpFlow, LearnsAgainWhenPayloadTypesChange) {
    connect();
    lock(End::A, at(1, 4000));
    Side changed = a_side();
    changed.payload_types = types({0});
    connect(changed);
    EXPECT_FALSE(flow_.leg(End::A).is_locked());
}

TEST_F(RtpFlow, DropsPayloadTypesThatNobodyNegotiated) {
    connect();
    EXPECT_EQ(say(End::A, at(1, 4000), {.payload_type = 18}), refused(Drop::PayloadType));
    EXPECT_EQ(say(End::A, at(1, 4000), {.payload_type = 101}), at(100, 6000));
    EXPECT_EQ(dropped(End::A, Drop::PayloadType), 1U);
}

TEST_F(RtpFlow, DoesNotLearnFromUnnegotiatedPayloadTypes) {
    connect();
    for (int i = 0; i < 5; ++i) {
        (void)say(End::A, at(1, 4000), {.payload_type = 18});
    }
    now_ += Millis(5000);
    flow_.advance(now_);
    EXPECT_FALSE(flow_.leg(End::A).is_locked());
}

TEST_F(RtpFlow, TakesUnnegotiatedPacketsForNoLoss) {
    // Comfort noise shares the sequence numbers of the audio around it.
    connect();
    (void)say(End::A, at(1, 4000));
    (void)say(End::A, at(1, 4000), {.payload_type = 13});
    (void)say(End::A, at(1, 4000));
    EXPECT_EQ(flow_.leg(End::A).report().lost, 0U);
    EXPECT_EQ(flow_.leg(End::A).report().packets, 3U);
    EXPECT_EQ(flow_.leg(End::A).report().forwarded, 2U);
}

TEST_F(RtpFlow, SendsNothingToALegThatDoesNotHear) {
    Side held = b_side();
    held.hears = false;
    connect(a_side(), held);
    EXPECT_EQ(say(End::A, at(1, 4000)), refused(Drop::OnHold));
    EXPECT_EQ(say(End::B, at(100, 6000)), at(1, 4000));
    EXPECT_EQ(flow_.leg(End::A).report().packets, 1U);
}

TEST_F(RtpFlow, SendsNowhereIfSdpGivesNoAddress) {
    struct Row {
        const char* name;
        Endpoint peer;
    };
    for (const Row& row : {Row{"none", {}}, Row{"0.0.0.0", {IpAddress::v4(0, 0, 0, 0), 6000}},
                           Row{"port 0", at(100, 0)}}) {
        Side nowhere = b_side();
        nowhere.peer = row.peer;
        connect(a_side(), nowhere);
        EXPECT_EQ(say(End::A, at(1, 4000)), refused(Drop::NotConnected)) << row.name;
        lock(End::B, at(100, 6000));
        EXPECT_EQ(say(End::A, at(1, 4000)), refused(Drop::NotConnected)) << row.name;
    }
}

TEST_F(RtpFlow, DropsWhatIsNotRtp) {
    connect();
    EXPECT_EQ(forward(flow_, End::A, bytes({1, 2, 3}), at(1, 4000), now_), refused(Drop::NotRtp));
    EXPECT_EQ(forward(flow_, End::A, receiver_report(), at(1, 4000), now_), refused(Drop::Rtcp));
}

TEST_F(RtpFlow, BoundsTheRateOfOneLeg) {
    connect();
    int passed = 0;
    for (int i = 0; i < 2000; ++i) {
        now_ += std::chrono::microseconds(500);
        passed += say(End::A, at(1, 4000)) ? 1 : 0;
    }
    EXPECT_GE(passed, 950);
    EXPECT_LE(passed, 1050);
    EXPECT_EQ(dropped(End::A, Drop::RateLimited), static_cast<std::uint64_t>(2000 - passed));
}

TEST_F(RtpFlow, NeverLimitsAVoiceStream) {
    connect();
    for (int i = 0; i < 500; ++i) {
        now_ += Millis(5);
        ASSERT_TRUE(say(End::A, at(1, 4000))) << i;
    }
}

TEST_F(RtpFlow, CountsPacketsBytesAndWhatDidNotLeave) {
    connect();
    (void)say(End::A, at(1, 4000));
    (void)say(End::A, at(1, 4000));
    flow_.leg(End::A).not_sent();
    const Report report = flow_.leg(End::A).report();
    EXPECT_EQ(report.packets, 2U);
    EXPECT_EQ(report.bytes, 344U);
    EXPECT_EQ(report.forwarded, 1U);
    EXPECT_EQ(dropped(End::A, Drop::NotSent), 1U);
}

TEST_F(RtpFlow, RelaysRtcpWhereSdpSaysUntilTheLegIsLocked) {
    Side separate = a_side();
    separate.rtcp = at(1, 4999);  // RFC 3605
    connect(separate);
    EXPECT_EQ(report(End::B, at(100, 6001)), at(1, 4999));
    EXPECT_EQ(flow_.leg(End::B).report().rtcp, 1U);
}

TEST_F(RtpFlow, SendsRtcpBesideTheLockedAudio) {
    connect();
    lock(End::A, at(2, 61'000));
    EXPECT_EQ(report(End::B, at(100, 6001)), at(2, 61'001));
}

TEST_F(RtpFlow, AnswersRtcpWhereItCameFrom) {
    connect();
    lock(End::A, at(2, 61'000));
    EXPECT_EQ(report(End::A, at(2, 62'222)), at(100, 6001));
    EXPECT_EQ(report(End::B, at(100, 6001)), at(2, 62'222));
    EXPECT_EQ(report(End::A, at(2, 63'333)), refused(Drop::UnknownSource));
}

TEST_F(RtpFlow, DropsRtcpOfStrangers) {
    connect();
    EXPECT_EQ(report(End::A, at(66, 4001)), refused(Drop::UnknownSource));
    lock(End::A, at(1, 4000));
    EXPECT_EQ(report(End::A, at(2, 4001)), refused(Drop::UnknownSource));
}

TEST_F(RtpFlow, KeepsRtcpFromALegThatDoesNotWantIt) {
    Side livekit = b_side();
    livekit.wants_rtcp = false;
    connect(a_side(), livekit);
    EXPECT_EQ(report(End::A, at(1, 4001)), refused(Drop::Rtcp));
    EXPECT_EQ(report(End::B, at(100, 6001)), at(1, 4001));
}

TEST_F(RtpFlow, DropsMalformedRtcpAndBoundsItsRate) {
    connect();
    EXPECT_EQ(forward_rtcp(flow_, End::A, bytes({0x80, 201, 0, 9}), at(1, 4001), now_),
              refused(Drop::NotRtp));
    for (int i = 0; i < 9; ++i) {
        EXPECT_TRUE(report(End::A, at(1, 4001)));
    }
    EXPECT_EQ(report(End::A, at(1, 4001)), refused(Drop::RateLimited));
}

TEST_F(RtpFlow, ReportsSilenceOnceUntilTheLegSpeaksAgain) {
    Side watched = a_side();
    watched.media_timeout = Millis(1000);
    connect(watched);
    Leg& leg = flow_.leg(End::A);
    EXPECT_FALSE(leg.falls_silent(now_ + Millis(999)));
    EXPECT_TRUE(leg.falls_silent(now_ + Millis(1000)));
    EXPECT_FALSE(leg.falls_silent(now_ + Millis(2000)));
    now_ += Millis(2000);
    (void)say(End::A, at(1, 4000));
    EXPECT_FALSE(leg.falls_silent(now_ + Millis(999)));
    EXPECT_TRUE(leg.falls_silent(now_ + Millis(1000)));
    EXPECT_FALSE(flow_.leg(End::B).falls_silent(now_ + Millis(100'000)));
}

TEST_F(RtpFlow, TakesRtcpForASignOfLife) {
    Side watched = a_side();
    watched.media_timeout = Millis(1000);
    connect(watched);
    now_ += Millis(900);
    (void)report(End::A, at(1, 4001));
    EXPECT_FALSE(flow_.leg(End::A).falls_silent(now_ + Millis(900)));
}

TEST_F(RtpFlow, HoldsNoTimeoutAgainstALegOnHold) {
    Side watched = a_side();
    watched.media_timeout = Millis(1000);
    Side held = watched;
    held.speaks = false;
    connect(held);
    EXPECT_FALSE(flow_.leg(End::A).falls_silent(now_ + Millis(60'000)));
    // Resumed: the time counts from there.
    now_ += Millis(60'000);
    connect(watched);
    EXPECT_FALSE(flow_.leg(End::A).falls_silent(now_ + Millis(999)));
    EXPECT_TRUE(flow_.leg(End::A).falls_silent(now_ + Millis(1000)));
}

TEST_F(RtpFlow, StrangersAreNoSignOfLife) {
    Side watched = a_side();
    watched.media_timeout = Millis(1000);
    connect(watched);
    now_ += Millis(900);
    (void)say(End::A, at(66, 4000));
    EXPECT_TRUE(flow_.leg(End::A).falls_silent(now_ + Millis(100)));
}

TEST_F(RtpFlow, IsSettledWhenBothAreLockedAndNobodyIsOnHold) {
    connect();
    lock(End::A, at(1, 4000));
    EXPECT_FALSE(flow_.is_settled());
    lock(End::B, at(100, 6000));
    EXPECT_TRUE(flow_.is_settled());
    Side held = a_side();
    held.speaks = false;
    connect(held);
    EXPECT_FALSE(flow_.is_settled());
}

}  // namespace
}  // namespace causeway::rtp
