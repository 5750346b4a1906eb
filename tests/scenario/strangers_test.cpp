#include "strangers.hpp"

#include <gtest/gtest.h>

/// Who of those that are turned away is named in the log.
namespace causeway::b2bua {
namespace {

constexpr InterfaceId kHere{1};
const Time kStart{std::chrono::hours{1}};

sip::Source numbered(unsigned i, InterfaceId interface = kHere) {
    const IpAddress ip = IpAddress::v4(198, 51, static_cast<std::uint8_t>(i >> 8U),
                                       static_cast<std::uint8_t>(i & 0xffU));
    return {interface, {ip, 5060}, sip::Transport::Udp, {}};
}

TEST(Strangers, AreNamedOnceAMinuteEach) {
    Strangers strangers{Secret{}};
    EXPECT_TRUE(strangers.note(numbered(1), kStart, 1));
    EXPECT_FALSE(strangers.note(numbered(1), kStart + Millis{59'999}, 2));
    EXPECT_TRUE(strangers.note(numbered(1), kStart + Millis{60'000}, 3));
    EXPECT_TRUE(strangers.note(numbered(1, InterfaceId{2}), kStart + Millis{60'000}, 4));
}

TEST(Strangers, FillTheLogWithTenLinesASecondAtMost) {
    Strangers strangers{Secret{}};
    unsigned named = 0;
    for (unsigned i = 0; i < 60'000; ++i) {  // a flood from forged addresses, for three seconds
        named += strangers.note(numbered(i), kStart + Millis{i / 20}, i) ? 1 : 0;
    }
    EXPECT_EQ(named, 30U);
}

TEST(Strangers, AreRememberedWithHowOftenTheyCame) {
    Strangers strangers{Secret{}};
    EXPECT_EQ(strangers.last(), nullptr);
    for (unsigned i = 0; i < 3; ++i) {
        (void)strangers.note(numbered(7), kStart + Millis{i * 1000}, 10 + i);
    }
    (void)strangers.note(numbered(8), kStart, 20);
    ASSERT_NE(strangers.last(), nullptr);
    EXPECT_EQ(strangers.last()->source, numbered(8));
    const Strangers::Seen* const seen = strangers.find(numbered(7).peer.ip);
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(seen->times, 3U);
    EXPECT_EQ(seen->last - seen->first, Millis{2000});
    EXPECT_EQ(strangers.find(numbered(9).peer.ip), nullptr);
}

}  // namespace
}  // namespace causeway::b2bua
