#include "support/sim/simulation.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

/// The whole plane under everything a seed can think of; `make simulate SEED=n TRACE=1` replays
/// one.
namespace causeway::testing::sim {
namespace {

constexpr std::uint64_t kSeeds = 200;

TEST(Simulation, HoldsItsInvariantsForEverySeed) {
    std::size_t answered = 0;
    std::size_t calls = 0;
    std::size_t restored = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Report report = Simulation(seed).run();
        for (const std::string& violation : report.violations) {
            ADD_FAILURE() << "seed " << seed << ", " << violation
                          << "\nreplay: make simulate SEED=" << seed << " TRACE=1";
        }
        answered += report.answered;
        calls += report.calls;
        restored += report.restored;
    }
    EXPECT_GT(answered, calls / 4) << "the seeds must get somewhere";
    EXPECT_LT(answered, calls) << "and fail now and then";
    EXPECT_GT(restored, 0U) << "and calls live on in another process";
}

TEST(Simulation, ReplaysByteForByte) {
    for (const std::uint64_t seed : {3U, 5U, 8U, 13U, 21U}) {
        EXPECT_EQ(Simulation(seed).run().hash, Simulation(seed).run().hash) << "seed " << seed;
    }
    EXPECT_NE(Simulation(1).run().hash, Simulation(2).run().hash);
}

}  // namespace
}  // namespace causeway::testing::sim
