#include "strangers.hpp"

#include <gtest/gtest.h>

/// Who of those that are turned away is named in the log.
namespace causeway::b2bua {
namespace {

constexpr InterfaceId kHere{1};
const Time kStart{std::chrono::hours{1}};

IpAddress numbered(unsigned i) {
    return IpAddress::v4(198, 51, static_cast<std::uint8_t>(i >> 8U),
                         static_cast<std::uint8_t>(i & 0xffU));
}

TEST(Strangers, AreNamedOnceAMinuteEach) {
    Strangers strangers{Secret{}};
    EXPECT_TRUE(strangers.is_news(kHere, numbered(1), kStart));
    EXPECT_FALSE(strangers.is_news(kHere, numbered(1), kStart + Millis{59'999}));
    EXPECT_TRUE(strangers.is_news(kHere, numbered(1), kStart + Millis{60'000}));
    EXPECT_TRUE(strangers.is_news(InterfaceId{2}, numbered(1), kStart + Millis{60'000}));
}

TEST(Strangers, FillTheLogWithTenLinesASecondAtMost) {
    Strangers strangers{Secret{}};
    unsigned named = 0;
    for (unsigned i = 0; i < 60'000; ++i) {  // a flood from forged addresses, for three seconds
        named += strangers.is_news(kHere, numbered(i), kStart + Millis{i / 20}) ? 1 : 0;
    }
    EXPECT_EQ(named, 30U);
}

}  // namespace
}  // namespace causeway::b2bua
