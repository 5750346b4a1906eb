#pragma once

#include "seats.hpp"
#include "stream_acceptor.hpp"
#include "stream_conn.hpp"

#include "causeway/transport/transport.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::transport {

/// All TCP listeners and connections. A connection toward a peer is used again as long as it lives;
/// a new one leaves from the listener's own address and port, so that the peer finds our Contact at
/// the other end of it. Thread: sip. Owns: sockets, one buffer to read into, one timer.
class StreamTable : private StreamConn::Owner, private StreamAcceptor::Owner {
public:
    /// The wire that the table belongs to. It may close the table in any of these.
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual port::Wire::Standing on_connection(const sip::Source& from) = 0;
        virtual port::Wire::Heard on_stream_message(std::span<const std::byte> bytes,
                                                    const sip::Source& from) = 0;
        virtual void on_broken(std::span<const std::byte> bytes, const sip::Source& from) = 0;
        virtual void on_batch_end() = 0;
        virtual void on_undeliverable(transaction::Key key, Errc code) = 0;
        /// There is something to `flush`.
        virtual void on_queued() = 0;
    };

    StreamTable(boost::asio::io_context& io, const ConnectionLimits& limits,
                const Deadlines& deadlines, Owner& owner);
    ~StreamTable() override = default;
    StreamTable(const StreamTable&) = delete;
    StreamTable& operator=(const StreamTable&) = delete;
    StreamTable(StreamTable&&) = delete;
    StreamTable& operator=(StreamTable&&) = delete;

    [[nodiscard]] Result<void> listen(InterfaceId interface, const Endpoint& local);
    /// Unspecified if this interface has no TCP listener.
    [[nodiscard]] Endpoint local(InterfaceId interface) const;

    /// Queues for the connection that is meant, or opens one.
    void send(transaction::Key key, const sip::Target& to, std::string_view bytes);
    void flush();
    /// Hands over what is queued, once, and closes everything.
    void close();

    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] std::size_t connections() const { return connections_.size(); }

private:
    struct Way {
        InterfaceId interface;
        Endpoint peer;
        bool operator==(const Way&) const = default;
    };
    struct WayHash {
        std::size_t operator()(const Way& way) const noexcept {
            return std::hash<Endpoint>{}(way.peer) ^ way.interface.value;
        }
    };

    void on_accepted(boost::asio::posix::stream_descriptor socket, const Endpoint& peer,
                     InterfaceId interface) override;
    void on_frame(StreamConn& conn, const sip::Frame& frame) override;
    void on_frames_end() override { owner_.on_batch_end(); }
    void on_gone(StreamConn& conn, Errc code, std::vector<transaction::Key> lost) override;

    [[nodiscard]] StreamConn* find(const sip::Target& to) const;
    [[nodiscard]] Result<StreamConn*> dial(const sip::Target& to);
    StreamConn& add(boost::asio::posix::stream_descriptor socket, const sip::Source& source,
                    port::Wire::Standing standing);
    void queue(StreamConn& conn, transaction::Key key, std::string_view bytes);
    void mark(StreamConn& conn);
    void say_full(const Endpoint& peer, Seat seat);
    void watch();
    void sweep();

    boost::asio::io_context& io_;
    ConnectionLimits limits_;
    Deadlines deadlines_;
    Owner& owner_;
    QueueBudget budget_;
    std::vector<std::unique_ptr<StreamAcceptor>> acceptors_;
    std::unordered_map<ConnectionId, std::unique_ptr<StreamConn>> connections_;
    std::unordered_map<Way, ConnectionId, WayHash> ways_;
    std::vector<std::unique_ptr<StreamConn>> gone_;  ///< freed in a later turn of the loop
    std::vector<ConnectionId> dirty_;                ///< have something to flush
    Seats seats_;
    std::unique_ptr<std::byte[]> room_;
    boost::asio::steady_timer timer_;
    std::uint64_t last_id_{};
    Time said_full_{};
    bool watching_{};
    bool closed_{};
    Counters counters_;
    std::shared_ptr<const bool> alive_{std::make_shared<const bool>(true)};
};

}  // namespace causeway::transport
