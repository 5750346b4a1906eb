#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

std::string with(const std::string& line) {
    return "cdr: {file: /tmp/causeway-test.jsonl}\n" + line;
}

TEST(StoreSettings, AreChecked) {
    const Row rows[] = {
        {"no CDR file", {{13, "cdr: {}"}}, {"13: cdr.file: missing"}},
        {"an empty CDR file", {{13, "cdr: {file: \"\"}"}}, {"13: cdr.file: empty"}},
        {"a number without unit",
         {{13, with("call: {no_response: 2000}")}},
         {"14: call.no_response: 2000: no duration (500ms, 30s, 5m, 1h, 1d)"}},
        {"an unknown unit",
         {{13, with("call: {ring_timeout: 2w}")}},
         {"14: call.ring_timeout: 2w: no duration (500ms, 30s, 5m, 1h, 1d)"}},
        {"nothing where something is needed",
         {{13, with("call: {no_response: 0s}")}},
         {"14: call.no_response: 0s: must be longer than nothing"}},
        {"nothing where that is off",
         {{13, with("call: {max_duration: 0, media_timeout: 0s}")}},
         {}},
        {"too long",
         {{13, with("call: {max_duration: 31d}")}},
         {"14: call.max_duration: 31d: longer than 30d"}},
        {"more than fits",
         {{13, with("call: {max_duration: 99999999999999999999d}")}},
         {"14: call.max_duration: 99999999999999999999d: no duration (500ms, 30s, 5m, 1h, 1d)"}},
        {"set-up not longer than ringing",
         {{13, with("call:\n  ring_timeout: 60s\n  setup_timeout: 1m")}},
         {"16: call.setup_timeout: setup_timeout (60000ms) must be longer than ring_timeout "
          "(60000ms)"}},
        {"ringing longer than the default of set-up",
         {{13, with("call: {ring_timeout: 3m}")}},
         {"14: call.ring_timeout: setup_timeout (150000ms) must be longer than ring_timeout "
          "(180000ms)"}},
        {"a log level",
         {{13, with("log: {level: verbose}")}},
         {"14: log.level: verbose: not known in this version (debug, info, warn, error, off)"}},
        {"threads",
         {{13, with("media: {threads: 0, dscp: 64}")}},
         {"14: media.threads: 0: not within auto|1..64", "14: media.dscp: 64: not within 0..63"}},
        {"too many tenants",
         {{13, with("metrics: {max_tenants: 1000001}")}},
         {"14: metrics.max_tenants: 1000001: not within 0..1000000"}},
        {"an emergency number that is none",
         {{13, with("security: {emergency_numbers: [\"110\", sos]}")}},
         {"14: security.emergency_numbers: sos: no digits"}},
        {"no name of a node",
         {{1, "node: \"a b\""}},
         {"1: node: a b: no name: at most 64 letters, digits and ._-, a letter or digit first"}},
    };
    expect_problems(rows);
}

TEST(StoreSettings, SayWhereMetricsAre) {
    const auto some =
        load(edited({{13, with("metrics: {listen: \"[::1]:9495\", max_tenants: 0}")}}));
    ASSERT_TRUE(some);
    EXPECT_EQ(some->startup.metrics.listen, (Endpoint{IpAddress::parse("::1").value(), 9495}));
    EXPECT_EQ(some->startup.metrics.max_tenants, 0U);
    const auto none = load(edited({{13, with("metrics: {listen: \"\"}")}}));
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->startup.metrics.listen);
}

TEST(StoreSettings, HaveTheirDefaults) {
    const auto loaded = load(edited({}));
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->snapshot->call, config::CallTimers{});
    EXPECT_EQ(loaded->snapshot->normalize.emergency, (std::vector<std::string>{"110", "112"}));
    const config::Startup& startup = loaded->startup;
    EXPECT_EQ(startup.node, "n1");
    EXPECT_EQ(startup.media_threads, 0U);
    EXPECT_EQ(loaded->settings.dscp, 46);
    EXPECT_EQ(loaded->settings.drain_deadline, Millis{3'600'000});
    EXPECT_EQ(loaded->settings.cdr_file, "/tmp/causeway-test.jsonl");
    EXPECT_EQ(loaded->settings.log.level, log::Level::Info);
    EXPECT_EQ(loaded->settings.log.format, log::Format::Text);
    EXPECT_EQ(loaded->settings.log.numbers, log::Numbers::Masked);
    EXPECT_EQ(loaded->settings.log.node, "n1");
    EXPECT_EQ(startup.metrics.listen, (Endpoint{IpAddress::v4(127, 0, 0, 1), 9494}));
    EXPECT_EQ(startup.metrics.max_tenants, 1000U);
    ASSERT_EQ(startup.interfaces.size(), 2U);
    const config::Interface& in = startup.interfaces[0];
    EXPECT_EQ(in.id, InterfaceId{1});
    EXPECT_EQ(in.side, sip::Side::Carrier);
    EXPECT_EQ(in.advertise, in.bind);
    EXPECT_EQ(in.port(sip::Transport::Udp), 5060);
    EXPECT_EQ(in.rtp_first, 10000);
    EXPECT_EQ(in.rtp_last, 10999);
    EXPECT_EQ(startup.interfaces[1].side, sip::Side::Livekit);
}

TEST(StoreSettings, AreRead) {
    const auto loaded = load(edited(
        {{13, with("call: {no_response: 500ms, attempt_timeout: 1m, livekit_silence: 7s, "
                   "ring_timeout: 1h, setup_timeout: 1d, max_duration: 0, media_timeout: 90s}\n"
                   "log: {level: warn, format: json, numbers: full}\n"
                   "media: {threads: 3, dscp: 0}\n"
                   "drain: {deadline: 5m}\n"
                   "security: {unknown_source: reject, emergency_numbers: [\"911\"]}\n"
                   "x-anything: [{at: all}]")}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    const config::CallTimers want{Millis{500},       Millis{60'000},     Millis{7'000},
                                  Millis{3'600'000}, Millis{86'400'000}, Millis{0},
                                  Millis{90'000}};
    EXPECT_EQ(loaded->snapshot->call, want);
    EXPECT_EQ(loaded->snapshot->normalize.emergency, std::vector<std::string>{"911"});
    EXPECT_EQ(loaded->snapshot->admission.unknown_source, admission::UnknownSource::Reject);
    EXPECT_EQ(loaded->startup.media_threads, 3U);
    EXPECT_EQ(loaded->settings.dscp, 0);
    EXPECT_EQ(loaded->settings.drain_deadline, Millis{300'000});
    EXPECT_EQ(loaded->settings.log.level, log::Level::Warn);
    EXPECT_EQ(loaded->settings.log.format, log::Format::Json);
    EXPECT_EQ(loaded->settings.log.numbers, log::Numbers::Full);
}

}  // namespace
}  // namespace causeway::test
