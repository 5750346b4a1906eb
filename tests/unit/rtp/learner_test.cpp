#include "causeway/rtp/learner.hpp"

#include "unit/rtp/packets.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::rtp {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): builders

Side carrier() {
    Side side = a_side();
    side.sources = {*Cidr::parse("10.9.0.0/16")};
    return side;
}

struct Origin {
    std::string name;
    Endpoint from;
    bool accepts_any{};
    bool is_admitted;
};

class LearnerAdmits : public testing::TestWithParam<Origin> {};

TEST_P(LearnerAdmits, WhileLearning) {
    Side side = carrier();
    side.accepts_any = GetParam().accepts_any;
    EXPECT_EQ(Learner{}.admits(GetParam().from, side), GetParam().is_admitted);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LearnerAdmits,
    testing::Values(
        Origin{.name = "TheAddressAndPortOfSdp", .from = at(1, 4000), .is_admitted = true},
        Origin{.name = "TheAddressOfSdpOnAnotherPort", .from = at(1, 5), .is_admitted = true},
        Origin{.name = "TheSignallingAddress", .from = at(2, 4444), .is_admitted = true},
        Origin{.name = "TheCarriersMediaNetwork",
               .from = {IpAddress::v4(10, 9, 3, 4), 1},
               .is_admitted = true},
        Origin{.name = "APrivateStranger", .from = at(3, 4000), .is_admitted = false},
        Origin{.name = "ALoopbackStranger",
               .from = {IpAddress::v4(127, 0, 0, 1), 4000},
               .is_admitted = false},
        Origin{.name = "AnybodyIfToldSo",
               .from = at(3, 4000),
               .accepts_any = true,
               .is_admitted = true}),
    [](const auto& row) { return row.param.name; });

TEST(Learner, LocksAfterThreePacketsInARow) {
    Learner learner;
    const Side side = carrier();
    learner.heard(at(2, 7), 1, side, kStart);
    learner.heard(at(2, 7), 1, side, kStart);
    EXPECT_FALSE(learner.is_locked());
    learner.heard(at(2, 7), 1, side, kStart);

    ASSERT_TRUE(learner.is_locked());
    EXPECT_EQ(learner.source(), at(2, 7));
    EXPECT_TRUE(learner.admits(at(2, 7), side));
    EXPECT_FALSE(learner.admits(at(2, 8), side));
    EXPECT_FALSE(learner.admits(at(1, 4000), side));
}

TEST(Learner, BeginsToCountAnewWithAnotherSourceOrSsrc) {
    Learner learner;
    const Side side = carrier();
    learner.heard(at(2, 7), 1, side, kStart);
    learner.heard(at(2, 7), 1, side, kStart);
    learner.heard(at(2, 9), 1, side, kStart);
    learner.heard(at(2, 7), 1, side, kStart);
    learner.heard(at(2, 7), 2, side, kStart);
    learner.heard(at(2, 7), 2, side, kStart);
    EXPECT_FALSE(learner.is_locked());
    learner.heard(at(2, 7), 2, side, kStart);
    EXPECT_TRUE(learner.is_locked());
}

TEST(Learner, LocksBySheerTime) {
    Learner learner;
    const Side side = carrier();
    learner.heard(at(2, 7), 1, side, kStart);
    learner.advance(kStart + Millis(1499));
    EXPECT_FALSE(learner.is_locked());
    learner.advance(kStart + Millis(1500));
    ASSERT_TRUE(learner.is_locked());
    EXPECT_EQ(learner.source(), at(2, 7));
}

TEST(Learner, DoesNotLockOnNobody) {
    Learner learner;
    learner.advance(kStart + Millis(60'000));
    EXPECT_FALSE(learner.is_locked());
}

TEST(Learner, PrefersTheAddressOfSdpWhenTimeDecides) {
    // An intruder behind the same signalling address must not win by speaking last.
    Learner learner;
    const Side side = carrier();
    learner.heard(side.peer, 1, side, kStart);
    learner.heard(at(2, 7), 2, side, kStart + Millis(1));
    learner.advance(kStart + Millis(1500));
    ASSERT_TRUE(learner.is_locked());
    EXPECT_EQ(learner.source(), side.peer);
}

TEST(Learner, LearnsAgainAfterARestart) {
    Learner learner;
    const Side side = carrier();
    for (int i = 0; i < 3; ++i) {
        learner.heard(at(2, 7), 1, side, kStart);
    }
    learner.restart();
    EXPECT_FALSE(learner.is_locked());
    EXPECT_TRUE(learner.admits(at(1, 4000), side));
}

}  // namespace
}  // namespace causeway::rtp
