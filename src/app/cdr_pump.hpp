#pragma once

#include "watch.hpp"

#include "causeway/telemetry/telemetry.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace causeway::app {

/// Has CDRs written as they come: what has come by a wakeup at once, what comes in the 50 ms after
/// it together, so that there are at most twenty wakeups a second whatever the load. A file that
/// failed is tried every second.
/// Thread: that of the io_context (ctl). `writer` outlives this.
class CdrPump {
public:
    CdrPump(boost::asio::io_context& io, telemetry::CdrWriter& writer);

private:
    Watch::Then pump();
    void probe();

    telemetry::CdrWriter& writer_;
    boost::asio::steady_timer gather_;
    boost::asio::steady_timer probe_;
    bool probing_{};
    Watch watch_;
};

}  // namespace causeway::app
