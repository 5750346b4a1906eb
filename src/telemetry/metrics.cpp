#include "causeway/telemetry/metrics.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/call/outcome.hpp"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

namespace causeway::telemetry {
namespace {

constexpr auto kMetrics = std::to_array<Metric>({
    {"causeway_calls_active", "gauge", "direction, tenant",
     "Calls that have begun and not ended. Tenants beyond metrics.max_tenants are other."},
    {"causeway_calls_total", "counter", "direction, tenant, outcome",
     "Calls that have ended, one for each record. The tenant is empty where none was found."},
    {"causeway_call_setup_seconds", "histogram", "", "Time from INVITE to 200 of answered calls."},
    {"causeway_calls_limit", "gauge", "",
     "Calls at a time that ports and descriptors have room for."},
    {"causeway_rejections_total", "counter", "stage, reason",
     "Refusals by the table of reasons; unknown_source counts messages and connections."},
    {"causeway_sip_messages_total", "counter", "direction, kind",
     "SIP messages of known peers received (in) and sent (out), retransmissions included."},
    {"causeway_sip_transactions", "gauge", "",
     "Transactions in memory, those that only wait for repeats included."},
    {"causeway_sip_connections", "gauge", "", "TCP connections, those being opened included."},
    {"causeway_rtp_packets_total", "counter", "side, path",
     "RTP and RTCP packets that came in on this side and were relayed."},
    {"causeway_rtp_dropped_total", "counter", "reason", "Packets that were not relayed."},
    {"causeway_rtp_ports_in_use", "gauge", "interface", "Pairs of RTP ports held by calls."},
    {"causeway_rtp_ports", "gauge", "interface", "Pairs of RTP ports that there are."},
    {"causeway_fastpath_active", "gauge", "interface",
     "Flows in the kernel fast path, which this version does not have."},
    {"causeway_gateway_up", "gauge", "group, gateway",
     "1 for an enabled gateway; this version does not probe them."},
    {"causeway_config_reloads_total", "counter", "result", "Reloads of the configuration."},
    {"causeway_cdr_lost_total", "counter", "", "Call records that could not be written."},
    {"causeway_log_lines_lost_total", "counter", "", "Log lines lost in a full queue."},
    {"causeway_bugs_total", "counter", "", "Assertions of our own that failed."},
    {"causeway_condition_active", "gauge", "code",
     "Conditions of this code that are raised now: interfaces, sides or 1."},
    {"causeway_thread_cpu_seconds_total", "counter", "thread",
     "User and system time of a thread; sip is the main one."},
    {"causeway_build_info", "gauge", "version", "1."},
    {"process_cpu_seconds_total", "counter", "", "User and system time of the process."},
    {"process_resident_memory_bytes", "gauge", "", "Resident memory."},
    {"process_open_fds", "gauge", "", "Open descriptors."},
    {"process_max_fds", "gauge", "", "RLIMIT_NOFILE."},
    {"process_start_time_seconds", "gauge", "", "When the process was started, since 1970."},
});

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
using prometheus::ClientMetric;

/// The page being written: every metric of the table, in its order.
class Page {
public:
    Page() {
        families_.reserve(kMetrics.size());
        for (const Metric& metric : kMetrics) {
            families_.push_back(
                {std::string(metric.name), std::string(metric.help), type_of(metric), {}});
        }
    }

    void set(std::string_view name, double value, Labels labels = {}) {
        prometheus::MetricFamily& family = find(name);
        ClientMetric sample = labelled(labels);
        (family.type == prometheus::MetricType::Counter ? sample.counter.value
                                                        : sample.gauge.value) = value;
        family.metric.push_back(std::move(sample));
    }
    void set(std::string_view name, std::uint64_t value, Labels labels = {}) {
        set(name, static_cast<double>(value), labels);
    }
    void set(std::string_view name, const port::SetupTimes& times) {
        constexpr double kMillis = 1000;
        ClientMetric sample;
        ClientMetric::Histogram& histogram = sample.histogram;
        for (std::size_t i = 0; i < times.counts.size(); ++i) {
            histogram.sample_count += times.counts[i];
            histogram.bucket.push_back(
                {histogram.sample_count, i < port::SetupTimes::kBounds.size()
                                             ? port::SetupTimes::kBounds[i] / kMillis
                                             : std::numeric_limits<double>::infinity()});
        }
        histogram.sample_sum = static_cast<double>(times.sum) / kMillis;
        find(name).metric.push_back(std::move(sample));
    }

    [[nodiscard]] std::string text() const {
        return prometheus::TextSerializer().Serialize(families_);
    }

private:
    static prometheus::MetricType type_of(const Metric& metric) {
        if (metric.type == "counter") {
            return prometheus::MetricType::Counter;
        }
        return metric.type == "gauge" ? prometheus::MetricType::Gauge
                                      : prometheus::MetricType::Histogram;
    }
    static ClientMetric labelled(Labels labels) {
        ClientMetric sample;
        sample.label.reserve(labels.size());
        for (const auto& [name, value] : labels) {
            sample.label.push_back({std::string(name), std::string(value)});
        }
        return sample;
    }
    prometheus::MetricFamily& find(std::string_view name) {
        std::size_t at = 0;
        while (at + 1 < families_.size() && families_[at].name != name) {
            ++at;
        }
        (void)CAUSEWAY_ASSERT(families_[at].name == name);
        return families_[at];
    }

    std::vector<prometheus::MetricFamily> families_;
};

void add_calls(const port::Report& report, Page& page) {
    constexpr std::array kOutcomes{call::Cause::Success, call::Cause::Client, call::Cause::Upstream,
                                   call::Cause::Server, call::Cause::Indeterminate};
    static_assert(kOutcomes.size() == port::kOutcomes);
    // Outbound calls are not placed yet: their series would all be zero.
    constexpr auto kInbound = static_cast<std::size_t>(port::Direction::Inbound);
    const std::string_view direction = to_string(port::Direction::Inbound);
    const port::Figures& figures = report.figures;
    for (std::size_t i = 0; i < figures.by_tenant.size(); ++i) {
        const port::TenantFigures& tenant = figures.by_tenant[i];
        const std::string& name = (*figures.tenants)[i];
        page.set("causeway_calls_active", tenant.active[kInbound],
                 {{"direction", direction}, {"tenant", name}});
        for (const call::Cause cause : kOutcomes) {
            page.set("causeway_calls_total",
                     tenant.ended[kInbound][static_cast<std::size_t>(cause)],
                     {{"direction", direction}, {"tenant", name}, {"outcome", to_string(cause)}});
        }
    }
    page.set("causeway_call_setup_seconds", figures.setup);
    page.set("causeway_calls_limit", report.max_calls);
}

void add_signalling(const port::Report& report, Page& page) {
    const port::Figures& figures = report.figures;
    for (std::size_t i = 0; i < port::kRefusals.size(); ++i) {
        page.set("causeway_rejections_total", figures.refused[i],
                 {{"stage", to_string(port::kRefusals[i].stage)},
                  {"reason", port::kRefusals[i].reason}});
    }
    for (std::size_t i = 0; i < port::kMessageKinds.size(); ++i) {
        const std::string_view kind = port::kMessageKinds[i];
        page.set("causeway_sip_messages_total", figures.received[i],
                 {{"direction", "in"}, {"kind", kind}});
        if (i != port::kMalformed) {
            page.set("causeway_sip_messages_total", figures.sent[i],
                     {{"direction", "out"}, {"kind", kind}});
        }
    }
    page.set("causeway_sip_transactions", report.transactions);
    page.set("causeway_sip_connections", report.connections);
    if (figures.gateways) {
        for (const port::GatewayFigure& gateway : *figures.gateways) {
            page.set("causeway_gateway_up", gateway.up ? 1.0 : 0.0,
                     {{"group", gateway.group}, {"gateway", gateway.name}});
        }
    }
}

void add_media(const port::Report& report, Page& page) {
    std::array<std::uint64_t, 2> packets{};
    for (const port::Report::Ports& each : report.ports) {
        packets[each.side == sip::Side::Carrier ? 0 : 1] += each.packets;
        page.set("causeway_rtp_ports_in_use", each.in_use, {{"interface", each.interface}});
        page.set("causeway_rtp_ports", each.total, {{"interface", each.interface}});
        page.set("causeway_fastpath_active", 0.0, {{"interface", each.interface}});
    }
    page.set("causeway_rtp_packets_total", packets[0], {{"side", "carrier"}, {"path", "user"}});
    page.set("causeway_rtp_packets_total", packets[1], {{"side", "livekit"}, {"path", "user"}});
    page.set("causeway_rtp_packets_total", 0.0, {{"side", "carrier"}, {"path", "kernel"}});
    page.set("causeway_rtp_packets_total", 0.0, {{"side", "livekit"}, {"path", "kernel"}});
    for (const port::Report::Dropped& each : report.dropped) {
        page.set("causeway_rtp_dropped_total", each.packets, {{"reason", each.reason}});
    }
}

void add_service(const port::Report& report, Page& page) {
    page.set("causeway_config_reloads_total", report.reloads, {{"result", "ok"}});
    page.set("causeway_config_reloads_total", report.reloads_refused, {{"result", "error"}});
    page.set("causeway_cdr_lost_total", report.cdrs_lost);
    page.set("causeway_log_lines_lost_total", report.log_lines_lost);
    page.set("causeway_bugs_total", report.bugs);
    for (const port::TroubleKind& kind : port::troubles()) {
        std::uint64_t raised = 0;
        for (const port::Condition& condition : report.conditions) {
            raised += condition.trouble == kind.trouble ? 1 : 0;
        }
        page.set("causeway_condition_active", raised, {{"code", kind.code}});
    }
}

void add_process(const Process& process, std::string_view version, Page& page) {
    for (const Process::Thread& thread : process.threads) {
        page.set("causeway_thread_cpu_seconds_total", thread.cpu_seconds,
                 {{"thread", thread.name}});
    }
    page.set("causeway_build_info", 1.0, {{"version", version}});
    page.set("process_cpu_seconds_total", process.cpu_seconds);
    page.set("process_resident_memory_bytes", process.resident_bytes);
    page.set("process_open_fds", process.descriptors);
    page.set("process_max_fds", process.max_descriptors);
    page.set("process_start_time_seconds", process.start_seconds);
}

}  // namespace

std::span<const Metric> metrics() {
    return kMetrics;
}

std::string render_metrics(const port::Report& report, const Process& process,
                           std::string_view version) {
    Page page;
    add_calls(report, page);
    add_signalling(report, page);
    add_media(report, page);
    add_service(report, page);
    add_process(process, version, page);
    return page.text();
}

}  // namespace causeway::telemetry
