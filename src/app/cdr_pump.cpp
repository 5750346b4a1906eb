#include "cdr_pump.hpp"

#include "causeway/base/time.hpp"

namespace causeway::app {
namespace {

constexpr Millis kGather{50};
constexpr Millis kProbe{1000};

}  // namespace

CdrPump::CdrPump(boost::asio::io_context& io, telemetry::CdrWriter& writer)
    : writer_(writer),
      gather_(io),
      probe_(io),
      watch_(io, writer.fd(), [this] { return pump(); }) {}

Watch::Then CdrPump::pump() {
    writer_.pump();
    probe();
    gather_.expires_after(kGather);
    gather_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            watch_.resume();
        }
    });
    return Watch::Then::Pause;
}

void CdrPump::probe() {
    if (probing_ || writer_.is_writable()) {
        return;
    }
    probing_ = true;
    probe_.expires_after(kProbe);
    probe_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            probing_ = false;
            writer_.probe();
            probe();
        }
    });
}

}  // namespace causeway::app
