#include "causeway/rtp/packet.hpp"

#include "unit/rtp/packets.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::rtp {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): builders

TEST(RtpPacket, ReadsTheFixedHeader) {
    const auto header = parse(bytes({0x80, 0xe5, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8}));

    ASSERT_TRUE(header);
    EXPECT_EQ(header->payload_type, 101);
    EXPECT_TRUE(header->marker);
    EXPECT_EQ(header->sequence, 0x1234);
    EXPECT_EQ(header->timestamp, 0x01020304U);
    EXPECT_EQ(header->ssrc, 0x05060708U);
}

struct Shape {
    std::string name;
    unsigned first;  ///< the first octet
    std::size_t size;
    unsigned extension_words{};  ///< written at octet 14 of the packet
    unsigned last{};             ///< the last octet
    bool is_rtp;
};

class RtpPacketShape : public testing::TestWithParam<Shape> {};

TEST_P(RtpPacketShape, IsJudgedByItsBounds) {
    const Shape& shape = GetParam();
    Bytes packet(shape.size);
    if (!packet.empty()) {
        packet.back() = static_cast<std::byte>(shape.last);
        packet.front() = static_cast<std::byte>(shape.first);
    }
    if (packet.size() >= 16) {
        packet[14] = static_cast<std::byte>(shape.extension_words >> 8U);
        packet[15] = static_cast<std::byte>(shape.extension_words);
    }
    EXPECT_EQ(parse(packet).has_value(), shape.is_rtp);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RtpPacketShape,
    testing::Values(
        Shape{.name = "Empty", .first = 0, .size = 0, .is_rtp = false},
        Shape{.name = "OneOctet", .first = 0x80, .size = 1, .is_rtp = false},
        Shape{.name = "HeaderCutShort", .first = 0x80, .size = 11, .is_rtp = false},
        Shape{.name = "HeaderAlone", .first = 0x80, .size = 12, .is_rtp = true},
        Shape{.name = "VersionOne", .first = 0x40, .size = 172, .is_rtp = false},
        Shape{.name = "StunLikeVersionZero", .first = 0x00, .size = 172, .is_rtp = false},
        Shape{.name = "SourcesInside", .first = 0x8f, .size = 72, .is_rtp = true},
        Shape{.name = "SourcesBeyondTheEnd", .first = 0x8f, .size = 71, .is_rtp = false},
        Shape{.name = "ExtensionInside",
              .first = 0x90,
              .size = 24,
              .extension_words = 2,
              .is_rtp = true},
        Shape{.name = "ExtensionBeyondTheEnd",
              .first = 0x90,
              .size = 24,
              .extension_words = 3,
              .is_rtp = false},
        Shape{.name = "ExtensionOfEveryWord",
              .first = 0x90,
              .size = 24,
              .extension_words = 0xffff,
              .is_rtp = false},
        Shape{.name = "ExtensionHeaderCutShort", .first = 0x90, .size = 15, .is_rtp = false},
        Shape{.name = "PaddingInside", .first = 0xa0, .size = 20, .last = 8, .is_rtp = true},
        Shape{.name = "PaddingOfZero", .first = 0xa0, .size = 20, .last = 0, .is_rtp = false},
        Shape{
            .name = "PaddingIntoTheHeader", .first = 0xa0, .size = 20, .last = 9, .is_rtp = false}),
    [](const auto& row) { return row.param.name; });

TEST(RtpPacket, TellsRtcpOnTheSamePort) {
    Bytes packet(28, std::byte{0});
    packet[0] = std::byte{0x80};
    for (unsigned second = 0; second < 256; ++second) {
        packet[1] = static_cast<std::byte>(second);
        const bool expected = second >= 192 && second <= 223;
        EXPECT_EQ(is_rtcp(packet), expected) << second;
        EXPECT_EQ(parse(packet).has_value(), !expected) << second;
    }
}

}  // namespace
}  // namespace causeway::rtp
