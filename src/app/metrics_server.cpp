#include "metrics_server.hpp"

#include "causeway/telemetry/metrics.hpp"

#include <string>
#include <utility>

namespace causeway::app {
namespace {

control::Response page(const Result<port::Report>& report) {
    if (!report) {
        return control::error(503, report.error().what);
    }
    return {200, telemetry::render_metrics(*report, telemetry::read_process(), CAUSEWAY_VERSION),
            std::string(telemetry::kMetricsType)};
}

}  // namespace

Result<std::unique_ptr<control::Server>> make_metrics_server(boost::asio::io_context& io,
                                                             const Endpoint& listen,
                                                             port::Operations& operations) {
    control::Options options;
    options.listen = listen;
    options.access = control::Access::Open;
    options.routes.push_back(
        {.method = "GET",
         .path = "/metrics",
         .summary = "Metrics in the text format of Prometheus.",
         .query = {},
         .says = {{200, "the page"}, {503, "not now"}},
         .handler = [&operations](const control::Request&, control::Reply reply) {
             operations.report([reply = std::move(reply)](const Result<port::Report>& report) {
                 reply(page(report));
             });
         }});
    return control::make_server(io, std::move(options));
}

}  // namespace causeway::app
