#include "causeway/telemetry/metrics.hpp"

#include "support/exposition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace causeway::telemetry {
namespace {

using testing::Exposition;

port::Report a_report() {
    port::Report report;
    report.figures.tenants = std::make_shared<const std::vector<std::string>>(
        std::vector<std::string>{"other", "", "askiitians"});
    report.figures.by_tenant.resize(3);
    report.figures.gateways = std::make_shared<const std::vector<port::GatewayFigure>>(
        std::vector<port::GatewayFigure>{{"default", "lk \"eu\"\\1"}, {"backup", "b", false}});
    report.ports = {{"in", sip::Side::Carrier, 3, 50, 1000},
                    {"out", sip::Side::Livekit, 3, 20, 40},
                    {"more", sip::Side::Livekit, 0, 30, 2}};
    report.dropped = {{"unknown_source", 9}, {"rtcp", 0}};
    report.max_calls = 4000;
    return report;
}

Exposition page_of(const port::Report& report, const Process& process = {}) {
    return Exposition::parse(render_metrics(report, process, "1.2.3"));
}

TEST(MetricsPage, IsWellFormedWithEveryMetricOnIt) {
    const Exposition page = page_of(a_report(), read_process());
    EXPECT_EQ(page.faults, std::vector<std::string>{});
    for (const Metric& metric : metrics()) {
        const auto family = page.families.find(metric.name);
        ASSERT_NE(family, page.families.end()) << metric.name;
        EXPECT_EQ(family->second.type, metric.type) << metric.name;
        EXPECT_EQ(family->second.help, metric.help) << metric.name;
        EXPECT_FALSE(family->second.labels.empty()) << metric.name << ": no sample";
        for (const std::string& labels : family->second.labels) {
            EXPECT_EQ(labels, metric.labels) << metric.name;
        }
    }
    EXPECT_EQ(page.families.size(), metrics().size());
}

TEST(MetricsPage, ShowsCallsByTenant) {
    port::Report report = a_report();
    report.figures.by_tenant[2].active[0] = 7;
    report.figures.by_tenant[2].ended[0] = {100, 20, 3, 2, 1};
    report.figures.by_tenant[1].ended[0][1] = 5;
    const Exposition page = page_of(report);
    EXPECT_EQ(page.value(R"(causeway_calls_active{direction="inbound",tenant="askiitians"})"), 7);
    const auto total = [&](const std::string& tenant, const std::string& outcome) {
        return page.value(R"(causeway_calls_total{direction="inbound",tenant=")" + tenant +
                          R"(",outcome=")" + outcome + "\"}");
    };
    EXPECT_EQ(total("askiitians", "success"), 100);
    EXPECT_EQ(total("askiitians", "client"), 20);
    EXPECT_EQ(total("askiitians", "upstream"), 3);
    EXPECT_EQ(total("askiitians", "server"), 2);
    EXPECT_EQ(total("askiitians", "indeterminate"), 1);
    EXPECT_EQ(total("", "client"), 5);
    EXPECT_EQ(total("other", "success"), 0) << "exists from the start";
    EXPECT_EQ(page.value("causeway_calls_limit"), 4000);
}

TEST(MetricsPage, ShowsSetupTimesAsACumulativeHistogram) {
    port::Report report = a_report();
    for (const std::uint64_t ms : {90U, 100U, 1500U, 200'000U}) {
        report.figures.setup.add(ms);
    }
    const Exposition page = page_of(report);
    const auto bucket = [&](const std::string& bound) {
        return page.value("causeway_call_setup_seconds_bucket{le=\"" + bound + "\"}");
    };
    EXPECT_EQ(bucket("0.1"), 2);
    EXPECT_EQ(bucket("1"), 2);
    EXPECT_EQ(bucket("2"), 3);
    EXPECT_EQ(bucket("120"), 3);
    EXPECT_EQ(bucket("+Inf"), 4);
    EXPECT_EQ(page.value("causeway_call_setup_seconds_count"), 4);
    EXPECT_NEAR(page.value("causeway_call_setup_seconds_sum"), 201.69, 1e-9);
}

TEST(MetricsPage, ShowsMediaBySideAndInterface) {
    const Exposition page = page_of(a_report());
    const auto packets = [&](const std::string& side, const std::string& path) {
        return page.value("causeway_rtp_packets_total{side=\"" + side + "\",path=\"" + path +
                          "\"}");
    };
    EXPECT_EQ(packets("carrier", "user"), 1000);
    EXPECT_EQ(packets("livekit", "user"), 42);
    EXPECT_EQ(packets("livekit", "kernel"), 0);
    EXPECT_EQ(page.value(R"(causeway_rtp_dropped_total{reason="unknown_source"})"), 9);
    EXPECT_EQ(page.value(R"(causeway_rtp_ports_in_use{interface="in"})"), 3);
    EXPECT_EQ(page.value(R"(causeway_rtp_ports{interface="more"})"), 30);
    EXPECT_EQ(page.value(R"(causeway_fastpath_active{interface="out"})"), 0);
}

TEST(MetricsPage, ShowsSignalling) {
    port::Report report = a_report();
    report.figures.received[port::kind_of_request("INVITE")] = 12;
    report.figures.received[port::kMalformed] = 2;
    report.figures.sent[port::kind_of_answer(200)] = 11;
    report.figures.refused[*port::refusal_of(Stage::Tenant, "no_tenant")] = 4;
    const Exposition page = page_of(report);
    EXPECT_EQ(page.value(R"(causeway_sip_messages_total{direction="in",kind="INVITE"})"), 12);
    EXPECT_EQ(page.value(R"(causeway_sip_messages_total{direction="in",kind="malformed"})"), 2);
    EXPECT_EQ(page.value(R"(causeway_sip_messages_total{direction="out",kind="2xx"})"), 11);
    EXPECT_EQ(page.value(R"(causeway_rejections_total{stage="tenant",reason="no_tenant"})"), 4);
    EXPECT_EQ(page.value(R"(causeway_gateway_up{group="default",gateway="lk \"eu\"\\1"})"), 1);
    EXPECT_EQ(page.value(R"(causeway_gateway_up{group="backup",gateway="b"})"), 0);
}

TEST(MetricsPage, ShowsTheServiceAndItsConditions) {
    port::Report report = a_report();
    report.reloads = 3;
    report.reloads_refused = 1;
    report.cdrs_lost = 6;
    report.conditions = {{port::Trouble::PortsLow, "in", "", WallTime{}, std::nullopt},
                         {port::Trouble::PortsLow, "out", "", WallTime{}, std::nullopt}};
    const Exposition page = page_of(report);
    EXPECT_EQ(page.value(R"(causeway_config_reloads_total{result="ok"})"), 3);
    EXPECT_EQ(page.value(R"(causeway_config_reloads_total{result="error"})"), 1);
    EXPECT_EQ(page.value("causeway_cdr_lost_total"), 6);
    EXPECT_EQ(page.value(R"(causeway_condition_active{code="CW-PORTS-LOW"})"), 2);
    EXPECT_EQ(page.value(R"(causeway_condition_active{code="CW-CDR-UNWRITABLE"})"), 0);
    EXPECT_EQ(page.value(R"(causeway_build_info{version="1.2.3"})"), 1);
}

TEST(MetricsPage, KeepsLargeNumbersExact) {
    port::Report report = a_report();
    report.ports[0].packets = 9'007'199'254'740'993 - 2;
    EXPECT_NE(render_metrics(report, {}, "1").find("9007199254740991\n"), std::string::npos);
}

/// docs/METRICS.md has one row a metric; this is the row.
TEST(MetricsPage, IsWhatTheDocumentationSays) {
    std::ifstream file(std::string(CAUSEWAY_SOURCE_DIR) + "/docs/METRICS.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::string rows;
    for (const Metric& metric : metrics()) {
        rows.append("| `").append(metric.name).append("` | ").append(metric.type).append(" | ");
        rows.append(metric.labels).append(metric.labels.empty() ? "| " : " | ");
        rows.append(metric.help).append(" |\n");
    }
    EXPECT_NE(text.find(rows), std::string::npos) << "docs/METRICS.md should say:\n" << rows;
}

}  // namespace
}  // namespace causeway::telemetry
