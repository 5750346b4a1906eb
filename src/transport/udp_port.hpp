#pragma once

#include "receive_batch.hpp"
#include "send_queue.hpp"
#include "sent_index.hpp"

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/transaction/layer.hpp"
#include "causeway/transport/transport.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <span>
#include <string_view>

namespace causeway::transport {

/// One bound UDP socket: reads in batches, queues what is sent until `flush`.
/// Thread: sip. Owns: the socket and its queue.
/// Fails: what could not be sent is reported to the owner, which reports it later.
class UdpPort {
public:
    /// The wire that the port belongs to. It may close the port in any of these, but not destroy
    /// it.
    class Owner {
    public:
        virtual ~Owner() = default;
        /// `waited`: in the kernel, before it was read.
        virtual void on_datagram(std::span<const std::byte> bytes, const sip::Source& from,
                                 Millis waited) = 0;
        virtual void on_batch_end() = 0;
        virtual void on_undeliverable(transaction::Key key, Errc code) = 0;
    };

    /// `batch` is the wire's, shared by its ports.
    UdpPort(boost::asio::io_context& io, boost::asio::posix::stream_descriptor socket,
            InterfaceId interface, ReceiveBatch& batch, Owner& owner);
    ~UdpPort() = default;
    UdpPort(const UdpPort&) = delete;
    UdpPort& operator=(const UdpPort&) = delete;
    UdpPort(UdpPort&&) = delete;
    UdpPort& operator=(UdpPort&&) = delete;

    [[nodiscard]] InterfaceId interface() const { return interface_; }
    [[nodiscard]] const Endpoint& local() const { return local_; }
    [[nodiscard]] const Counters& counters() const { return counters_; }

    void send(transaction::Key key, const Endpoint& to, std::string_view bytes);
    /// Hands what is queued to the kernel. What its full buffer refuses stays, in order, and is
    /// tried again in a millisecond.
    void flush();
    /// Hands over what is queued, once, and closes the socket.
    void close();

private:
    void wait_readable();
    void on_readable();
    void deliver(std::size_t count);
    void settle(int error);
    void give_up_oldest();
    void read_returned();
    void retry_later();

    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer retry_;
    InterfaceId interface_;
    Endpoint local_;
    ReceiveBatch& batch_;
    Owner& owner_;
    SendQueue queue_;
    std::unique_ptr<SentIndex> sent_{std::make_unique<SentIndex>()};
    Counters counters_;
    int refusals_{};  ///< in a row, of the oldest datagram in the queue
    bool retrying_{};
    /// Handlers hold it weakly: one that has already been queued may run after the port is gone.
    std::shared_ptr<const bool> alive_{std::make_shared<const bool>(true)};
};

}  // namespace causeway::transport
