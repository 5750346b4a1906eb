#pragma once

#include "causeway/port/operations.hpp"
#include "causeway/telemetry/process.hpp"

#include <span>
#include <string>
#include <string_view>

/// What `/metrics` shows (PRODUCT §7), in the text format of Prometheus.
namespace causeway::telemetry {

/// One metric, as docs/METRICS.md lists it.
struct Metric {
    std::string_view name;
    std::string_view type;    ///< counter, gauge or histogram
    std::string_view labels;  ///< names, with `, ` between them; empty: none
    std::string_view help;
};
/// All of them, in the order of the page.
[[nodiscard]] std::span<const Metric> metrics();

/// What the `Content-Type` of a page says.
inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

/// A page from values alone. Pure.
[[nodiscard]] std::string render_metrics(const port::Report& report, const Process& process,
                                         std::string_view version);

}  // namespace causeway::telemetry
