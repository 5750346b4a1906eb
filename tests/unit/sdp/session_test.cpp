#include "samples.hpp"

namespace causeway::sdp::test {
namespace {

constexpr std::string_view kHead = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n";

TEST(SdpParse, SplitsSessionAndMediaSections) {
    const Session session = parsed(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n"
        "m=video 0 RTP/AVP 31\r\n");
    const Session expected{.lines = {{'v', "0"}, {'o', "- 1 1 IN IP4 192.0.2.1"}, {'s', ""}},
                           .media = {{.lines = {{'m', "audio 4000 RTP/AVP 0"}, {'a', "sendrecv"}}},
                                     {.lines = {{'m', "video 0 RTP/AVP 31"}}}}};
    EXPECT_EQ(session, expected);
}

TEST(SdpParse, PrintsWhatItRead) {
    for (const std::string_view text : {kLiveKitOffer, kLiveKitAnswer, kBusyOffer}) {
        EXPECT_EQ(print(parsed(text)), text);
    }
}

TEST(SdpParse, TakesBareLineFeedsAndPrintsCrLf) {
    std::string text(kLiveKitAnswer);
    std::erase(text, '\r');
    EXPECT_EQ(print(parsed(text)), kLiveKitAnswer);
}

TEST(SdpParse, TakesAMissingOrAnEmptyLastLine) {
    const std::string_view bare = kLiveKitAnswer.substr(0, kLiveKitAnswer.size() - 2);
    EXPECT_EQ(print(parsed(bare)), kLiveKitAnswer);
    EXPECT_EQ(print(parsed(std::string(kLiveKitAnswer) + "\r\n\n")), kLiveKitAnswer);
}

struct Refused {
    const char* name;
    std::string text;
};

class SdpParseRefuses : public testing::TestWithParam<Refused> {};

TEST_P(SdpParseRefuses, AsMalformed) {
    const auto session = parse(GetParam().text);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, Errc::Malformed);
    EXPECT_FALSE(session.error().what.empty());
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += text;
    }
    return all;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpParseRefuses,
    testing::Values(
        Refused{.name = "Nothing", .text = ""}, Refused{.name = "OnlyLineEnds", .text = "\r\n\r\n"},
        Refused{.name = "VersionOne", .text = "v=1\r\no=- 1 1 IN IP4 192.0.2.1\r\n"},
        Refused{.name = "VersionSecond", .text = "o=- 1 1 IN IP4 192.0.2.1\r\nv=0\r\n"},
        Refused{.name = "NoOrigin", .text = "v=0\r\ns=-\r\n"},
        Refused{.name = "OriginInMedia",
                .text = "v=0\r\nm=audio 4 RTP/AVP 0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"},
        Refused{.name = "TwoOrigins", .text = std::string(kHead) + "o=- 1 1 IN IP4 192.0.2.1\r\n"},
        Refused{.name = "TwoDescriptions",
                .text = std::string(kHead) + "m=audio 4 RTP/AVP 0\r\n" + std::string(kHead)},
        Refused{.name = "EmptyLineInside", .text = std::string(kHead) + "\r\ns=-\r\n"},
        Refused{.name = "NoEqualsSign", .text = std::string(kHead) + "s-\r\n"},
        Refused{.name = "OneCharacter", .text = std::string(kHead) + "s\r\n"},
        Refused{.name = "SpaceBeforeType", .text = std::string(kHead) + " s=-\r\n"},
        Refused{.name = "UpperCaseType", .text = std::string(kHead) + "S=-\r\n"},
        Refused{.name = "CarriageReturnInside", .text = std::string(kHead) + "s=a\rb\r\n"},
        Refused{.name = "TwoCarriageReturns", .text = std::string(kHead) + "s=a\r\r\nt=0 0\r\n"},
        Refused{.name = "Nul", .text = std::string(kHead) + std::string("s=a\0b\r\n", 7)},
        Refused{.name = "Delete", .text = std::string(kHead) + "s=a\x7f\r\n"},
        Refused{.name = "SeventeenSections",
                .text = std::string(kHead) + repeated("m=audio 4 RTP/AVP 0\r\n", 17)},
        Refused{.name = "TooManyLines", .text = std::string(kHead) + repeated("a=\r\n", 499)},
        Refused{
            .name = "TooLong",
            .text = std::string(kHead) + "a=" + std::string(std::size_t{16} * 1024, 'x') + "\r\n"}),
    [](const auto& row) { return row.param.name; });

TEST(SdpParse, TakesWhatIsJustWithinItsLimits) {
    EXPECT_EQ(parsed(std::string(kHead) + repeated("m=audio 4 RTP/AVP 0\r\n", 16)).media.size(),
              16U);
    EXPECT_EQ(parsed(std::string(kHead) + repeated("a=\r\n", 498)).lines.size(), 500U);
    const std::string filler(std::size_t{16} * 1024 - kHead.size() - 4, 'x');
    EXPECT_EQ(parsed(std::string(kHead) + "a=" + filler + "\r\n").lines.back().value, filler);
}

TEST(SdpParse, KeepsTabsAndUtf8) {
    const std::string text = std::string(kHead) + "s=a\tb \xc3\xa4\r\n";
    EXPECT_EQ(print(parsed(text)), text);
}

/// Lines on which another parser never ends (docs/reference/stack.md §4 f): the formats of a
/// section that is no RTP are nobody's tokens.
TEST(SdpParse, TakesAnyFormatOfASectionThatIsNotRtp) {
    const std::string start =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
    for (const std::string line : {"m=image 9 udptl (", "m=audio 9 TCP/MSRP @",
                                   "m=image 9 udptl t38 \"", "m=x 9 y ,;:\\/[]?={}"}) {
        const auto session = parse(start + line + "\r\nm=audio 4000 RTP/AVP 8\r\n");
        ASSERT_TRUE(session) << line;
        EXPECT_EQ(session->media.size(), 2U);
        const auto view = audio(*session);
        ASSERT_TRUE(view) << line << ": " << view.error().what;
        EXPECT_EQ(view->index, 1U);
    }
}

}  // namespace
}  // namespace causeway::sdp::test
