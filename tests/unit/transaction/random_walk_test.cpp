#include "walk.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace causeway::transaction {
namespace {

class RandomWalkFrom : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomWalkFrom, KeepsItsInvariantsAndEndsEmpty) {
    const WalkReport report = walk(testing::Dice(GetParam()), 100'000);
    for (const std::string what : {"request", "response", "failed", "stray", "ack", "cancelled",
                                   "SIP/2.0 200", "SIP/2.0 481", "SIP/2.0 403", "SIP/2.0 100"}) {
        EXPECT_TRUE(report.seen.contains(what)) << what << " never happened: a blind walk";
    }
}

TEST(RandomWalk, IsTheSameFromTheSameSeed) {
    const WalkReport first = walk(testing::Dice(7), 10'000);
    const WalkReport second = walk(testing::Dice(7), 10'000);
    EXPECT_EQ(first.transcript.size(), second.transcript.size());
    EXPECT_TRUE(first.transcript == second.transcript);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalkFrom, ::testing::Values(1U, 2U));

}  // namespace
}  // namespace causeway::transaction
