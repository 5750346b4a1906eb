#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/port/wire.hpp"
#include "causeway/sip/types.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
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
    /// SO_RCVBUF and SO_SNDBUF of UDP listeners, bytes. A kernel that gives less is logged.
    int receive_buffer{4 * 1024 * 1024};
    /// Called after every batch of messages, so that timers run and answers leave.
    std::function<void()> after_batch;
};

/// What was sent and received, for metrics. Thread: sip.
struct Counters {
    std::uint64_t received{};  ///< messages; keep-alives do not count
    std::uint64_t sent{};      ///< taken by the kernel
    /// Refused by the kernel, lost in a full queue, or sent back by the network.
    std::uint64_t send_failed{};
};

/// The SIP sockets. Not to be destroyed from within a call of its listener (`close` may be called
/// there).
class Transport : public port::Wire {
public:
    /// Where a listener really listens (port 0 resolved).
    [[nodiscard]] virtual Endpoint local(InterfaceId interface, sip::Transport transport) const = 0;
    [[nodiscard]] virtual Counters counters() const = 0;
    /// Sends what is queued and closes every socket; nothing is delivered afterwards.
    virtual void close() = 0;
};

/// Binds every listener. Io: names every address that cannot be had, and the process that holds it
/// where that can be seen. Unsupported: a listener that is not UDP. Thread: the io_context's one
/// thread (sip).
[[nodiscard]] Result<std::unique_ptr<Transport>> make_wire(boost::asio::io_context& io,
                                                           Options options,
                                                           port::Wire::Listener& listener);

}  // namespace causeway::transport
