#include "causeway/telemetry/telemetry.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>

namespace causeway::telemetry {
namespace {

constexpr WallTime kStart{1'767'323'045'006};  // 2026-01-02T03:04:05.006Z

port::CallRecord an_answered_call() {
    port::CallRecord record;
    record.call_id = CallId{0x00ab54a98ceb1f0aULL};
    record.tenant = "acme";
    record.carrier = "didww";
    record.gateway = "livekit/fra-1";
    record.source = "46.19.209.14";
    record.from = "+4930123456";
    record.to = "+12125550100";
    record.original_to = "0012125550100";
    record.x_to_ip = "203.0.113.50";
    record.a_call_id = "abc@carrier";
    record.b_call_id = "def@causeway";
    record.livekit_call_id = "SCL_x1";
    record.attempts = {{.gateway = "livekit/ams-1", .status = 503, .reason = "Busy", .ms = 12},
                       {.gateway = "livekit/fra-1", .status = 200, .reason = "OK", .ms = 340}};
    record.start = kStart;
    record.ringing = kStart + WallTime{120};
    record.answer = kStart + WallTime{352};
    record.end = kStart + WallTime{60'352};
    record.setup_ms = 352;
    record.duration_ms = 60'000;
    record.outcome = {
        .cause = call::Cause::Success, .side = call::By::A, .sip_status = 200, .reason = "bye"};
    record.media.emplace();
    record.media->a = {.packets = 3000, .bytes = 516'000, .lost = 0, .jitter_ms = 0.26};
    record.media->b = {.packets = 2970, .bytes = 510'840, .lost = 30, .jitter_ms = 4.04};
    record.codec = "PCMU";
    record.srtp = true;
    return record;
}

bool has(const std::string& line, std::string_view text) {
    return line.find(text) != std::string::npos;
}

TEST(CdrLine, ShowsEveryFieldOfAnAnsweredCallInTheDocumentedOrder) {
    EXPECT_EQ(
        to_json(an_answered_call()),
        R"({"call_id":"00ab54a98ceb1f0a","direction":"inbound","tenant":"acme","carrier":"didww",)"
        R"("gateway":"livekit/fra-1","source":"46.19.209.14","from":"+4930123456",)"
        R"("to":"+12125550100","original_to":"0012125550100","x_to_ip":"203.0.113.50",)"
        R"("a_call_id":"abc@carrier","b_call_id":"def@causeway","livekit_call_id":"SCL_x1",)"
        R"("attempts":[{"gateway":"livekit/ams-1","status":503,"reason":"Busy","ms":12},)"
        R"({"gateway":"livekit/fra-1","status":200,"reason":"OK","ms":340}],)"
        R"("start":"2026-01-02T03:04:05.006Z","ringing":"2026-01-02T03:04:05.126Z",)"
        R"("answer":"2026-01-02T03:04:05.358Z","end":"2026-01-02T03:05:05.358Z",)"
        R"("setup_ms":352,"duration_ms":60000,)"
        R"("outcome":{"cause":"success","side":"a","sip_status":200,"reason":"bye"},)"
        R"("media":{"a":{"packets":3000,"bytes":516000,"lost":0,"jitter_ms":0.3,"mos":4.40},)"
        R"("b":{"packets":2970,"bytes":510840,"lost":30,"jitter_ms":4.0,"mos":4.31}},)"
        R"("codec":"PCMU","srtp":true,"fast_path":false})");
}

TEST(CdrLine, LeavesOutWhatDidNotHappen) {
    port::CallRecord record;
    record.start = kStart;
    record.end = kStart;
    record.outcome = {.cause = call::Cause::Client,
                      .side = call::By::Causeway,
                      .sip_status = 404,
                      .reason = "unknown_did"};
    EXPECT_EQ(to_json(record),
              R"({"call_id":"0000000000000000","direction":"inbound","tenant":"","carrier":"",)"
              R"("source":"","from":"","to":"","original_to":"","x_to_ip":"","a_call_id":"",)"
              R"("attempts":[],"start":"2026-01-02T03:04:05.006Z",)"
              R"("end":"2026-01-02T03:04:05.006Z",)"
              R"("outcome":{"cause":"client","side":"causeway","sip_status":404,)"
              R"("reason":"unknown_did"},"srtp":false,"fast_path":false})");
}

TEST(CdrLine, ReplacesBytesThatAreNotUtf8AndEscapesLineEnds) {
    port::CallRecord record;
    record.from = "a\xff\"\r\n{}";
    record.to = std::string("b\0c", 3);
    const std::string line = to_json(record);
    EXPECT_TRUE(has(line, "\"from\":\"a\xef\xbf\xbd\\\"\\r\\n{}\"")) << line;
    EXPECT_TRUE(has(line, R"("to":"b\u0000c")")) << line;
    EXPECT_FALSE(has(line, "\n"));
}

TEST(CdrLine, WritesTimesBeyondADayAndBeforeTheEpochsFirstSecond) {
    port::CallRecord record;
    record.start = WallTime{7};
    record.end = WallTime{951'868'799'999};
    const std::string line = to_json(record);
    EXPECT_TRUE(has(line, R"("start":"1970-01-01T00:00:00.007Z")")) << line;
    EXPECT_TRUE(has(line, R"("end":"2000-02-29T23:59:59.999Z")")) << line;
}

TEST(CdrLine, NamesEveryCauseAndSide) {
    EXPECT_EQ(call::to_string(call::Cause::Success), "success");
    EXPECT_EQ(call::to_string(call::Cause::Client), "client");
    EXPECT_EQ(call::to_string(call::Cause::Upstream), "upstream");
    EXPECT_EQ(call::to_string(call::Cause::Server), "server");
    EXPECT_EQ(call::to_string(call::Cause::Indeterminate), "indeterminate");
    EXPECT_EQ(call::to_string(call::By::A), "a");
    EXPECT_EQ(call::to_string(call::By::B), "b");
    EXPECT_EQ(call::to_string(call::By::Causeway), "causeway");
}

struct QualityRow {
    const char* name;
    port::MediaRelay::LegStats stats;
    const char* expected;
};

class CdrQuality : public testing::TestWithParam<QualityRow> {};

TEST_P(CdrQuality, FollowsLossAndJitter) {
    port::CallRecord record;
    record.media.emplace();
    record.media->a = GetParam().stats;
    const std::string line = to_json(record);
    EXPECT_TRUE(has(line, GetParam().expected)) << line;
}

// Worked by hand from R = 93.2 - Id - Ie,eff (see quality.hpp).
INSTANTIATE_TEST_SUITE_P(
    Rows, CdrQuality,
    testing::Values(
        QualityRow{.name = "silence",
                   .stats = {},
                   .expected = R"("a":{"packets":0,"bytes":0,"lost":0,"jitter_ms":0.0},"b")"},
        QualityRow{.name = "perfect", .stats = {.packets = 100}, .expected = R"("mos":4.40})"},
        QualityRow{.name = "five_percent",
                   .stats = {.packets = 95, .lost = 5, .jitter_ms = 1.0},
                   .expected = R"("mos":3.90})"},
        QualityRow{.name = "jittery",
                   .stats = {.packets = 100, .jitter_ms = 100.0},
                   .expected = R"("mos":4.14})"},
        QualityRow{.name = "nearly_all_lost",
                   .stats = {.packets = 1, .lost = 1'000'000},
                   .expected = R"("mos":1.16})"},
        QualityRow{.name = "not_a_number",
                   .stats = {.packets = 100, .jitter_ms = std::nan("")},
                   .expected = R"("jitter_ms":0.0,"mos":4.40})"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace causeway::telemetry
