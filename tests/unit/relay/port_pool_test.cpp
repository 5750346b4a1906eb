#include "causeway/relay/port_pool.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::relay {
namespace {

constexpr Time kStart{std::chrono::hours(1)};

std::vector<int> take_all(PortPool& pool, Time now) {
    std::vector<int> ports;
    while (const auto port = pool.take(now)) {
        ports.push_back(*port);
    }
    return ports;
}

struct Range {
    std::string name;
    std::uint16_t first;
    std::uint16_t last;
    std::vector<int> ports;
};

class PortPoolRange : public testing::TestWithParam<Range> {};

TEST_P(PortPoolRange, HoldsWholePairsInSequence) {
    PortPool pool(GetParam().first, GetParam().last);
    EXPECT_EQ(pool.total(), GetParam().ports.size());
    EXPECT_EQ(take_all(pool, kStart), GetParam().ports);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PortPoolRange,
    testing::Values(
        Range{.name = "Even", .first = 10000, .last = 10005, .ports = {10000, 10002, 10004}},
        Range{.name = "OddFirst", .first = 10001, .last = 10005, .ports = {10002, 10004}},
        Range{.name = "EvenLast", .first = 10000, .last = 10004, .ports = {10000, 10002}},
        Range{.name = "OnePair", .first = 10000, .last = 10001, .ports = {10000}},
        Range{.name = "NoPair", .first = 10001, .last = 10002, .ports = {}},
        Range{.name = "UpToTheLastPort", .first = 65532, .last = 65535, .ports = {65532, 65534}}),
    [](const auto& row) { return row.param.name; });

TEST(PortPool, PutsAFreedPairBehindAllOthers) {
    PortPool pool(10000, 10005);
    ASSERT_EQ(pool.take(kStart), 10000);
    pool.give_back(10000, kStart);
    EXPECT_EQ(take_all(pool, kStart), (std::vector<int>{10002, 10004, 10000}));
}

TEST(PortPool, GivesAPairToWhoHadItBefore) {
    PortPool pool(10000, 10005);
    EXPECT_TRUE(pool.claim(10002));
    EXPECT_FALSE(pool.claim(10002)) << "in use";
    EXPECT_FALSE(pool.claim(10003)) << "no pair's first";
    EXPECT_FALSE(pool.claim(10006)) << "none of ours";
    EXPECT_EQ(pool.in_use(), 1U);
    pool.give_back(10002, kStart);
    EXPECT_EQ(take_all(pool, kStart), (std::vector<int>{10000, 10004, 10002}));
}

TEST(PortPool, NeverRefusesForRestingsSake) {
    PortPool pool(10000, 10001);
    ASSERT_EQ(pool.take(kStart), 10000);
    pool.give_back(10000, kStart);
    EXPECT_EQ(pool.take(kStart), 10000);
    EXPECT_EQ(pool.take(kStart), std::nullopt);
}

TEST(PortPool, TakesTheLongestRestedFirst) {
    PortPool pool(10000, 10003);
    (void)take_all(pool, kStart);
    pool.give_back(10002, kStart + Millis(1));
    pool.give_back(10000, kStart + Millis(2));
    EXPECT_EQ(take_all(pool, kStart + Millis(3)), (std::vector<int>{10002, 10000}));
}

TEST(PortPool, PassesOverAForeignPairAndTriesItAgainAtNeed) {
    PortPool pool(10000, 10003);
    ASSERT_EQ(pool.take(kStart), 10000);
    pool.pass_over(10000, kStart);
    EXPECT_EQ(pool.in_use(), 0U);
    EXPECT_EQ(pool.foreign(), 1U);
    EXPECT_EQ(pool.take(kStart), 10002);
    // Everything else is in use, but the foreign pair was found taken just now.
    EXPECT_EQ(pool.take(kStart), std::nullopt);
    EXPECT_EQ(pool.take(kStart + PortPool::kRetry), 10000);
    EXPECT_EQ(pool.foreign(), 0U);
}

TEST(PortPool, TriesAForeignPairAgainRatherThanAPairThatHasNotRested) {
    PortPool pool(10000, 10003);
    ASSERT_EQ(pool.take(kStart), 10000);
    pool.pass_over(10000, kStart);
    ASSERT_EQ(pool.take(kStart), 10002);
    const Time later = kStart + PortPool::kRest;
    pool.give_back(10002, later);
    EXPECT_EQ(pool.take(later), 10000);
}

TEST(PortPool, CountsWhatIsInUse) {
    PortPool pool(10000, 10005);
    (void)pool.take(kStart);
    (void)pool.take(kStart);
    EXPECT_EQ(pool.in_use(), 2U);
    pool.give_back(10000, kStart);
    EXPECT_EQ(pool.in_use(), 1U);
}

}  // namespace
}  // namespace causeway::relay
