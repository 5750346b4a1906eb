#include "stream_table.hpp"

#include "tcp_socket.hpp"

#include "causeway/base/log.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace causeway::transport {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;
using Standing = port::Wire::Standing;

constexpr std::size_t kRoom = 64 * 1024;
constexpr std::string_view kPong = "\r\n";  // RFC 5626 §4.4.1
constexpr std::chrono::minutes kSayAgain{1};

/// How often deadlines are looked at: a quarter of the shortest, at least once a second.
Millis tick(const Deadlines& deadlines) {
    const Millis shortest =
        std::min({deadlines.connect, deadlines.stranger, deadlines.first, deadlines.message,
                  deadlines.stuck, deadlines.idle, deadlines.stranger_idle});
    return std::clamp(shortest / 4, Millis{5}, Millis{1000});
}

Seat seat_of(Standing standing, const sip::Source& source) {
    if (source.is_dialled) {
        return Seat::Dialled;
    }
    return standing == Standing::Known ? Seat::Known : Seat::Stranger;
}

std::string_view name_of(Seat seat) {
    switch (seat) {
        case Seat::Known:
            return "known";
        case Seat::Stranger:
            return "stranger";
        case Seat::Dialled:
            return "dialled";
    }
    return {};
}

}  // namespace

StreamTable::StreamTable(boost::asio::io_context& io, const ConnectionLimits& limits,
                         const Deadlines& deadlines, Owner& owner)
    : io_(io),
      limits_(limits),
      deadlines_(deadlines),
      owner_(owner),
      budget_{.most = limits.queued_in_all, .used = 0},
      seats_(limits),
      timer_(io) {}

Result<void> StreamTable::listen(InterfaceId interface, const Endpoint& local) {
    CAUSEWAY_TRY(auto socket, open_listener(io_, local));
    if (room_ == nullptr) {
        room_ = std::make_unique_for_overwrite<std::byte[]>(kRoom);
    }
    acceptors_.push_back(std::make_unique<StreamAcceptor>(
        io_, std::move(socket), interface, static_cast<StreamAcceptor::Owner&>(*this)));
    return {};
}

Endpoint StreamTable::local(InterfaceId interface) const {
    for (const auto& acceptor : acceptors_) {
        if (acceptor->interface() == interface) {
            return acceptor->local();
        }
    }
    return {};
}

// ── in
// ──────────────────────────────────────────────────────────────────────────────────────────────

void StreamTable::on_accepted(Descriptor socket, const Endpoint& peer, InterfaceId interface) {
    ++counters_.accepted;
    sip::Source source{.interface = interface,
                       .peer = peer,
                       .transport = sip::Transport::Tcp,
                       .connection = ConnectionId{last_id_ + 1}};
    const Standing standing = owner_.on_connection(source);
    if (standing == Standing::Unwelcome) {
        ++counters_.turned_away;
        return;  // the descriptor closes itself
    }
    const Seat seat = seat_of(standing, source);
    if (closed_ || !seats_.take(seat, peer.ip)) {
        ++counters_.turned_away;
        say_full(peer, seat);
        return;
    }
    add(std::move(socket), source, standing);
}

StreamConn& StreamTable::add(Descriptor socket, const sip::Source& source, Standing standing) {
    const ConnectionId id{++last_id_};
    const StreamConn::Options options{.source = source,
                                      .standing = standing,
                                      .most_queued = limits_.queued,
                                      .budget = &budget_,
                                      .room = {room_.get(), kRoom}};
    auto conn = std::make_unique<StreamConn>(std::move(socket), options, deadlines_,
                                             static_cast<StreamConn::Owner&>(*this));
    ways_[{source.interface, source.peer}] = id;
    watch();
    return *(connections_[id] = std::move(conn));
}

void StreamTable::on_frame(StreamConn& conn, const sip::Frame& frame) {
    const sip::Source& source = conn.source();
    switch (frame.kind) {
        case sip::Frame::Kind::Message:
            ++counters_.received;
            if (owner_.on_stream_message(frame.bytes, source) == port::Wire::Heard::Taken) {
                conn.welcome();
            }
            break;
        case sip::Frame::Kind::Ping:
            if (conn.standing() == Standing::Known) {
                conn.welcome();
                queue(conn, {}, kPong);
            }
            break;
        case sip::Frame::Kind::Broken:
            ++counters_.broken;
            owner_.on_broken(frame.bytes, source);
            conn.finish();
            mark(conn);
            break;
    }
}

void StreamTable::on_gone(StreamConn& conn, Errc code, std::vector<transaction::Key> lost) {
    const sip::Source& source = conn.source();
    const auto entry = connections_.find(source.connection);
    if (entry == connections_.end()) {
        return;
    }
    if (const auto way = ways_.find({source.interface, source.peer});
        way != ways_.end() && way->second == source.connection) {
        ways_.erase(way);
    }
    seats_.leave(seat_of(conn.standing(), source), source.peer.ip);
    if (gone_.empty()) {
        boost::asio::post(io_, [this, alive = std::weak_ptr<const bool>(alive_)] {
            if (!alive.expired()) {
                gone_.clear();
            }
        });
    }
    gone_.push_back(std::move(entry->second));
    connections_.erase(entry);
    counters_.send_failed += lost.size();
    for (const transaction::Key key : lost) {
        owner_.on_undeliverable(key, code);
    }
}

// ── out
// ─────────────────────────────────────────────────────────────────────────────────────────────

StreamConn* StreamTable::find(const sip::Target& to) const {
    const auto usable = [&](ConnectionId id) -> StreamConn* {
        const auto entry = connections_.find(id);
        const bool fits = entry != connections_.end() && !entry->second->is_finishing() &&
                          entry->second->source().interface == to.interface;
        return fits ? entry->second.get() : nullptr;
    };
    if (StreamConn* named = to.connection ? usable(to.connection) : nullptr) {
        return named;
    }
    const auto way = ways_.find({to.interface, to.peer});
    return way == ways_.end() ? nullptr : usable(way->second);
}

Result<StreamConn*> StreamTable::dial(const sip::Target& to) {
    const Endpoint from = local(to.interface);
    if (from.port == 0 || from.ip.is_v4() != to.peer.ip.is_v4()) {
        return fail(Errc::Unsupported, "no TCP listener to leave from");
    }
    if (!seats_.take(Seat::Dialled, to.peer.ip)) {
        say_full(to.peer, Seat::Dialled);
        return fail(Errc::Exhausted, "too many connections");
    }
    ++counters_.dialled;
    auto socket = open_connection(io_, from, to.peer);
    if (!socket) {
        seats_.leave(Seat::Dialled, to.peer.ip);
        log::debug("transport.not_connected", {{"error", socket.error().what}});
        return tl::make_unexpected(std::move(socket).error());
    }
    return &add(*std::move(socket),
                {.interface = to.interface,
                 .peer = to.peer,
                 .transport = sip::Transport::Tcp,
                 .connection = ConnectionId{last_id_ + 1},
                 .is_dialled = true},
                Standing::Known);
}

void StreamTable::send(transaction::Key key, const sip::Target& to, std::string_view bytes) {
    StreamConn* conn = find(to);
    if (conn != nullptr) {
        conn->notice_end();
        conn = find(to);
    }
    if (conn == nullptr) {
        const auto dialled = dial(to);
        if (!dialled) {
            ++counters_.send_failed;
            owner_.on_undeliverable(key, dialled.error().code);
            return;
        }
        conn = *dialled;
    }
    ++counters_.sent;
    queue(*conn, key, bytes);
}

void StreamTable::queue(StreamConn& conn, transaction::Key key, std::string_view bytes) {
    if (!conn.send(key, bytes)) {
        ++counters_.send_failed;
        owner_.on_undeliverable(key, Errc::Exhausted);
        conn.fail(Errc::Exhausted);
        return;
    }
    mark(conn);
}

void StreamTable::mark(StreamConn& conn) {
    if (!conn.mark(true)) {
        dirty_.push_back(conn.source().connection);
        owner_.on_queued();
    }
}

void StreamTable::flush() {
    for (const ConnectionId id : std::exchange(dirty_, {})) {
        if (const auto entry = connections_.find(id); entry != connections_.end()) {
            entry->second->mark(false);
            entry->second->flush();
        }
    }
}

/// Once a minute: a peer that calls at a limit does so often.
void StreamTable::say_full(const Endpoint& peer, Seat seat) {
    const Time now = std::chrono::steady_clock::now();
    if (now - said_full_ < kSayAgain && said_full_ != Time{}) {
        return;
    }
    said_full_ = now;
    log::warn(
        "transport.connections_full",
        {{"peer", peer.to_string()}, {"kind", name_of(seat)}, {"connections", seats_.taken(seat)}});
}

// ── time
// ────────────────────────────────────────────────────────────────────────────────────────────

void StreamTable::watch() {
    if (std::exchange(watching_, true)) {
        return;
    }
    timer_.expires_after(tick(deadlines_));
    timer_.async_wait([this, alive = std::weak_ptr<const bool>(alive_)](
                          const boost::system::error_code& cancelled) {
        if (!cancelled && !alive.expired()) {
            watching_ = false;
            sweep();
        }
    });
}

void StreamTable::sweep() {
    const Time now = std::chrono::steady_clock::now();
    std::vector<StreamConn*> all;
    all.reserve(connections_.size());
    for (const auto& [id, conn] : connections_) {
        all.push_back(conn.get());
    }
    for (StreamConn* conn : all) {
        conn->check(now);
        counters_.expired += conn->is_open() ? 0 : 1;
    }
    if (!connections_.empty()) {
        watch();
    }
}

void StreamTable::close() {
    closed_ = true;
    for (const auto& acceptor : acceptors_) {
        acceptor->close();
    }
    // One of them may break while it is closed, or be the one that called us.
    for (auto& [id, conn] : std::exchange(connections_, {})) {
        conn->close();
        gone_.push_back(std::move(conn));
    }
    timer_.cancel();
}

}  // namespace causeway::transport
