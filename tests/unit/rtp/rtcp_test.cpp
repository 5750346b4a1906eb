#include "causeway/rtp/rtcp.hpp"

#include "unit/rtp/packets.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace causeway::rtp {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): builders

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes result;
    for (const Bytes& part : parts) {
        result.insert(result.end(), part.begin(), part.end());
    }
    return result;
}

const Bytes kEmptyReport = bytes({0x80, 201, 0, 1, 0, 0, 0, 7});

struct Compound {
    std::string name;
    Bytes packet;
    bool is_valid;
};

class RtcpCompound : public testing::TestWithParam<Compound> {};

TEST_P(RtcpCompound, IsJudged) {
    EXPECT_EQ(is_valid_compound(GetParam().packet), GetParam().is_valid);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RtcpCompound,
    testing::Values(
        Compound{.name = "ReportAndDescription", .packet = receiver_report(), .is_valid = true},
        Compound{.name = "ReportAlone", .packet = kEmptyReport, .is_valid = true},
        Compound{.name = "SenderReportWithoutItsFigures",
                 .packet = bytes({0x80, 200, 0, 1, 0, 0, 0, 7}),
                 .is_valid = false},
        Compound{.name = "Empty", .packet = {}, .is_valid = false},
        Compound{.name = "HeaderCutShort", .packet = bytes({0x80, 201, 0}), .is_valid = false},
        Compound{.name = "DescriptionFirst", .packet = bytes({0x80, 202, 0, 0}), .is_valid = false},
        Compound{.name = "VersionOne",
                 .packet = bytes({0x40, 201, 0, 1, 0, 0, 0, 7}),
                 .is_valid = false},
        Compound{.name = "LongerThanTheDatagram",
                 .packet = bytes({0x80, 201, 0, 2, 0, 0, 0, 7}),
                 .is_valid = false},
        Compound{.name = "RestThatIsNoPacket",
                 .packet = joined({kEmptyReport, bytes({1, 2})}),
                 .is_valid = false},
        Compound{.name = "PaddingBeforeTheLast",
                 .packet = joined({bytes({0xa0, 201, 0, 1, 0, 0, 0, 4}), kEmptyReport}),
                 .is_valid = false},
        Compound{.name = "BlocksThatAreNotThere",
                 .packet = bytes({0x9f, 201, 0, 1, 0, 0, 0, 7}),
                 .is_valid = false},
        Compound{.name = "BlocksOfTheNextPacketDoNotCount",
                 .packet = joined({bytes({0x81, 201, 0, 1, 0, 0, 0, 7}), receiver_report(),
                                   receiver_report()}),
                 .is_valid = false},
        Compound{
            .name = "DescriptionTextBeyondItsEnd",
            .packet = joined({kEmptyReport, bytes({0x81, 202, 0, 2, 0, 0, 0, 7, 1, 200, 'x', 0})}),
            .is_valid = false},
        Compound{.name = "Goodbye",
                 .packet = joined({kEmptyReport, bytes({0x81, 203, 0, 1, 0, 0, 0, 7})}),
                 .is_valid = true},
        Compound{.name = "GoodbyeWithoutItsSources",
                 .packet = joined({kEmptyReport, bytes({0x9f, 203, 0, 1, 0, 0, 0, 7})}),
                 .is_valid = false},
        Compound{.name = "ExtendedReport",
                 .packet = joined({kEmptyReport, bytes({0x80, 207, 0, 1, 0, 0, 0, 7})}),
                 .is_valid = true}),
    [](const auto& row) { return row.param.name; });

TEST(Rtcp, SurvivesAnyOctetsBehindAPlausibleStart) {
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        Bytes packet = receiver_report();
        const std::size_t changes = 1 + random() % 6;
        for (std::size_t n = 0; n < changes; ++n) {
            packet[random() % packet.size()] = static_cast<std::byte>(random());
        }
        packet.resize(random() % (packet.size() + 1));
        (void)is_valid_compound(packet);
    }
}

}  // namespace
}  // namespace causeway::rtp
