#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/control/control.hpp"
#include "causeway/port/operations.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace causeway::app {

/// The listener of `metrics.listen`: `/metrics` for whoever reaches it. Thread: ctl.
/// `operations` outlives it. Io: the address cannot be had.
[[nodiscard]] Result<std::unique_ptr<control::Server>> make_metrics_server(
    boost::asio::io_context& io, const Endpoint& listen, port::Operations& operations);

}  // namespace causeway::app
