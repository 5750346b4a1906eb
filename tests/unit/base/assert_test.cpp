#include "causeway/base/assert.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

TEST(Assert, YieldsTrueAndCountsNothingWhenTheConditionHolds) {
    const unsigned long before = assertion_failures();
    EXPECT_TRUE(CAUSEWAY_ASSERT(1 + 1 == 2));
    EXPECT_EQ(assertion_failures(), before);
}

#ifdef NDEBUG
TEST(Assert, CountsAndYieldsFalseInRelease) {
    const unsigned long before = assertion_failures();
    EXPECT_FALSE(CAUSEWAY_ASSERT(1 + 1 == 3));
    EXPECT_EQ(assertion_failures(), before + 1);
}
#else
TEST(AssertDeathTest, AbortsInDebug) {
    EXPECT_DEATH(static_cast<void>(CAUSEWAY_ASSERT(1 + 1 == 3)), "bug: 1 \\+ 1 == 3");
}
#endif

}  // namespace
}  // namespace causeway
