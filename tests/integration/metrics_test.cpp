// What a running daemon says of itself, held against what its peers have seen.
#include "calls.hpp"
#include "http_get.hpp"
#include "support/exposition.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <string>

namespace causeway::testing {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Scrapes : public Calls {
protected:
    /// The page of now; a fault of its format fails the test.
    Exposition scrape() {
        const HttpAnswer answer = http_get(bench.metrics(), "/metrics");
        EXPECT_EQ(answer.status, 200);
        EXPECT_NE(answer.head.find("text/plain; version=0.0.4"), std::string::npos);
        Exposition page = Exposition::parse(answer.body);
        EXPECT_EQ(page.faults, std::vector<std::string>{});
        return page;
    }
    /// Waits until a series has this value.
    bool comes_to(const std::string& series, double value) {
        return bench.loop().run(Millis{5000}, [&] { return scrape().value(series) == value; });
    }
    int readiness() { return http_get(bench.control(), "/readyz").status; }
    Json status() {
        return Json::parse(http_get(bench.control(), "/api/v1/status").body, nullptr, false);
    }
    void hang_up() {
        carrier->bye(SocketLoop::now());
        bench.loop().run(Millis{3000}, [&] { return carrier->status_of("BYE") != 0; });
    }

    static std::string total(const std::string& tenant, const std::string& outcome) {
        return R"(causeway_calls_total{direction="inbound",tenant=")" + tenant + R"(",outcome=")" +
               outcome + "\"}";
    }
    static std::string message(const std::string& direction, const std::string& kind) {
        return "causeway_sip_messages_total{direction=\"" + direction + "\",kind=\"" + kind + "\"}";
    }
    static std::string active(const std::string& code) {
        return "causeway_condition_active{code=\"" + code + "\"}";
    }
    static constexpr const char* kLive =
        R"(causeway_calls_active{direction="inbound",tenant="demo"})";
};

TEST_F(Scrapes, CountWhatPeersHaveSeen) {
    ASSERT_NO_FATAL_FAILURE(start());
    const Exposition before = scrape();
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hear(Millis{500});
    const Exposition during = scrape();
    EXPECT_EQ(during.value(kLive), 1);
    EXPECT_EQ(during.value(R"(causeway_rtp_ports_in_use{interface="carriers"})"), 1);
    EXPECT_EQ(during.value(R"(causeway_rtp_ports_in_use{interface="livekit"})"), 1);
    EXPECT_EQ(during.value(R"(causeway_rtp_ports{interface="livekit"})"), 50);
    hang_up();
    UserAgent refused(carrier_options(bench.carrier_ip()));
    join(refused);
    call(refused, "04099999");
    UserAgent stranger(carrier_options(IpAddress::v4(127, 0, 0, 66)));
    join(stranger);
    stranger.request("OPTIONS", {.target = bench.listener(), .request_uri = "sip:x"},
                     SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(2));
    ASSERT_TRUE(comes_to(R"(causeway_rtp_ports_in_use{interface="livekit"})", 0));

    const Exposition page = scrape();
    EXPECT_EQ(page.value(kLive), 0);
    EXPECT_EQ(page.value(total("demo", "success")), 1);
    EXPECT_EQ(page.value(total("demo", "client")), 0);
    EXPECT_EQ(page.value(total("", "client")), 1);
    EXPECT_EQ(page.value("causeway_call_setup_seconds_count"), 1);
    EXPECT_EQ(page.value(R"(causeway_rejections_total{stage="tenant",reason="no_tenant"})"), 1);
    EXPECT_GE(page.value(R"(causeway_rejections_total{stage="admission",reason="unknown_source"})"),
              1);
    EXPECT_EQ(page.value(R"(causeway_gateway_up{group="default",gateway="gw0"})"), 1);
    EXPECT_EQ(page.value("causeway_cdr_lost_total"), 0);

    // Both carriers' ladders and LiveKit's are all there was.
    const auto seen = [&](Way way, const char* start) {
        return static_cast<double>(carrier->ladder().count(way, start) +
                                   refused.ladder().count(way, start) +
                                   livekits[0]->ladder().count(way, start));
    };
    const auto grown = [&](const std::string& series) {
        return page.value(series) - before.value(series);
    };
    for (const char* method : {"INVITE", "ACK", "BYE"}) {
        const std::string start = std::string(method) + " ";
        EXPECT_EQ(grown(message("in", method)), seen(Way::Out, start.c_str())) << method;
        EXPECT_EQ(grown(message("out", method)), seen(Way::In, start.c_str())) << method;
    }
    for (const char* rank : {"1", "2", "4"}) {
        const std::string start = std::string("SIP/2.0 ") + rank;
        const std::string kind = std::string(rank) + "xx";
        EXPECT_EQ(grown(message("in", kind)), seen(Way::Out, start.c_str())) << kind;
        // The bench's own OPTIONS may still come again: each of them has its 200.
        const double probes = kind == "2xx" ? grown(message("in", "OPTIONS")) : 0;
        EXPECT_EQ(grown(message("out", kind)) - probes, seen(Way::In, start.c_str())) << kind;
    }
    // What is on its way while a call ends is relayed and heard by nobody.
    const auto expect_relayed = [&](const char* series, std::uint64_t sent, std::uint64_t heard) {
        EXPECT_GE(page.value(series), static_cast<double>(heard)) << series;
        EXPECT_LE(page.value(series), static_cast<double>(sent)) << series;
        EXPECT_GT(heard, 0U) << series;
    };
    const auto& livekit_audio = livekits[0]->audio()->facts();
    const auto& carrier_audio = carrier->audio().facts();
    expect_relayed(R"(causeway_rtp_packets_total{side="carrier",path="user"})", carrier_audio.sent,
                   livekit_audio.received);
    expect_relayed(R"(causeway_rtp_packets_total{side="livekit",path="user"})", livekit_audio.sent,
                   carrier_audio.received);
    EXPECT_GT(page.value(R"(causeway_thread_cpu_seconds_total{thread="sip"})"), 0);
    EXPECT_GT(page.value("process_resident_memory_bytes"), 1e6);
}

TEST_F(Scrapes, CountTenantsBeyondTheLimitTogether) {
    options.max_tenants = 0;
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hang_up();
    ASSERT_TRUE(comes_to(total("other", "success"), 1));
    EXPECT_TRUE(std::isnan(scrape().value(total("demo", "success"))));
}

TEST_F(Scrapes, ShowAFileThatTakesNoRecordsUntilItDoes) {
    ASSERT_NO_FATAL_FAILURE(start());
    EXPECT_EQ(readiness(), 200);
    EXPECT_EQ(scrape().value(active("CW-CDR-UNWRITABLE")), 0);
    const fs::path file = fs::path(bench.directory()) / "cdr.jsonl";
    fs::remove(file);
    fs::create_directory(file);
    call(*carrier, "04099999");
    ASSERT_TRUE(comes_to(active("CW-CDR-UNWRITABLE"), 1));
    EXPECT_EQ(scrape().value("causeway_cdr_lost_total"), 1);
    EXPECT_EQ(scrape().value(active("CW-CDR-LOST")), 1);
    EXPECT_EQ(readiness(), 503);
    const Json wrong = status();
    ASSERT_EQ(wrong["conditions"].size(), 2U) << wrong;
    EXPECT_EQ(wrong["unready"], Json::array({"CW-CDR-UNWRITABLE"}));
    for (const char* key : {"code", "since", "affects", "next", "severity"}) {
        EXPECT_FALSE(wrong["conditions"][0][key].get<std::string>().empty()) << key;
    }
    fs::remove(file);
    ASSERT_TRUE(comes_to(active("CW-CDR-UNWRITABLE"), 0)) << "it is tried without a call";
    EXPECT_EQ(readiness(), 200);
    const Json over = status();
    ASSERT_EQ(over["history"].size(), 1U) << over;
    EXPECT_EQ(over["history"][0]["code"], "CW-CDR-UNWRITABLE");
    EXPECT_GE(over["history"][0]["until"], over["history"][0]["since"]);
    EXPECT_EQ(scrape().value(active("CW-CDR-LOST")), 1) << "that stays for a while";
}

TEST_F(Scrapes, ShowADrain) {
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    bench.drain();
    ASSERT_TRUE(comes_to(active("CW-DRAINING"), 1));
    EXPECT_EQ(readiness(), 503);
    EXPECT_EQ(scrape().value(kLive), 1);
    hang_up();
}

TEST_F(Scrapes, AnswerOnlyWhatIsThere) {
    ASSERT_NO_FATAL_FAILURE(start());
    EXPECT_EQ(http_get(bench.metrics(), "/").status, 404);
    EXPECT_EQ(http_get(bench.metrics(), "/api/v1/calls").status, 404);
    EXPECT_EQ(http_get(bench.metrics(), "/readyz").status, 404);
}

}  // namespace
}  // namespace causeway::testing
