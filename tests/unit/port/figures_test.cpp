#include "causeway/port/figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace causeway::port {
namespace {

TEST(MessageKinds, AreReadOffTheFirstBytes) {
    struct Row {
        const char* bytes;
        const char* kind;
    };
    const Row rows[] = {
        {"INVITE sip:a@b SIP/2.0\r\n", "INVITE"},
        {"REGISTER sip:b SIP/2.0\r\n", "REGISTER"},
        {"PRACK sip:b SIP/2.0\r\n", "PRACK"},
        {"INVITEE sip:b SIP/2.0\r\n", "other"},
        {"1xx sip:b SIP/2.0\r\n", "other"},
        {"malformed sip:b SIP/2.0\r\n", "other"},
        {"SIP/2.0 100 Trying\r\n", "1xx"},
        {"SIP/2.0 183 Session Progress\r\n", "1xx"},
        {"SIP/2.0 200 OK\r\n", "2xx"},
        {"SIP/2.0 487 Request Terminated\r\n", "4xx"},
        {"SIP/2.0 603 Decline\r\n", "6xx"},
        {"", "other"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(kMessageKinds[kind_of(row.bytes)], row.kind) << row.bytes;
    }
    EXPECT_EQ(kMessageKinds[kind_of_answer(699)], "6xx");
    EXPECT_EQ(kMessageKinds[kind_of_answer(100)], "1xx");
}

TEST(MessageKinds, AreLabelsOfTheirOwn) {
    const std::set<std::string_view> labels(kMessageKinds.begin(), kMessageKinds.end());
    EXPECT_EQ(labels.size(), kMessageKinds.size());
}

TEST(Refusals, AreFoundByStageAndReason) {
    EXPECT_EQ(refusal_of(Stage::Admission, "unknown_source"), 0U);
    EXPECT_EQ(refusal_of(Stage::Call, "upstream"), kRefusals.size() - 1);
    EXPECT_NE(refusal_of(Stage::Call, "bad_request"), refusal_of(Stage::Normalize, "bad_request"));
    EXPECT_FALSE(refusal_of(Stage::Call, "bye")) << "an end is no refusal";
    EXPECT_FALSE(refusal_of(Stage::Tenant, "upstream"));
    for (std::size_t i = 0; i < kRefusals.size(); ++i) {
        EXPECT_EQ(refusal_of(kRefusals[i].stage, kRefusals[i].reason), i) << kRefusals[i].reason;
    }
}

TEST(SetupTimes, FallIntoTheBucketThatHoldsThem) {
    SetupTimes times;
    for (const std::uint64_t ms : {0U, 100U, 101U, 250U, 119'999U, 120'000U, 120'001U, 500'000U}) {
        times.add(ms);
    }
    EXPECT_EQ(times.counts.front(), 2U) << "0 and 100: the bound belongs to its bucket";
    EXPECT_EQ(times.counts[1], 2U);
    EXPECT_EQ(times.counts[times.counts.size() - 2], 2U);
    EXPECT_EQ(times.counts.back(), 2U);
    EXPECT_EQ(times.sum, 0U + 100 + 101 + 250 + 119'999 + 120'000 + 120'001 + 500'000);
    EXPECT_TRUE(std::is_sorted(SetupTimes::kBounds.begin(), SetupTimes::kBounds.end()));
}

}  // namespace
}  // namespace causeway::port
