// TCP on 127.0.0.0/8 and ::1: framing, the connection table, its limits and deadlines.
#include "stream_peer.hpp"

#include "causeway/transport/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace causeway::transport {
namespace {

using causeway::testing::StreamPeer;
using causeway::testing::StreamServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Heard = port::Wire::Heard;
using Standing = port::Wire::Standing;

constexpr InterfaceId kHere{1};
constexpr std::chrono::seconds kPatience{5};
/// How long "nothing comes" is watched.
constexpr std::chrono::milliseconds kSilence{50};
constexpr std::size_t kMegabyte = std::size_t{1024} * 1024;

Endpoint at(std::uint8_t octet, std::uint16_t port = 0) {
    return {IpAddress::v4(127, 0, 0, octet), port};
}
Endpoint loopback6() {
    Endpoint one;
    one.ip.bytes[15] = 1;
    return one;
}

std::string message(const std::string& name, const std::string& body = {}) {
    return name + " sip:a SIP/2.0\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

sip::Target to(const Endpoint& peer, ConnectionId connection = {}) {
    return {kHere, peer, sip::Transport::Tcp, connection, {}};
}

class Recorder : public port::Wire::Listener {
public:
    Standing on_connection(const sip::Source& from) override {
        connections.push_back(from);
        return standing;
    }
    Heard on_message(std::span<const std::byte> bytes, const sip::Source& from) override {
        messages.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        sources.push_back(from);
        if (then) {
            then(messages.back(), from);
        }
        return heard;
    }
    void on_broken(std::span<const std::byte> bytes, const sip::Source& from) override {
        broken.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (then) {
            then(broken.back(), from);
        }
    }
    void on_undeliverable(transaction::Key key, Errc code) override {
        undeliverable.emplace_back(key.value, code);
    }

    Standing standing{Standing::Known};
    Heard heard{Heard::Taken};
    std::vector<sip::Source> connections;
    std::vector<std::string> messages;
    std::vector<sip::Source> sources;
    std::vector<std::string> broken;
    std::vector<std::pair<std::uint64_t, Errc>> undeliverable;
    std::function<void(const std::string&, const sip::Source&)> then;
};

class Stream : public ::testing::Test {
protected:
    void open(Options options = {}, const Endpoint& local = at(1)) {
        options.listen = {{kHere, sip::Transport::Tcp, local}};
        auto made = make_wire(io_, std::move(options), heard_);
        ASSERT_TRUE(made) << made.error().what;
        wire_ = *std::move(made);
        here_ = wire_->local(kHere, sip::Transport::Tcp);
    }
    template <class F>
    bool run_until(F is_done) {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (!is_done() && std::chrono::steady_clock::now() < deadline) {
            io_.restart();
            io_.run_one_for(std::chrono::milliseconds(5));
        }
        return is_done();
    }
    void run_for(std::chrono::milliseconds time) {
        io_.restart();
        io_.run_for(time);
    }
    bool run_until_heard(std::size_t count) {
        return run_until([&] { return heard_.messages.size() >= count; });
    }
    /// Every message is answered in the same words, on its own connection.
    void echo() {
        heard_.then = [this](const std::string& text, const sip::Source& from) {
            wire_->send({}, to(from.peer, from.connection), text);
        };
    }
    StreamPeer accept_from(const StreamServer& server) {
        StreamPeer peer(-1);
        run_until([&] { return peer.is_open() || (peer = server.accept()).is_open(); });
        return peer;
    }

    boost::asio::io_context io_;
    Recorder heard_;
    std::unique_ptr<Transport> wire_;
    Endpoint here_;
};

// ── framing
// ─────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Stream, HandsOverPipelinedMessagesAndAnswersOnTheSameConnection) {
    open();
    echo();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    const std::string all = message("A") + message("B", "body") + "\r\n" + message("C");
    ASSERT_TRUE(peer.send(all));
    ASSERT_TRUE(run_until_heard(3));
    EXPECT_THAT(heard_.messages, ElementsAre(message("A"), message("B", "body"), message("C")));
    EXPECT_EQ(heard_.sources[2].peer, peer.local());
    EXPECT_EQ(heard_.sources[2].transport, sip::Transport::Tcp);
    EXPECT_FALSE(heard_.sources[2].is_dialled);
    EXPECT_TRUE(heard_.sources[0].connection);
    const std::string answers = message("A") + message("B", "body") + message("C");
    EXPECT_TRUE(run_until([&] { return peer.got() == answers; })) << peer.got();
    EXPECT_EQ(wire_->counters().received, 3U);
}

TEST_F(Stream, PutsAMessageTogetherFromSingleBytes) {
    open();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    const std::string text = message("INVITE", std::string(300, 'x')) + message("BYE");
    for (const char byte : text) {
        ASSERT_TRUE(peer.send({&byte, 1}));
        io_.restart();
        io_.poll();
    }
    ASSERT_TRUE(run_until_heard(2));
    EXPECT_EQ(heard_.messages[0] + heard_.messages[1], text);
}

TEST_F(Stream, AnswersPingsOfKnownPeersAndHandsOverNothing) {
    open();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send("\r\n\r\n"));
    EXPECT_TRUE(run_until([&] { return peer.got() == "\r\n"; }));
    ASSERT_TRUE(peer.send("\r\n"));
    run_for(kSilence);
    EXPECT_EQ(peer.got(), "\r\n");
    EXPECT_THAT(heard_.messages, IsEmpty());
    EXPECT_EQ(wire_->counters().received, 0U);
}

TEST_F(Stream, ReportsWhatCannotBeFramedAnswersItAndCloses) {
    open();
    echo();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    const std::string head = "INVITE sip:a SIP/2.0\r\nCall-ID: c\r\n\r\n";
    ASSERT_TRUE(peer.send(head + "v=0\r\n" + message("BYE")));
    ASSERT_TRUE(run_until([&] { return peer.is_closed(); }));
    EXPECT_EQ(peer.got(), head) << "what the listener said did not leave before the end";
    EXPECT_THAT(heard_.broken, ElementsAre(head));
    EXPECT_THAT(heard_.messages, IsEmpty());
    peer.close();
    EXPECT_TRUE(run_until([&] { return wire_->connections() == 0; }));
    EXPECT_EQ(wire_->counters().broken, 1U);
}

TEST_F(Stream, CarriesTheLargestMessageBothWaysAndRefusesALargerOne) {
    open();
    echo();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    const std::string large = message("INFO", std::string(65'000, 'x'));
    ASSERT_TRUE(peer.send(large));
    EXPECT_TRUE(run_until([&] { return peer.got() == large; })) << peer.got().size();
    heard_.then = {};
    ASSERT_TRUE(peer.send("INFO sip:a SIP/2.0\r\nContent-Length: 66000\r\n\r\n"));
    EXPECT_TRUE(run_until([&] { return peer.is_closed(); }));
}

// ── connections of ours
// ─────────────────────────────────────────────────────────────────────────────

TEST_F(Stream, IsOpenedFromTheListeningPortAndUsedAgain) {
    open();
    const StreamServer gateway(at(20));
    wire_->send({}, to(gateway.local()), message("A"));
    wire_->send({}, to(gateway.local()), message("B"));
    StreamPeer peer = accept_from(gateway);
    ASSERT_TRUE(peer.is_open());
    EXPECT_EQ(peer.remote(), here_) << "a gateway finds our Contact at the other end";
    EXPECT_TRUE(run_until([&] { return peer.got() == message("A") + message("B"); }));
    // Its own request comes back on it.
    ASSERT_TRUE(peer.send(message("BYE")));
    ASSERT_TRUE(run_until_heard(1));
    EXPECT_TRUE(heard_.sources[0].is_dialled);
    EXPECT_EQ(heard_.sources[0].peer, gateway.local());
    wire_->send({}, sip::back_to(heard_.sources[0]), message("C"));
    EXPECT_TRUE(run_until([&] { return peer.got().size() == 3 * message("A").size(); }));
    EXPECT_EQ(wire_->connections(), 1U);
    EXPECT_EQ(wire_->counters().dialled, 1U);
    EXPECT_THAT(heard_.connections, IsEmpty()) << "nobody needs to ask whom we have called";
}

TEST_F(Stream, LeavesTheListenerWhereItWas) {
    open();
    const StreamServer gateway(at(20));
    wire_->send({}, to(gateway.local()), message("A"));
    const StreamPeer outgoing = accept_from(gateway);
    StreamPeer incoming = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(incoming.send(message("INVITE")));
    EXPECT_TRUE(run_until_heard(1));
    // The gateway may call us too, from another port than it listens on.
    StreamPeer second = StreamPeer::connect(here_, at(20));
    ASSERT_TRUE(second.send(message("BYE")));
    EXPECT_TRUE(run_until_heard(2));
    EXPECT_EQ(wire_->connections(), 3U);
}

TEST_F(Stream, IsOpenedAgainAtOnceAfterWeClosedOne) {
    Options options;
    options.deadlines.idle = Millis{40};
    open(options);
    const StreamServer gateway(at(20));
    wire_->send({}, to(gateway.local()), message("A"));
    StreamPeer first = accept_from(gateway);
    ASSERT_TRUE(run_until([&] { return first.is_closed(); }));
    first.close();  // ours is in TIME_WAIT now
    wire_->send(transaction::Key{7}, to(gateway.local()), message("B"));
    StreamPeer second = accept_from(gateway);
    ASSERT_TRUE(second.is_open());
    EXPECT_TRUE(run_until([&] { return second.got() == message("B"); }));
    EXPECT_EQ(second.remote().ip, here_.ip);
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
}

TEST_F(Stream, ReportsEverythingSentTowardARefusedPeer) {
    open();
    const Endpoint nobody = StreamServer(at(20)).local();
    for (std::uint64_t key = 1; key <= 3; ++key) {
        wire_->send(transaction::Key{key}, to(nobody), message("INVITE"));
    }
    EXPECT_THAT(heard_.undeliverable, IsEmpty()) << "reported from within send";
    ASSERT_TRUE(run_until([&] { return heard_.undeliverable.size() == 3; }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(1U, Errc::Io), std::pair(2U, Errc::Io),
                                                  std::pair(3U, Errc::Io)));
    EXPECT_EQ(wire_->connections(), 0U);
}

TEST_F(Stream, ReportsWhatLeftBeforeAReset) {
    open();
    const StreamServer gateway(at(20));
    wire_->send(transaction::Key{5}, to(gateway.local()), message("INVITE"));
    StreamPeer peer = accept_from(gateway);
    ASSERT_TRUE(run_until([&] { return peer.got() == message("INVITE"); }));
    peer.reset();
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(5U, Errc::Io)));
}

TEST_F(Stream, OfOursReportsWhatLeftBeforeAnOrderlyEndToo) {
    open();
    const StreamServer gateway(at(20));
    wire_->send(transaction::Key{5}, to(gateway.local()), message("INVITE"));
    StreamPeer peer = accept_from(gateway);
    ASSERT_TRUE(run_until([&] { return peer.got() == message("INVITE"); }));
    peer.close();  // as the kernel does for a process that was killed
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(5U, Errc::Io)));
    EXPECT_EQ(wire_->connections(), 0U);
    // And the next request opens a new one.
    wire_->send(transaction::Key{6}, to(gateway.local()), message("BYE"));
    StreamPeer again = accept_from(gateway);
    EXPECT_TRUE(run_until([&] { return again.got() == message("BYE"); }));
}

TEST_F(Stream, OfOursReportsWhatLeftBeforeItsPeerSpokeNonsense) {
    Options options;
    options.deadlines.message = Millis{60};
    open(options);
    const StreamServer gateway(at(20));
    wire_->send(transaction::Key{5}, to(gateway.local()), message("INVITE"));
    StreamPeer peer = accept_from(gateway);
    ASSERT_TRUE(run_until([&] { return peer.got() == message("INVITE"); }));
    ASSERT_TRUE(peer.send("SIP/2.0 180 Ringing\r\nCall-ID: c\r\n\r\nv=0\r\n"));
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(5U, Errc::Timeout)));
}

TEST_F(Stream, OfAPeerThatEndsItOrderlyMayBeAnsweredAnotherWay) {
    open();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("INVITE")));
    ASSERT_TRUE(run_until_heard(1));
    wire_->send(transaction::Key{5}, sip::back_to(heard_.sources[0]), message("INFO"));
    ASSERT_TRUE(run_until([&] { return peer.got() == message("INFO"); }));
    peer.close();
    ASSERT_TRUE(run_until([&] { return wire_->connections() == 0; }));
    run_for(kSilence);
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
}

TEST_F(Stream, IsNotUsedAgainOnceThePeerHasClosedIt) {
    open();
    const StreamServer gateway(at(20));
    wire_->send({}, to(gateway.local()), message("INVITE"));
    StreamPeer peer = accept_from(gateway);
    ASSERT_TRUE(run_until([&] { return peer.got() == message("INVITE"); }));
    peer.close();
    // The loop has not seen it yet.
    wire_->send(transaction::Key{6}, to(gateway.local()), message("BYE"));
    StreamPeer again = accept_from(gateway);
    ASSERT_TRUE(again.is_open());
    EXPECT_TRUE(run_until([&] { return again.got() == message("BYE"); }));
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
}

TEST_F(Stream, OfAPeerThatHasSaidAllIsAnsweredAllTheSame) {
    open();
    echo();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("OPTIONS")));
    peer.finish();
    EXPECT_TRUE(run_until([&] { return peer.is_closed(); }));
    EXPECT_EQ(peer.got(), message("OPTIONS"));
}

TEST_F(Stream, AnswersOnANewConnectionIfTheOldOneIsGone) {
    open();
    const StreamServer sent_by(at(9));  // where the peer's Via points
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("INVITE")));
    ASSERT_TRUE(run_until_heard(1));
    peer.close();
    ASSERT_TRUE(run_until([&] { return wire_->connections() == 0; }));
    wire_->send({}, to(sent_by.local(), heard_.sources[0].connection), message("200"));
    StreamPeer next = accept_from(sent_by);
    ASSERT_TRUE(next.is_open());
    EXPECT_TRUE(run_until([&] { return next.got() == message("200"); }));
}

// ── bounds
// ──────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Stream, IsClosedIfAMessageDoesNotEndInTime) {
    Options options;
    options.deadlines.message = Millis{60};
    open(options);
    StreamPeer loris = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(loris.send(message("A") + "INVITE sip:a SIP/2.0\r\n"));
    // A byte now and then does not help.
    EXPECT_TRUE(run_until([&] {
        loris.send("x");
        return loris.is_closed();
    }));
    EXPECT_EQ(heard_.messages.size(), 1U);
    EXPECT_EQ(wire_->counters().expired, 1U);
}

TEST_F(Stream, IsClosedIfIdleAndNotWhileInUse) {
    Options options;
    options.deadlines.idle = Millis{120};
    open(options);
    StreamPeer busy = StreamPeer::connect(here_, at(9));
    StreamPeer idle = StreamPeer::connect(here_, at(9));
    EXPECT_TRUE(run_until([&] {
        busy.send(message("A"));
        return idle.is_closed();
    }));
    EXPECT_FALSE(busy.is_closed());
    EXPECT_EQ(wire_->connections(), 1U);
}

TEST_F(Stream, IsGivenUpIfThePeerDoesNotRead) {
    Options options;
    options.connections.queued = 100'000;
    open(options);
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("A")));
    ASSERT_TRUE(run_until_heard(1));
    const std::string large = message("INFO", std::string(60'000, 'x'));
    std::uint64_t key = 0;
    while (heard_.undeliverable.empty() && key < 1000) {
        wire_->send(transaction::Key{++key}, sip::back_to(heard_.sources[0]), large);
        run_for(std::chrono::milliseconds(1));
    }
    ASSERT_FALSE(heard_.undeliverable.empty());
    EXPECT_LT(key * large.size(), 20 * kMegabyte);
    EXPECT_EQ(heard_.undeliverable.front(), std::pair(key, Errc::Exhausted));
    EXPECT_EQ(heard_.undeliverable.size(), key) << "what had left may never have been read";
    EXPECT_EQ(wire_->connections(), 0U);
}

TEST_F(Stream, IsGivenUpIfNothingMovesForLong) {
    Options options;
    options.deadlines.stuck = Millis{60};
    options.connections.queued = 20 * kMegabyte;
    open(options);
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("A")));
    ASSERT_TRUE(run_until_heard(1));
    const std::string large = message("INFO", std::string(60'000, 'x'));
    for (int i = 0; i < 250; ++i) {
        wire_->send(transaction::Key{1}, sip::back_to(heard_.sources[0]), large);
    }
    EXPECT_TRUE(run_until([&] { return wire_->connections() == 0; }));
    EXPECT_EQ(wire_->counters().expired, 1U);
}

TEST_F(Stream, TakesSoManyConnectionsAndNoMore) {
    Options options;
    options.connections.known = 3;
    options.connections.known_per_peer = 2;
    open(options);
    std::vector<StreamPeer> peers;
    for (const int octet : {9, 9, 9, 8, 8}) {
        peers.push_back(StreamPeer::connect(here_, at(static_cast<std::uint8_t>(octet))));
        ASSERT_TRUE(run_until([&] { return wire_->counters().accepted == peers.size(); }));
    }
    ASSERT_TRUE(run_until([&] { return peers[2].is_closed() && peers[4].is_closed(); }));
    EXPECT_FALSE(peers[0].is_closed() || peers[1].is_closed() || peers[3].is_closed());
    EXPECT_EQ(wire_->counters().turned_away, 2U);
    // A place that is left can be taken again.
    peers[0].close();
    ASSERT_TRUE(run_until([&] { return wire_->connections() == 2; }));
    StreamPeer next = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(next.send(message("B")));
    EXPECT_TRUE(run_until_heard(1));
}

TEST_F(Stream, OfOursFindsRoomWhateverPeersHaveTaken) {
    Options options;
    options.connections.known = 2;
    options.connections.dialled = 2;
    open(options);
    std::vector<StreamPeer> peers;
    for (int i = 0; i < 3; ++i) {
        peers.push_back(StreamPeer::connect(here_, at(20)));
    }
    ASSERT_TRUE(run_until([&] { return wire_->counters().turned_away == 1; }));
    const StreamServer first(at(20));
    const StreamServer second(at(21));
    const StreamServer third(at(22));
    for (const StreamServer* gateway : {&first, &second, &third}) {
        wire_->send(transaction::Key{1}, to(gateway->local()), message("INVITE"));
    }
    StreamPeer peer = accept_from(first);
    ASSERT_TRUE(peer.is_open());
    EXPECT_TRUE(run_until([&] { return peer.got() == message("INVITE"); }));
    // They have a bound of their own, and that is said.
    EXPECT_EQ(wire_->counters().dialled, 2U);
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(1U, Errc::Exhausted)));
    // A place that is left can be taken again.
    peer.close();
    ASSERT_TRUE(run_until([&] { return wire_->connections() == 3; }));
    wire_->send({}, to(third.local()), message("INVITE"));
    EXPECT_TRUE(accept_from(third).is_open());
}

TEST_F(Stream, OfAKnownPeerEndsUnlessItSaysSomething) {
    Options options;
    options.deadlines.first = Millis{80};
    open(options);
    StreamPeer silent = StreamPeer::connect(here_, at(9));
    StreamPeer pinging = StreamPeer::connect(here_, at(9));
    StreamPeer talking = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(pinging.send("\r\n\r\n"));
    ASSERT_TRUE(talking.send(message("OPTIONS")));
    ASSERT_TRUE(run_until([&] { return silent.is_closed(); }));
    run_for(kSilence);
    EXPECT_FALSE(pinging.is_closed() || talking.is_closed());
}

TEST_F(Stream, OutlivesALineEndInTwoPieces) {
    Options options;
    options.deadlines.message = Millis{40};
    open(options);
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("A") + "\r"));
    ASSERT_TRUE(run_until_heard(1));
    ASSERT_TRUE(peer.send("\n"));
    run_for(std::chrono::milliseconds(150));
    EXPECT_FALSE(peer.is_closed()) << "no message had begun";
}

TEST_F(Stream, OutlivesTheLackOfDescriptors) {
    open();
    std::vector<StreamPeer> peers;
    peers.push_back(StreamPeer::connect(here_, at(9)));
    peers.push_back(StreamPeer::connect(here_, at(9)));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto begun = std::chrono::steady_clock::now();
    std::size_t turns = 0;
    while (std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(150)) {
        io_.restart();
        turns += io_.run_one_for(std::chrono::milliseconds(150));
    }
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(wire_->counters().accepted, 0U);
    EXPECT_LT(turns, 10U) << "it spins";
    EXPECT_TRUE(run_until([&] { return wire_->counters().accepted == 2; }));
}

// ── strangers
// ───────────────────────────────────────────────────────────────────────────────────────

TEST_F(Stream, OfTheUnwelcomeIsClosedAfterAccept) {
    open();
    heard_.standing = Standing::Unwelcome;
    StreamPeer peer = StreamPeer::connect(here_, at(66));
    peer.send(message("INVITE") + "\r\n\r\n");
    ASSERT_TRUE(run_until([&] { return peer.is_closed(); }));
    EXPECT_EQ(peer.got(), "");
    EXPECT_THAT(heard_.messages, IsEmpty());
    EXPECT_EQ(wire_->counters().turned_away, 1U);
}

TEST_F(Stream, OfAStrangerEndsUnlessItSaysSomethingThatIsTaken) {
    Options options;
    options.deadlines.stranger = Millis{80};
    open(options);
    heard_.standing = Standing::Stranger;
    heard_.heard = Heard::Dropped;
    StreamPeer silent = StreamPeer::connect(here_, at(66));
    StreamPeer noisy = StreamPeer::connect(here_, at(66));
    EXPECT_TRUE(run_until([&] {
        noisy.send(message("INVITE") + "\r\n\r\n");
        return silent.is_closed() && noisy.is_closed();
    }));
    EXPECT_EQ(noisy.got() + silent.got(), "");
    heard_.heard = Heard::Taken;
    StreamPeer good = StreamPeer::connect(here_, at(66));
    ASSERT_TRUE(good.send(message("BYE")));
    run_for(std::chrono::milliseconds(200));
    EXPECT_FALSE(good.is_closed());
    EXPECT_EQ(wire_->connections(), 1U);
}

TEST_F(Stream, OfAStrangerMayBeIdleForAShorterTime) {
    Options options;
    options.deadlines.stranger_idle = Millis{60};
    open(options);
    StreamPeer known = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(known.send(message("OPTIONS")));
    ASSERT_TRUE(run_until_heard(1));
    heard_.standing = Standing::Stranger;
    StreamPeer stranger = StreamPeer::connect(here_, at(66));
    ASSERT_TRUE(stranger.send(message("BYE")));
    ASSERT_TRUE(run_until_heard(2));
    EXPECT_TRUE(run_until([&] { return stranger.is_closed(); }));
    EXPECT_FALSE(known.is_closed());
}

TEST_F(Stream, OfStrangersAreFew) {
    open();
    heard_.standing = Standing::Stranger;
    std::vector<StreamPeer> peers;
    for (std::uint8_t octet = 60; octet < 80; ++octet) {
        for (int i = 0; i < 5; ++i) {
            peers.push_back(StreamPeer::connect(here_, at(octet)));
        }
    }
    ASSERT_TRUE(run_until([&] { return wire_->counters().accepted == 100; }));
    EXPECT_EQ(wire_->connections(), 64U);
    EXPECT_TRUE(run_until([&] { return peers[4].is_closed() && peers[99].is_closed(); }));
    EXPECT_FALSE(peers[3].is_closed());
    // They take nobody else's place.
    heard_.standing = Standing::Known;
    StreamPeer known = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(known.send(message("OPTIONS")));
    EXPECT_TRUE(run_until_heard(1));
}

// ── the rest
// ────────────────────────────────────────────────────────────────────────────────────────

TEST_F(Stream, NamesTheAddressAndTheProcessThatHoldsIt) {
    open();
    Options options;
    options.listen = {{kHere, sip::Transport::Tcp, here_}};
    const auto second = make_wire(io_, std::move(options), heard_);
    ASSERT_FALSE(second) << "two daemons would share the port";
    EXPECT_THAT(second.error().what, HasSubstr(here_.to_string() + "/tcp is in use by"));
    EXPECT_THAT(second.error().what, HasSubstr("(pid " + std::to_string(::getpid()) + ")"));
}

TEST_F(Stream, SpeaksIpv6) {
    const StreamServer gateway(loopback6());
    if (gateway.local().port == 0) {
        GTEST_SKIP() << "::1 is not configured here";
    }
    open({}, loopback6());
    echo();
    StreamPeer peer = StreamPeer::connect(here_, loopback6());
    ASSERT_TRUE(peer.send(message("OPTIONS")));
    EXPECT_TRUE(run_until([&] { return peer.got() == message("OPTIONS"); }));
    wire_->send({}, to(gateway.local()), message("INVITE"));
    StreamPeer outgoing = accept_from(gateway);
    ASSERT_TRUE(outgoing.is_open());
    EXPECT_EQ(outgoing.remote(), here_);
    wire_->send(transaction::Key{1}, to(at(20, 5060)), message("INVITE"));
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_EQ(heard_.undeliverable[0].second, Errc::Unsupported) << "another family";
}

TEST_F(Stream, SaysWhatWasSaidBeforeItWasClosed) {
    open();
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("A")));
    ASSERT_TRUE(run_until_heard(1));
    ASSERT_TRUE(peer.send(message("unread")));
    wire_->send({}, sip::back_to(heard_.sources[0]), message("BYE"));
    wire_->close();
    EXPECT_TRUE(run_until([&] { return peer.is_closed(); }));
    EXPECT_EQ(peer.got(), message("BYE"));
    io_.restart();
    io_.poll();
    EXPECT_EQ(heard_.messages.size(), 1U);
}

TEST_F(Stream, MayBeDestroyedWithWorkOutstanding) {
    open();
    const StreamServer gateway(at(20));
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("A")));
    ASSERT_TRUE(run_until([&] { return wire_->connections() == 1; }));
    wire_->send(transaction::Key{1}, to(gateway.local()), message("B"));
    wire_.reset();
    const std::size_t heard = heard_.messages.size();
    run_for(kSilence);
    EXPECT_EQ(heard_.messages.size(), heard);
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
}

TEST_F(Stream, MayBreakWhileEverythingIsClosed) {
    open();
    std::vector<StreamPeer> peers;
    for (std::uint8_t octet = 9; octet < 17; ++octet) {
        peers.push_back(StreamPeer::connect(here_, at(octet)));
        ASSERT_TRUE(peers.back().send(message("A")));
    }
    ASSERT_TRUE(run_until_heard(peers.size()));
    for (const sip::Source& source : heard_.sources) {
        wire_->send(transaction::Key{1}, sip::back_to(source), message("BYE"));
    }
    for (StreamPeer& peer : peers) {
        peer.reset();
    }
    wire_->close();  // what is queued meets the resets only now
    EXPECT_EQ(wire_->connections(), 0U);
    run_for(kSilence);
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
}

TEST_F(Stream, OutlivesItsListenersCloseInTheMiddleOfABatch) {
    open();
    heard_.then = [&](const std::string&, const sip::Source&) { wire_->close(); };
    StreamPeer peer = StreamPeer::connect(here_, at(9));
    ASSERT_TRUE(peer.send(message("A") + message("B")));
    ASSERT_TRUE(run_until_heard(1));
    run_for(kSilence);
    EXPECT_EQ(heard_.messages.size(), 1U);
}

}  // namespace
}  // namespace causeway::transport
