#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
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

/// How many connections there may be; each is at least 1. A peer's connection over a limit is
/// closed after accept, one that we would open is `on_undeliverable` (`Exhausted`).
struct ConnectionLimits {
    std::size_t known{1024};  ///< opened by known peers
    std::size_t known_per_peer{256};
    std::size_t dialled{1024};  ///< opened by us: no peer can take these
    std::size_t dialled_per_peer{256};
    std::size_t strangers{64};  ///< PRODUCT §4.2
    std::size_t strangers_per_peer{4};
    /// Bytes that wait for a peer which does not read. Over either a connection is given up, and
    /// what it carried is `on_undeliverable`.
    std::size_t queued{std::size_t{256} * 1024};
    std::size_t queued_in_all{std::size_t{32} * 1024 * 1024};
};

/// The limits above, or smaller ones so that all kinds together are at most `connections` (if that
/// is at least 4): a quarter for strangers, the rest in halves, half of either for one peer.
[[nodiscard]] ConnectionLimits limits_within(std::size_t connections);

/// How long a connection may take for what; over it, it is closed.
struct Deadlines {
    Millis connect{4000};   ///< until the peer has accepted
    Millis stranger{5000};  ///< a stranger's first message that is taken
    Millis first{30'000};   ///< a known peer's first message or ping
    Millis message{5000};   ///< from the first byte of a message to its last
    Millis stuck{32000};    ///< our bytes wait and the peer takes none (64·T1)
    Millis idle{600'000};   ///< nothing said by either side
    /// The same with a stranger whose message was taken: it is one of few (64·T1).
    Millis stranger_idle{32000};
};

struct Options {
    std::vector<Listen> listen;
    std::size_t datagrams{16};  ///< read at most this many before the listener's `after_batch`
    /// SO_RCVBUF and SO_SNDBUF of UDP listeners, bytes. A kernel that gives less is logged.
    int receive_buffer{4 * 1024 * 1024};
    /// A datagram that has waited longer than this when it is read is `on_late` (PRODUCT §8).
    Millis late{200};
    ConnectionLimits connections;
    Deadlines deadlines;
    /// Called after every batch of messages, so that timers run and answers leave.
    std::function<void()> after_batch;
};

/// What was sent and received, for metrics. Thread: sip.
struct Counters {
    std::uint64_t received{};  ///< messages; keep-alives do not count
    std::uint64_t sent{};      ///< taken by the kernel
    /// Refused by the kernel, lost in a full queue, or sent back by the network.
    std::uint64_t send_failed{};
    std::uint64_t accepted{};     ///< connections, whatever became of them
    std::uint64_t turned_away{};  ///< of these, closed at once: unwelcome, or over a limit
    std::uint64_t dialled{};      ///< connections that we began to open
    std::uint64_t broken{};       ///< streams that could not be framed any more
    std::uint64_t expired{};      ///< connections closed by one of their deadlines
};

/// The SIP sockets. Not to be destroyed from within a call of its listener (`close` may be called
/// there).
class Transport : public port::Wire {
public:
    /// Where a listener really listens (port 0 resolved).
    [[nodiscard]] virtual Endpoint local(InterfaceId interface, sip::Transport transport) const = 0;
    [[nodiscard]] virtual Counters counters() const = 0;
    /// Connections, those being opened included.
    [[nodiscard]] virtual std::size_t connections() const = 0;
    /// Sends what is queued and closes every socket; nothing is delivered afterwards.
    virtual void close() = 0;
};

/// Binds every listener. Io: names every address that cannot be had, and the process that holds it
/// where that can be seen. Unsupported: a TLS listener. Thread: the io_context's one thread (sip).
[[nodiscard]] Result<std::unique_ptr<Transport>> make_wire(boost::asio::io_context& io,
                                                           Options options,
                                                           port::Wire::Listener& listener);

}  // namespace causeway::transport
