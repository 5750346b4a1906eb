#include "support/ua/rtp_stream.hpp"

#include "support/tone/tone.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::testing {
namespace {

constexpr Time kStart{};
constexpr Endpoint kPeer{.ip = {}, .port = 4000};

RtpStream talker(std::uint16_t sequence = 0, std::uint32_t ssrc = 1) {
    RtpStream stream({.ssrc = ssrc,
                      .sequence = sequence,
                      .timestamp = 0,
                      .program = make_tone(kTestTone, -10.0, 8000)});
    stream.start(kPeer, {.payload_type = 8, .law = Law::A, .events = 101}, kStart);
    return stream;
}

std::vector<std::string> frames(RtpStream& stream, std::size_t count) {
    std::vector<std::string> packets;
    while (packets.size() < count) {
        packets.push_back(*stream.frame(*stream.deadline()));
    }
    return packets;
}

TEST(RtpStream, SendsAFrameEveryTwentyMilliseconds) {
    RtpStream stream = talker();
    EXPECT_EQ(stream.deadline(), kStart);
    const auto first = stream.frame(kStart);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size(), 172U);
    EXPECT_EQ(first->substr(0, 4), std::string("\x80\x88\x00\x00", 4));  // marker, PT 8, seq 0
    EXPECT_FALSE(stream.frame(kStart + Millis{19}));
    const auto second = stream.frame(kStart + Millis{20});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->substr(0, 8), std::string("\x80\x08\x00\x01\x00\x00\x00\xA0", 8));
}

TEST(RtpStream, HearsWhatTheOtherPlays) {
    RtpStream out = talker(65'500);  // wraps
    RtpStream in = talker();
    Time now = kStart;
    for (const auto& packet : frames(out, 100)) {
        in.receive(packet, now += Millis{20});
    }
    const RtpFacts facts = in.facts();
    EXPECT_EQ(facts.received, 100U);
    EXPECT_EQ(facts.lost, 0U);
    EXPECT_EQ(facts.sources, 1U);
    EXPECT_EQ(facts.longest_gap, Millis{20});
    EXPECT_NEAR(tone_level(in.heard()), -10.0, 0.1);
}

TEST(RtpStream, CountsLossDuplicatesAndDisorder) {
    RtpStream out = talker();
    RtpStream in = talker();
    const auto packets = frames(out, 10);
    for (const std::size_t index : {0U, 1U, 4U, 3U, 4U, 9U}) {
        in.receive(packets[index], kStart);
    }
    const RtpFacts facts = in.facts();
    EXPECT_EQ(facts.received, 5U);
    EXPECT_EQ(facts.duplicates, 1U);
    EXPECT_EQ(facts.reordered, 1U);
    EXPECT_EQ(facts.lost, 5U);  // 2, 5, 6, 7, 8
}

TEST(RtpStream, ANewSourceIsAStreamOfItsOwn) {
    RtpStream first = talker(100, 1);
    RtpStream second = talker(60'000, 2);
    RtpStream in = talker();
    in.receive(frames(first, 1).front(), kStart);
    in.receive(frames(second, 1).front(), kStart);
    EXPECT_EQ(in.facts().sources, 2U);
    EXPECT_EQ(in.facts().lost, 0U);
}

TEST(RtpStream, RtcpAndOtherPayloadTypesAreAlien) {
    RtpStream in = talker();
    RtpStream out = talker();
    std::string packet = frames(out, 1).front();
    packet[1] = static_cast<char>(200);  // a sender report
    in.receive(packet, kStart);
    packet[1] = 0;
    in.receive(packet, kStart);
    in.receive("short", kStart);
    EXPECT_EQ(in.facts().alien, 3U);
    packet[1] = 101;
    in.receive(packet, kStart);
    EXPECT_EQ(in.facts().received, 1U);
    EXPECT_TRUE(in.heard().empty());
}

TEST(RtpStream, ThePauseIsInTheTimestamps) {
    RtpStream stream = talker();
    frames(stream, 1);
    stream.pause(kStart + Millis{20});
    EXPECT_FALSE(stream.deadline());
    stream.resume(kStart + Millis{1020});
    const std::string packet = *stream.frame(kStart + Millis{1020});
    EXPECT_EQ(packet.substr(2, 2), std::string("\x00\x01", 2));
    EXPECT_EQ(packet.substr(4, 4), std::string("\x00\x00\x1F\xE0", 4));  // 160 + 50 * 160
}

TEST(RtpStream, MeasuresTheDelayBetweenTwoEnds) {
    RtpStream out = talker();
    RtpStream in = talker();
    for (int i = 0; i < 10; ++i) {
        const Time sent = *out.deadline();
        in.receive(*out.frame(sent), sent + Millis{3});
    }
    EXPECT_EQ(in.delay_from(out), std::chrono::microseconds{3000});
    EXPECT_FALSE(out.delay_from(in));
}

}  // namespace
}  // namespace causeway::testing
