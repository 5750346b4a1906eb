#include "slowness.hpp"

#include <gtest/gtest.h>

namespace causeway::app {
namespace {

constexpr Time at(int milliseconds) {
    return Time{} + std::chrono::hours(1) + Millis{milliseconds};
}

TEST(Slowness, NamesAHandlerAboveFiftyMilliseconds) {
    Slowness slowness;
    slowness.begin(at(0));
    EXPECT_FALSE(slowness.end(at(50)));
    slowness.begin(at(100));
    slowness.begin(at(140));  // goes on
    const auto report = slowness.end(at(151));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->worst, Millis{51});
    EXPECT_EQ(report->handlers, 1U);
}

TEST(Slowness, DoesNotCountTheTimeBetweenHandlers) {
    Slowness slowness;
    slowness.begin(at(0));
    EXPECT_TRUE(slowness.has_begun());
    EXPECT_FALSE(slowness.end(at(10)));
    EXPECT_FALSE(slowness.has_begun());
    slowness.begin(at(5000));
    EXPECT_FALSE(slowness.end(at(5010)));
}

TEST(Slowness, SpeaksOnceASecondOfAllThatWere) {
    Slowness slowness;
    slowness.begin(at(0));
    EXPECT_TRUE(slowness.end(at(60)));
    slowness.begin(at(100));
    EXPECT_FALSE(slowness.end(at(400)));
    slowness.begin(at(500));
    EXPECT_FALSE(slowness.end(at(600)));
    slowness.begin(at(1000));
    const auto report = slowness.end(at(1070));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->worst, Millis{300});
    EXPECT_EQ(report->handlers, 3U);
}

}  // namespace
}  // namespace causeway::app
