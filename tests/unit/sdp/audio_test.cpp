#include "samples.hpp"

#include <optional>

namespace causeway::sdp::test {
namespace {

Result<Audio> audio_of(std::string_view text) {
    return audio(parsed(text));
}

/// `0 PCMU/8000, 101 telephone-event/8000`
std::string listed(const std::vector<Codec>& codecs) {
    std::string text;
    for (const Codec& codec : codecs) {
        text += (text.empty() ? "" : ", ") + std::to_string(codec.payload_type) + " " + codec.name +
                "/" + std::to_string(codec.clock);
    }
    return text;
}

struct Place {
    const char* name;
    std::vector<std::string> lines;
    std::size_t index{};
    std::string rtp;
    std::string rtcp;
};

class SdpAudioFinds : public testing::TestWithParam<Place> {};

TEST_P(SdpAudioFinds, WhereTheMediaGoes) {
    const Place& row = GetParam();
    const auto found = audio_of(with_lines(row.lines));
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(found->index, row.index);
    EXPECT_EQ(found->rtp.to_string(), row.rtp);
    EXPECT_EQ(found->rtcp.to_string(), row.rtcp);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpAudioFinds,
    testing::Values(
        Place{.name = "SessionConnection",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0"},
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:4001"},
        Place{.name = "MediaConnectionOnly",
              .lines = {"m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.2"},
              .rtp = "192.0.2.2:4000",
              .rtcp = "192.0.2.2:4001"},
        Place{.name = "MediaConnectionWins",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.2"},
              .rtp = "192.0.2.2:4000",
              .rtcp = "192.0.2.2:4001"},
        Place{.name = "ConnectionOfAnotherSection",
              .lines = {"c=IN IP4 192.0.2.1", "m=video 4 RTP/AVP 31", "c=IN IP4 somewhere.example",
                        "m=audio 4000 RTP/AVP 0"},
              .index = 1,
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:4001"},
        Place{.name = "Ip6",
              .lines = {"c=IN IP6 2001:db8::1", "m=audio 4000 RTP/AVP 0"},
              .rtp = "[2001:db8::1]:4000",
              .rtcp = "[2001:db8::1]:4001"},
        Place{.name = "Hold",
              .lines = {"c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 0"},
              .rtp = "0.0.0.0:4000",
              .rtcp = "0.0.0.0:4001"},
        Place{.name = "PortCount",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 49170/2 RTP/AVP 0"},
              .rtp = "192.0.2.1:49170",
              .rtcp = "192.0.2.1:49171"},
        Place{.name = "LastPortHasNoRtcp",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 65535 RTP/AVP 0"},
              .rtp = "192.0.2.1:65535",
              .rtcp = "192.0.2.1:0"},
        Place{.name = "RtcpPort",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "a=rtcp:5001"},
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:5001"},
        Place{.name = "RtcpAddress",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0",
                        "a=rtcp:5001 IN IP4 192.0.2.9"},
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.9:5001"},
        Place{.name = "RtcpNonsense",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "a=rtcp:99999", "a=rtcp:0",
                        "a=rtcp:5001 IN IP4 224.0.0.1", "a=rtcp", "a=rtcp:5001 here"},
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:4001"},
        Place{.name = "VideoAndImageFirst",
              .lines = {"c=IN IP4 192.0.2.1", "m=image 4 udptl t38", "m=video 6 RTP/AVP 31",
                        "m=audio 4000 RTP/AVP 0"},
              .index = 2,
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:4001"},
        Place{.name = "FirstOfTwoAudios",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "m=audio 5000 RTP/AVP 8"},
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:4001"},
        Place{.name = "PassesOverARefusedOne",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 0 RTP/AVP 0", "m=audio 5000 RTP/AVP 8"},
              .index = 1,
              .rtp = "192.0.2.1:5000",
              .rtcp = "192.0.2.1:5001"},
        Place{.name = "PassesOverSrtp",
              .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/SAVP 0", "m=audio 5000 RTP/AVPF 8"},
              .index = 1,
              .rtp = "192.0.2.1:5000",
              .rtcp = "192.0.2.1:5001"},
        Place{.name = "FormatsOfOthersAreTheirs",
              .lines = {"c=IN IP4 192.0.2.1", "m=image 9 udptl (", "m=audio 4000 RTP/AVP 0"},
              .index = 1,
              .rtp = "192.0.2.1:4000",
              .rtcp = "192.0.2.1:4001"}),
    [](const auto& row) { return row.param.name; });

struct NoAudio {
    const char* name;
    std::vector<std::string> lines;
    Errc code{};
};

class SdpAudioRefuses : public testing::TestWithParam<NoAudio> {};

TEST_P(SdpAudioRefuses, WithTheRightCode) {
    const auto found = audio_of(with_lines(GetParam().lines));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, GetParam().code) << found.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpAudioRefuses,
    testing::Values(
        NoAudio{.name = "NoSection", .lines = {"c=IN IP4 192.0.2.1"}, .code = Errc::Unsupported},
        NoAudio{.name = "OnlyFax",
                .lines = {"c=IN IP4 192.0.2.1", "m=image 4000 udptl t38"},
                .code = Errc::Unsupported},
        NoAudio{.name = "OnlyRefused",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 0 RTP/AVP 0"},
                .code = Errc::Unsupported},
        NoAudio{.name = "OnlySrtp",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/SAVP 0"},
                .code = Errc::Unsupported},
        NoAudio{.name = "OnlyDtls",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 UDP/TLS/RTP/SAVPF 0"},
                .code = Errc::Unsupported},
        NoAudio{.name = "HostName",
                .lines = {"c=IN IP4 media.example", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Unsupported},
        NoAudio{.name = "MulticastWithTtl",
                .lines = {"c=IN IP4 224.2.1.1/127", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Unsupported},
        NoAudio{.name = "MulticastWithTtlAndCount",
                .lines = {"c=IN IP4 224.2.1.1/127/3", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Unsupported},
        NoAudio{.name = "MulticastWithBadTtl",
                .lines = {"c=IN IP4 224.2.1.1/x", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{
            .name = "NoConnection", .lines = {"m=audio 4000 RTP/AVP 0"}, .code = Errc::Malformed},
        NoAudio{.name = "ConnectionOfAnotherNetwork",
                .lines = {"c=ATM NSAP 47", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "AddressOutOfRange",
                .lines = {"c=IN IP4 192.0.2.256", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "AddressOfTheOtherFamily",
                .lines = {"c=IN IP4 2001:db8::1", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "AddressInBrackets",
                .lines = {"c=IN IP6 [2001:db8::1]", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "EmptyConnection",
                .lines = {"c=", "m=audio 4000 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "PortTooLarge",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 65536 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "PortNegative",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio -1 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "PortHuge",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 99999999999999999999999 RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "PortCountMissing",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000/ RTP/AVP 0"},
                .code = Errc::Malformed},
        NoAudio{.name = "NoFormats",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP"},
                .code = Errc::Malformed},
        NoAudio{.name = "FormatNoNumber",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0 PCMU"},
                .code = Errc::Malformed},
        NoAudio{.name = "FormatTooLarge",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 128"},
                .code = Errc::Malformed},
        NoAudio{.name = "AnotherSectionBroken",
                .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "m=video"},
                .code = Errc::Malformed}),
    [](const auto& row) { return row.param.name; });

TEST(SdpAudio, NamesStaticTypesWithoutRtpmap) {
    const auto found =
        audio_of(described({"m=audio 4000 RTP/AVP 0 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"}));
    ASSERT_TRUE(found);
    EXPECT_EQ(listed(found->codecs),
              "0 PCMU/8000, 3 GSM/8000, 4 G723/8000, 5 DVI4/8000, 6 DVI4/16000, 7 LPC/8000, "
              "8 PCMA/8000, 9 G722/8000, 10 L16/44100, 11 L16/44100, 12 QCELP/8000, 13 CN/8000, "
              "14 MPA/90000, 15 G728/8000, 16 DVI4/11025, 17 DVI4/22050, 18 G729/8000");
}

TEST(SdpAudio, LeavesUnmappedAndUnreadableOnesNameless) {
    const auto found = audio_of(described(
        {"m=audio 4000 RTP/AVP 1 96 97 98 127 0", "a=rtpmap:97 opus", "a=rtpmap:98 a b/8000",
         "a=rtpmap:127 x/0", "a=rtpmap:300 y/8000", "a=rtpmap:0 /8000", "a=rtpmap"}));
    ASSERT_TRUE(found);
    EXPECT_EQ(listed(found->codecs), "1 /0, 96 /0, 97 /0, 98 /0, 127 /0, 0 PCMU/8000");
    EXPECT_EQ(found->voice()->payload_type, 0);
}

TEST(SdpAudio, ListsANumberOnceAndTakesItsFirstRtpmap) {
    const auto found = audio_of(described(
        {"m=audio 4000 RTP/AVP 96 0 96 0", "a=rtpmap:96 opus/48000/2", "a=rtpmap:96 iLBC/8000"}));
    ASSERT_TRUE(found);
    EXPECT_EQ(listed(found->codecs), "96 opus/48000, 0 PCMU/8000");
}

TEST(SdpAudio, KnowsG722At8000WhateverIsWritten) {
    const auto found = audio_of(described({"m=audio 4000 RTP/AVP 9", "a=rtpmap:9 g722/16000"}));
    ASSERT_TRUE(found);
    EXPECT_EQ(listed(found->codecs), "9 g722/8000");
    EXPECT_TRUE(is_same_codec({9, "G722", 16000}, {9, "g722", 8000}));
}

TEST(SdpAudio, ComparesCodecsByNameAndClock) {
    EXPECT_TRUE(is_same_codec({0, "PCMU", 8000}, {99, "pcmu", 8000}));
    EXPECT_FALSE(is_same_codec({0, "PCMU", 8000}, {0, "PCMA", 8000}));
    EXPECT_FALSE(is_same_codec({96, "L16", 8000}, {96, "L16", 16000}));
    EXPECT_TRUE(is_telephone_event({101, "TELEPHONE-EVENT", 8000}));
    EXPECT_FALSE(is_telephone_event({101, "telephone-event", 16000}));
}

TEST(SdpAudio, VoiceIsNeitherEventNorComfortNoise) {
    const auto found = audio_of(
        described({"m=audio 4000 RTP/AVP 100 101 13 99 8", "a=rtpmap:100 Telephone-Event/48000",
                   "a=rtpmap:101 telephone-event/8000"}));
    ASSERT_TRUE(found);
    ASSERT_NE(found->voice(), nullptr);
    EXPECT_EQ(found->voice()->payload_type, 8);
    ASSERT_NE(found->event(), nullptr);
    EXPECT_EQ(found->event()->payload_type, 101);
    const auto silent = audio_of(described({"m=audio 4000 RTP/AVP 13"}));
    ASSERT_TRUE(silent);
    EXPECT_EQ(silent->voice(), nullptr);
    EXPECT_EQ(silent->event(), nullptr);
}

struct Said {
    const char* name;
    std::vector<std::string> lines;
    Direction direction{};
    bool is_hold{};
};

class SdpAudioDirection : public testing::TestWithParam<Said> {};

TEST_P(SdpAudioDirection, IsReadAndHoldIsSeen) {
    const auto found = audio_of(with_lines(GetParam().lines));
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(found->direction, GetParam().direction);
    EXPECT_EQ(found->is_hold(), GetParam().is_hold);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpAudioDirection,
    testing::Values(Said{.name = "Default",
                         .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0"},
                         .direction = Direction::SendRecv},
                    Said{.name = "SendOnly",
                         .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "a=sendonly"},
                         .direction = Direction::SendOnly,
                         .is_hold = true},
                    Said{.name = "RecvOnly",
                         .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "a=recvonly"},
                         .direction = Direction::RecvOnly},
                    Said{.name = "InactiveInherited",
                         .lines = {"c=IN IP4 192.0.2.1", "a=inactive", "m=audio 4000 RTP/AVP 0"},
                         .direction = Direction::Inactive,
                         .is_hold = true},
                    Said{.name = "MediaBeforeSession",
                         .lines = {"c=IN IP4 192.0.2.1", "a=inactive", "m=audio 4000 RTP/AVP 0",
                                   "a=sendrecv"},
                         .direction = Direction::SendRecv},
                    Said{.name = "OfAnotherSection",
                         .lines = {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0",
                                   "m=video 4 RTP/AVP 31", "a=inactive"},
                         .direction = Direction::SendRecv},
                    Said{.name = "ZeroAddress",
                         .lines = {"c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 0", "a=sendrecv"},
                         .direction = Direction::SendRecv,
                         .is_hold = true},
                    Said{.name = "ZeroAddress6",
                         .lines = {"c=IN IP6 ::", "m=audio 4000 RTP/AVP 0"},
                         .direction = Direction::SendRecv,
                         .is_hold = true}),
    [](const auto& row) { return row.param.name; });

TEST(SdpDirection, MirrorsAsAnAnswererMust) {
    EXPECT_EQ(mirrored(Direction::SendRecv), Direction::SendRecv);
    EXPECT_EQ(mirrored(Direction::SendOnly), Direction::RecvOnly);
    EXPECT_EQ(mirrored(Direction::RecvOnly), Direction::SendOnly);
    EXPECT_EQ(mirrored(Direction::Inactive), Direction::Inactive);
    EXPECT_EQ(to_string(Direction::RecvOnly), "recvonly");
}

}  // namespace
}  // namespace causeway::sdp::test
