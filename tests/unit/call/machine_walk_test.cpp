#include "walk.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace causeway::call {
namespace {

TEST(CallMachine, EndsOnceInEveryOrderOfEvents) {
    for (std::uint64_t seed = 0; seed < 20'000 && !::testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        walk(testing::Dice(seed));
    }
}

}  // namespace
}  // namespace causeway::call
