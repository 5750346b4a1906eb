#include "causeway/rtp/statistics.hpp"

#include "unit/rtp/packets.hpp"

#include <gtest/gtest.h>

namespace causeway::rtp {
namespace {

using test::kStart;

Header packet(std::uint16_t sequence, std::uint32_t ssrc = 1) {
    return {.payload_type = 8, .sequence = sequence, .timestamp = sequence * 160U, .ssrc = ssrc};
}

/// The moment at which an undelayed packet of this number is there.
Time on_time(int sequence) {
    return kStart + Millis(20) * sequence;
}

void hear(Statistics& statistics, std::initializer_list<int> sequences) {
    for (const int sequence : sequences) {
        statistics.observe(packet(static_cast<std::uint16_t>(sequence)), on_time(sequence));
    }
}

TEST(RtpStatistics, CountsTheMissing) {
    Statistics statistics;
    EXPECT_EQ(statistics.lost(), 0U);
    hear(statistics, {10, 11, 14, 15});
    EXPECT_EQ(statistics.lost(), 2U);
}

TEST(RtpStatistics, TakesALatePacketForReceived) {
    Statistics statistics;
    hear(statistics, {10, 12, 11, 13});
    EXPECT_EQ(statistics.lost(), 0U);
}

TEST(RtpStatistics, NeverCountsBelowZeroForDuplicates) {
    Statistics statistics;
    hear(statistics, {10, 10, 10, 11});
    EXPECT_EQ(statistics.lost(), 0U);
}

TEST(RtpStatistics, GoesOnAcrossTheEndOfTheSequence) {
    Statistics statistics;
    hear(statistics, {65534, 65535, 0, 2});
    EXPECT_EQ(statistics.lost(), 1U);
}

TEST(RtpStatistics, AddsUpTheLossesOfSeveralSources) {
    Statistics statistics;
    statistics.observe(packet(10, 1), kStart);
    statistics.observe(packet(12, 1), kStart);
    statistics.observe(packet(40'000, 2), kStart);
    statistics.observe(packet(40'003, 2), kStart);
    EXPECT_EQ(statistics.lost(), 3U);
    EXPECT_EQ(statistics.ssrc(), 2U);
}

TEST(RtpStatistics, TakesAConfirmedJumpForARestart) {
    Statistics statistics;
    hear(statistics, {10, 11, 30'000, 30'001, 30'002});
    EXPECT_EQ(statistics.lost(), 0U);
}

TEST(RtpStatistics, DoesNotCountWhatPassedWhileSuspended) {
    Statistics statistics;
    hear(statistics, {10, 12});
    statistics.suspend();
    hear(statistics, {100, 101});
    EXPECT_EQ(statistics.lost(), 1U);
}

TEST(RtpStatistics, SeesNoJitterInAnEvenStream) {
    Statistics statistics;
    for (int i = 0; i < 100; ++i) {
        hear(statistics, {i});
    }
    EXPECT_DOUBLE_EQ(statistics.jitter_ms(), 0.0);
}

TEST(RtpStatistics, ConvergesOnAnAlternatingDelay) {
    // Every second packet is 10 ms late: each transit differs from the last by 10 ms.
    Statistics statistics;
    for (int i = 0; i < 400; ++i) {
        statistics.observe(packet(static_cast<std::uint16_t>(i)),
                           on_time(i) + Millis(i % 2 == 0 ? 0 : 10));
    }
    EXPECT_NEAR(statistics.jitter_ms(), 10.0, 0.01);
}

TEST(RtpStatistics, MovesByASixteenthOfEachSample) {
    Statistics statistics;
    hear(statistics, {1, 2});
    statistics.observe(packet(3), on_time(3) + Millis(16));
    EXPECT_DOUBLE_EQ(statistics.jitter_ms(), 1.0);
}

TEST(RtpStatistics, TakesOneSampleOfATelephoneEvent) {
    // RFC 4733: the packets of one event carry the timestamp of its start.
    Statistics statistics;
    hear(statistics, {1, 2, 3});
    for (int i = 4; i < 12; ++i) {
        Header event = packet(static_cast<std::uint16_t>(i));
        event.timestamp = 4 * 160;
        statistics.observe(event, on_time(i));
    }
    hear(statistics, {12, 13});
    EXPECT_DOUBLE_EQ(statistics.jitter_ms(), 0.0);
}

TEST(RtpStatistics, IgnoresASenderThatSetsItsTimestampsAnew) {
    Statistics statistics;
    hear(statistics, {1, 2, 3});
    Header next = packet(4);
    next.timestamp = 0x80000000U;
    statistics.observe(next, on_time(4));
    EXPECT_DOUBLE_EQ(statistics.jitter_ms(), 0.0);
}

}  // namespace
}  // namespace causeway::rtp
