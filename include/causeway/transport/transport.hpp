#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/port/wire.hpp"
#include "causeway/sip/types.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace causeway::transport {

/// One address to listen on.
struct Listen {
    InterfaceId interface;
    sip::Transport transport{};
    Endpoint local;  ///< port 0: any (tests)
};

struct Options {
    std::vector<Listen> listen;
    std::size_t datagrams{16};  ///< read at most this many before the listener's `after_batch`
    int receive_buffer{4 * 1024 *
                       1024};  ///< SO_RCVBUF of UDP listeners, bytes; the kernel may give less
    /// Called after every batch of messages, so that timers run and answers leave.
    std::function<void()> after_batch;
};

/// What was sent and received, for metrics. Thread: sip.
struct Counters {
    std::uint64_t received{};
    std::uint64_t sent{};
    std::uint64_t send_failed{};
};

/// The SIP sockets.
class Transport : public port::Wire {
public:
    /// Where a listener really listens (port 0 resolved).
    [[nodiscard]] virtual Endpoint local(InterfaceId interface, sip::Transport transport) const = 0;
    [[nodiscard]] virtual Counters counters() const = 0;
    /// Closes every socket; nothing is delivered afterwards.
    virtual void close() = 0;
};

/// Binds every listener. Io: names the address, and the process that holds it where that can be
/// seen. Thread: the io_context's one thread (sip).
[[nodiscard]] Result<std::unique_ptr<Transport>> make_wire(boost::asio::io_context& io,
                                                           Options options,
                                                           port::Wire::Listener& listener);

}  // namespace causeway::transport
