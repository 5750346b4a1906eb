#include "stream_table.hpp"
#include "udp_port.hpp"
#include "udp_socket.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/base/thread_check.hpp"
#include "causeway/transport/transport.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace causeway::transport {
namespace {

/// All sockets of the daemon. What is sent while a batch of messages is handled leaves together at
/// its end; what is sent at any other time leaves with the next turn of the loop.
class Sockets final : public Transport, private UdpPort::Owner, private StreamTable::Owner {
public:
    Sockets(boost::asio::io_context& io, Options options, port::Wire::Listener& listener)
        : io_(io),
          options_(std::move(options)),
          listener_(listener),
          batch_(std::max<std::size_t>(options_.datagrams, 1)),
          streams_(io, options_.connections, options_.deadlines,
                   static_cast<StreamTable::Owner&>(*this)) {}
    ~Sockets() override = default;
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;
    Sockets(Sockets&&) = delete;
    Sockets& operator=(Sockets&&) = delete;

    Result<void> open();

    void send(transaction::Key key, const sip::Target& to, std::string_view bytes) override;
    [[nodiscard]] Endpoint local(InterfaceId interface, sip::Transport transport) const override;
    [[nodiscard]] Counters counters() const override;
    [[nodiscard]] std::size_t connections() const override { return streams_.connections(); }
    void close() override;

private:
    struct Undeliverable {
        transaction::Key key;
        Errc code{};
    };

    void on_datagram(std::span<const std::byte> bytes, const sip::Source& from,
                     Millis waited) override;
    void on_batch_end() override;
    void on_undeliverable(transaction::Key key, Errc code) override;
    port::Wire::Standing on_connection(const sip::Source& from) override {
        return listener_.on_connection(from);
    }
    port::Wire::Heard on_stream_message(std::span<const std::byte> bytes,
                                        const sip::Source& from) override;
    void on_broken(std::span<const std::byte> bytes, const sip::Source& from) override;
    void on_queued() override;

    [[nodiscard]] Result<void> open(const Listen& listen);
    [[nodiscard]] UdpPort* port_for(InterfaceId interface, const Endpoint& peer) const;
    void flush();
    void report();
    /// Runs `step` in a later turn of the loop, unless we are gone or closed by then.
    void later(void (Sockets::*step)());

    boost::asio::io_context& io_;
    Options options_;
    port::Wire::Listener& listener_;
    ReceiveBatch batch_;
    std::vector<std::unique_ptr<UdpPort>> ports_;
    StreamTable streams_;
    std::vector<Undeliverable> undeliverable_;
    std::uint64_t without_port_{};  ///< sends for which there is no socket
    bool in_batch_{};
    bool flush_posted_{};
    bool closed_{};
    ThreadCheck thread_;
    std::shared_ptr<const bool> alive_{std::make_shared<const bool>(true)};
};

Result<void> Sockets::open() {
    std::string problems;
    for (const Listen& listen : options_.listen) {
        if (listen.transport == sip::Transport::Tls) {
            return fail(Errc::Unsupported,
                        listen.local.to_string() + "/tls: only UDP and TCP can be listened on");
        }
        if (const Result<void> opened = open(listen); !opened) {
            problems += (problems.empty() ? "" : "; ") + opened.error().what;
        }
    }
    if (!problems.empty()) {
        return fail(Errc::Io, std::move(problems));
    }
    return {};
}

Result<void> Sockets::open(const Listen& listen) {
    if (listen.transport == sip::Transport::Tcp) {
        return streams_.listen(listen.interface, listen.local);
    }
    CAUSEWAY_TRY(auto socket, open_udp(io_, listen.local, options_.receive_buffer));
    ports_.push_back(std::make_unique<UdpPort>(io_, std::move(socket), listen.interface, batch_,
                                               static_cast<UdpPort::Owner&>(*this)));
    return {};
}

void Sockets::later(void (Sockets::*step)()) {
    boost::asio::post(io_, [this, step, alive = std::weak_ptr<const bool>(alive_)] {
        if (!alive.expired() && !closed_) {
            (this->*step)();
        }
    });
}

UdpPort* Sockets::port_for(InterfaceId interface, const Endpoint& peer) const {
    const auto found = std::find_if(ports_.begin(), ports_.end(), [&](const auto& port) {
        return port->interface() == interface && port->local().ip.is_v4() == peer.ip.is_v4();
    });
    return found == ports_.end() ? nullptr : found->get();
}

void Sockets::send(transaction::Key key, const sip::Target& to, std::string_view bytes) {
    if (!CAUSEWAY_ASSERT(thread_.is_owner()) || closed_) {
        return;
    }
    if (to.transport == sip::Transport::Tcp) {
        streams_.send(key, to, bytes);
        return;
    }
    UdpPort* port = to.transport == sip::Transport::Udp ? port_for(to.interface, to.peer) : nullptr;
    if (port == nullptr) {
        ++without_port_;
        on_undeliverable(key, Errc::Unsupported);
        return;
    }
    port->send(key, to.peer, bytes);
    on_queued();
}

void Sockets::on_queued() {
    if (!in_batch_ && !std::exchange(flush_posted_, true)) {
        later(&Sockets::flush);
    }
}

void Sockets::flush() {
    flush_posted_ = false;
    for (const auto& port : ports_) {
        port->flush();
    }
    streams_.flush();
}

port::Wire::Heard Sockets::on_stream_message(std::span<const std::byte> bytes,
                                             const sip::Source& from) {
    in_batch_ = true;
    return listener_.on_message(bytes, from);
}

void Sockets::on_broken(std::span<const std::byte> bytes, const sip::Source& from) {
    in_batch_ = true;
    listener_.on_broken(bytes, from);
}

void Sockets::on_datagram(std::span<const std::byte> bytes, const sip::Source& from,
                          Millis waited) {
    if (!CAUSEWAY_ASSERT(thread_.is_owner())) {
        return;
    }
    in_batch_ = true;
    if (waited > options_.late) {
        listener_.on_late(bytes, from);
    } else {
        listener_.on_message(bytes, from);
    }
}

void Sockets::on_batch_end() {
    if (options_.after_batch) {
        options_.after_batch();
    }
    in_batch_ = false;
    if (!closed_) {
        flush();
    }
}

void Sockets::on_undeliverable(transaction::Key key, Errc code) {
    if (!key || closed_) {
        return;
    }
    if (undeliverable_.empty()) {
        later(&Sockets::report);
    }
    undeliverable_.push_back({.key = key, .code = code});
}

void Sockets::report() {
    const std::vector<Undeliverable> reported = std::exchange(undeliverable_, {});
    in_batch_ = true;
    for (const Undeliverable& one : reported) {
        if (closed_) {
            return;
        }
        listener_.on_undeliverable(one.key, one.code);
    }
    if (!closed_) {
        on_batch_end();
    }
}

Endpoint Sockets::local(InterfaceId interface, sip::Transport transport) const {
    for (const auto& port : ports_) {
        if (port->interface() == interface && transport == sip::Transport::Udp) {
            return port->local();
        }
    }
    return transport == sip::Transport::Tcp ? streams_.local(interface) : Endpoint{};
}

Counters Sockets::counters() const {
    Counters sum = streams_.counters();
    sum.send_failed += without_port_;
    for (const auto& port : ports_) {
        const Counters& one = port->counters();
        sum.received += one.received;
        sum.sent += one.sent;
        sum.send_failed += one.send_failed;
    }
    return sum;
}

void Sockets::close() {
    if (!CAUSEWAY_ASSERT(thread_.is_owner())) {
        return;
    }
    closed_ = true;
    undeliverable_.clear();
    for (const auto& port : ports_) {
        port->close();
    }
    streams_.close();
}

}  // namespace

Result<std::unique_ptr<Transport>> make_wire(boost::asio::io_context& io, Options options,
                                             port::Wire::Listener& listener) {
    auto sockets = std::make_unique<Sockets>(io, std::move(options), listener);
    if (Result<void> opened = sockets->open(); !opened) {
        return tl::make_unexpected(std::move(opened).error());
    }
    return sockets;
}

}  // namespace causeway::transport
