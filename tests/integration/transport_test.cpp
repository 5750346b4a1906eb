#include "causeway/transport/transport.hpp"

#include <arpa/inet.h>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace causeway::transport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr InterfaceId kCarriers{1};
constexpr InterfaceId kLivekit{2};
constexpr std::chrono::seconds kPatience{5};
/// How long "nothing comes" is watched.
constexpr std::chrono::milliseconds kSilence{50};

Endpoint loopback(std::uint16_t port = 0) {
    return {.ip = IpAddress::v4(127, 0, 0, 1), .port = port};
}

sip::Target target(InterfaceId interface, const Endpoint& peer) {
    return {.interface = interface,
            .peer = peer,
            .transport = sip::Transport::Udp,
            .connection = {},
            .tls_name = {}};
}

/// The other end: a blocking socket of this test.
class Peer {
public:
    explicit Peer(int family = AF_INET) : fd_(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const timeval patience{.tv_sec = kPatience.count(), .tv_usec = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (family == AF_INET) {
            sockaddr_in v4{};
            v4.sin_family = AF_INET;
            v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            bound_ = ::bind(fd_, reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0;
        } else {
            sockaddr_in6 v6{};
            v6.sin6_family = AF_INET6;
            v6.sin6_addr = in6addr_loopback;
            bound_ = ::bind(fd_, reinterpret_cast<sockaddr*>(&v6), sizeof v6) == 0;
        }
    }
    ~Peer() { ::close(fd_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    Peer(Peer&&) = delete;
    Peer& operator=(Peer&&) = delete;

    [[nodiscard]] bool is_bound() const { return bound_; }

    [[nodiscard]] std::uint16_t port() const {
        sockaddr_in6 address{};
        socklen_t size = sizeof address;
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin6_port);  // where sockaddr_in has it too
    }

    [[nodiscard]] bool send(const Endpoint& to, std::string_view bytes) const {
        sockaddr_in6 v6{};
        socklen_t size = sizeof v6;
        if (to.ip.is_v4()) {
            sockaddr_in v4{};
            v4.sin_family = AF_INET;
            v4.sin_port = htons(to.port);
            std::memcpy(&v4.sin_addr, to.ip.bytes.data() + 12, 4);
            std::memcpy(&v6, &v4, sizeof v4);
            size = sizeof v4;
        } else {
            v6.sin6_family = AF_INET6;
            v6.sin6_port = htons(to.port);
            std::memcpy(&v6.sin6_addr, to.ip.bytes.data(), 16);
        }
        return ::sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&v6),
                        size) == static_cast<ssize_t>(bytes.size());
    }

    /// The next datagram, or nothing after `kPatience`.
    [[nodiscard]] std::optional<std::string> receive() const {
        std::string bytes(65'536, '\0');
        const ssize_t size = ::recv(fd_, bytes.data(), bytes.size(), 0);
        if (size < 0) {
            return std::nullopt;
        }
        bytes.resize(static_cast<std::size_t>(size));
        return bytes;
    }

private:
    int fd_;
    bool bound_{};
};

using Heard = port::Wire::Heard;
using Standing = port::Wire::Standing;

/// Keeps what the wire says, and does what the test wants on each message.
class Recorder : public port::Wire::Listener {
public:
    Standing on_connection(const sip::Source&) override { return Standing::Known; }
    Heard on_message(std::span<const std::byte> bytes, const sip::Source& from) override {
        messages.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        sources.push_back(from);
        if (then) {
            then(messages.back(), from);
        }
        return Heard::Taken;
    }
    Heard on_late(std::span<const std::byte> bytes, const sip::Source& from) override {
        ++late;
        return on_message(bytes, from);
    }
    void on_broken(std::span<const std::byte>, const sip::Source&) override {}
    void on_undeliverable(transaction::Key key, Errc code) override {
        undeliverable.emplace_back(key.value, code);
    }

    std::vector<std::string> messages;
    std::vector<sip::Source> sources;
    std::size_t late{};  ///< of the messages
    std::vector<std::pair<std::uint64_t, Errc>> undeliverable;
    std::function<void(const std::string&, const sip::Source&)> then;
};

class Wire : public testing::Test {
protected:
    /// Opens one listener on 127.0.0.1, or fails the test.
    void open(Options options = {}) {
        if (options.listen.empty()) {
            options.listen = {
                {.interface = kCarriers, .transport = sip::Transport::Udp, .local = loopback()}};
        }
        auto made = make_wire(io_, std::move(options), heard_);
        ASSERT_TRUE(made) << made.error().what;
        wire_ = *std::move(made);
        here_ = wire_->local(kCarriers, sip::Transport::Udp);
    }

    /// Runs the loop until `is_done` or patience ends; says whether it is done.
    template <class F>
    bool run_until(F is_done) {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (!is_done() && std::chrono::steady_clock::now() < deadline) {
            io_.restart();
            io_.run_one_for(std::chrono::milliseconds(20));
        }
        return is_done();
    }
    bool run_until_heard(std::size_t count) {
        return run_until([&] { return heard_.messages.size() >= count; });
    }
    void run_for(std::chrono::milliseconds time) {
        io_.restart();
        io_.run_for(time);
    }
    /// A port of 127.0.0.1 where nobody is.
    static Endpoint nobody() { return loopback(Peer().port()); }

    boost::asio::io_context io_;
    Recorder heard_;
    std::unique_ptr<Transport> wire_;
    Endpoint here_;
};

TEST_F(Wire, HandsOverADatagramWithItsSourceAndAnswersIt) {
    open();
    const Peer peer;
    heard_.then = [&](const std::string& message, const sip::Source& from) {
        wire_->send({}, sip::back_to(from), "re: " + message);
    };
    ASSERT_TRUE(peer.send(here_, "OPTIONS"));
    ASSERT_TRUE(run_until_heard(1));
    EXPECT_EQ(heard_.sources[0], (sip::Source{.interface = kCarriers,
                                              .peer = loopback(peer.port()),
                                              .transport = sip::Transport::Udp,
                                              .connection = {}}));
    EXPECT_EQ(peer.receive(), "re: OPTIONS");
    EXPECT_EQ(wire_->counters().received, 1U);
    EXPECT_EQ(wire_->counters().sent, 1U);
    EXPECT_EQ(wire_->counters().send_failed, 0U);
}

TEST_F(Wire, SaysOfADatagramThatItHasWaitedTooLong) {
    Options options;
    options.late = Millis{2};
    open(std::move(options));
    const Peer peer;
    // The kernel begins to take the time some moments after it was asked to.
    const bool was_late = run_until([&] {
        EXPECT_TRUE(peer.send(here_, "INVITE"));
        const auto read_at = std::chrono::steady_clock::now() + std::chrono::milliseconds(4);
        while (std::chrono::steady_clock::now() < read_at) {
        }
        run_for(std::chrono::milliseconds(1));
        return heard_.late > 0;
    });
    EXPECT_TRUE(was_late);
}

TEST_F(Wire, SaysOfNoDatagramThatItIsLateWhileItKeepsUp) {
    Options options;
    options.late = std::chrono::duration_cast<Millis>(kPatience);
    open(std::move(options));
    const Peer peer;
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(peer.send(here_, "INVITE"));
    }
    ASSERT_TRUE(run_until_heard(100));
    EXPECT_EQ(heard_.late, 0U);
}

TEST_F(Wire, KeepsTheOrderOfAHundredDatagramsBothWays) {
    open();
    const Peer peer;
    heard_.then = [&](const std::string& message, const sip::Source& from) {
        wire_->send({}, sip::back_to(from), message);
    };
    std::vector<std::string> sent;
    for (int i = 0; i < 100; ++i) {
        sent.push_back("message " + std::to_string(i));
        ASSERT_TRUE(peer.send(here_, sent.back()));
    }
    ASSERT_TRUE(run_until_heard(sent.size()));
    EXPECT_EQ(heard_.messages, sent);
    for (const std::string& expected : sent) {
        EXPECT_EQ(peer.receive(), expected);
    }
}

TEST_F(Wire, RunsAfterBatchOncePerBatchAndSendsWhatItSaid) {
    const Peer peer;
    std::vector<std::size_t> heard_at;
    Options options;
    options.datagrams = 4;
    options.after_batch = [&] {
        heard_at.push_back(heard_.messages.size());
        wire_->send({}, target(kCarriers, loopback(peer.port())), "timer");
    };
    open(std::move(options));
    for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(peer.send(here_, "x"));
    }
    ASSERT_TRUE(run_until_heard(10));
    EXPECT_THAT(heard_at, ElementsAre(4, 8, 10));
    EXPECT_EQ(peer.receive(), "timer");
}

TEST_F(Wire, LosesNothingOfTenThousandDatagramsAtAModestRate) {
    open();
    const Peer peer;
    std::size_t sent = 0;
    while (sent < 10'000) {
        for (int i = 0; i < 100; ++i, ++sent) {
            ASSERT_TRUE(peer.send(here_, std::to_string(sent)));
        }
        ASSERT_TRUE(run_until_heard(sent)) << sent;
    }
    EXPECT_EQ(heard_.messages.back(), "9999");
    EXPECT_EQ(wire_->counters().received, 10'000U);
}

TEST_F(Wire, SendsABurstOfFiveThousandFromOutsideABatch) {
    open();
    const Peer peer;
    std::size_t received = 0;
    for (std::uint64_t burst = 1; burst <= 50; ++burst) {
        for (int i = 0; i < 100; ++i) {
            wire_->send({}, target(kCarriers, loopback(peer.port())), "BYE");
        }
        ASSERT_TRUE(run_until([&] { return wire_->counters().sent == burst * 100; }));
        for (int i = 0; i < 100; ++i) {
            received += peer.receive() == "BYE" ? 1 : 0;
        }
    }
    EXPECT_EQ(received, 5000U);
}

TEST_F(Wire, PassesOverKeepAlives) {
    open();
    const Peer peer;
    for (const char* bytes : {"", "\r\n", "\r\n\r\n", "\n"}) {
        ASSERT_TRUE(peer.send(here_, bytes));
    }
    ASSERT_TRUE(peer.send(here_, "\r\nBYE"));
    ASSERT_TRUE(run_until_heard(1));
    EXPECT_THAT(heard_.messages, ElementsAre("\r\nBYE"));
    EXPECT_EQ(wire_->counters().received, 1U);
}

TEST_F(Wire, CarriesTheLargestDatagramBothWays) {
    open();
    const Peer peer;
    const std::string large(65'507, 'x');
    ASSERT_TRUE(peer.send(here_, large));
    ASSERT_TRUE(run_until_heard(1));
    EXPECT_EQ(heard_.messages[0].size(), large.size());
    wire_->send({}, target(kCarriers, loopback(peer.port())), large);
    ASSERT_TRUE(run_until([&] { return wire_->counters().sent == 1; }));
    EXPECT_EQ(peer.receive(), large);
}

TEST_F(Wire, ReportsARefusedDatagramUnderItsOwnKey) {
    open();
    const Peer peer;
    const Endpoint living = loopback(peer.port());
    const Endpoint dead = nobody();
    wire_->send(transaction::Key{1}, target(kCarriers, living), "INVITE branch=1");
    wire_->send(transaction::Key{2}, target(kCarriers, dead), "INVITE branch=2");
    wire_->send(transaction::Key{3}, target(kCarriers, living), "INVITE branch=3");
    EXPECT_THAT(heard_.undeliverable, IsEmpty()) << "reported from within send";
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    run_for(kSilence);
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(2U, Errc::Io)));
    EXPECT_EQ(peer.receive(), "INVITE branch=1");
    EXPECT_EQ(peer.receive(), "INVITE branch=3");
}

TEST_F(Wire, ReportsEveryOneOfManyRefusals) {
    open();
    const Endpoint dead = nobody();
    for (std::uint64_t key = 1; key <= 200; ++key) {
        // Longer than what is compared, and larger than what an ICMP error returns.
        wire_->send(transaction::Key{key}, target(kCarriers, dead),
                    "INVITE branch=" + std::to_string(key) + std::string(1000, ' '));
    }
    ASSERT_TRUE(run_until([&] { return heard_.undeliverable.size() == 200; }))
        << heard_.undeliverable.size();
    std::vector<std::uint64_t> keys;
    for (const auto& [key, code] : heard_.undeliverable) {
        EXPECT_EQ(code, Errc::Io);
        keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
}

TEST_F(Wire, DoesNotTakeAnEarlierDatagramsErrorForTheNextOnes) {
    open();
    const Peer peer;
    wire_->send(transaction::Key{1}, target(kCarriers, nobody()), "refused");
    // Leaves with the turn of the loop after the refused one, before its error was read.
    boost::asio::post(io_, [&] {
        wire_->send(transaction::Key{2}, target(kCarriers, loopback(peer.port())), "next");
    });
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    run_for(kSilence);
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(1U, Errc::Io)));
    EXPECT_EQ(peer.receive(), "next");
}

TEST_F(Wire, KeepsReadingWhileEveryAnswerIsRefused) {
    open();
    const Peer peer;
    const Endpoint dead = nobody();
    heard_.then = [&](const std::string&, const sip::Source&) {
        wire_->send({}, target(kCarriers, dead), "lost");
    };
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(peer.send(here_, "x"));
    }
    EXPECT_TRUE(run_until_heard(100)) << heard_.messages.size();
}

TEST_F(Wire, ReportsWhatTheKernelRefusesLaterAndSendsTheRest) {
    open();
    const Peer peer;
    const Endpoint living = loopback(peer.port());
    wire_->send(transaction::Key{7}, target(kCarriers, living), std::string(66'000, 'x'));
    wire_->send(transaction::Key{8}, target(kCarriers, living), "next");
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(7U, Errc::Io)));
    EXPECT_EQ(peer.receive(), "next");
}

TEST_F(Wire, ReportsTargetsThatNoSocketServes) {
    open();
    sip::Target stream = target(kCarriers, nobody());
    stream.transport = sip::Transport::Tcp;
    wire_->send(transaction::Key{1}, stream, "x");
    wire_->send(transaction::Key{2}, target(kLivekit, nobody()), "x");
    ASSERT_TRUE(run_until([&] { return heard_.undeliverable.size() == 2; }));
    EXPECT_THAT(heard_.undeliverable,
                ElementsAre(std::pair(1U, Errc::Unsupported), std::pair(2U, Errc::Unsupported)));
}

TEST_F(Wire, SendsFromTheInterfaceThatIsAskedFor) {
    Options options;
    options.listen = {
        {.interface = kCarriers, .transport = sip::Transport::Udp, .local = loopback()},
        {.interface = kLivekit, .transport = sip::Transport::Udp, .local = loopback()}};
    open(std::move(options));
    const Endpoint livekit = wire_->local(kLivekit, sip::Transport::Udp);
    ASSERT_NE(livekit, here_);
    wire_->send({}, target(kLivekit, here_), "INVITE");
    ASSERT_TRUE(run_until_heard(1));
    EXPECT_EQ(heard_.sources[0].peer, livekit);
    EXPECT_EQ(heard_.sources[0].interface, kCarriers);
}

/// A flood on one listener holds up what comes to another for eight batches, not until it ends.
TEST_F(Wire, TurnsToOtherListenersAfterEightBatches) {
    constexpr std::size_t kBatch = 4;
    constexpr std::size_t kFlood = 30 * kBatch;
    Options options;
    options.datagrams = kBatch;
    for (const InterfaceId interface : {kCarriers, kLivekit}) {
        options.listen.push_back(
            {.interface = interface, .transport = sip::Transport::Udp, .local = loopback()});
    }
    open(std::move(options));
    const Endpoint there = wire_->local(kLivekit, sip::Transport::Udp);
    const Peer peer;
    for (const auto& [flooded, other] : {std::pair(here_, there), std::pair(there, here_)}) {
        heard_.messages.clear();
        for (std::size_t i = 0; i < kFlood; ++i) {
            ASSERT_TRUE(peer.send(flooded, "flood"));
        }
        ASSERT_TRUE(peer.send(other, "other"));
        ASSERT_TRUE(run_until_heard(kFlood + 1));
        const auto at = std::find(heard_.messages.begin(), heard_.messages.end(), "other");
        EXPECT_LE(at - heard_.messages.begin(), static_cast<std::ptrdiff_t>(8 * kBatch));
    }
}

TEST_F(Wire, NamesTheAddressAndTheProcessThatHoldsIt) {
    const Peer holder;
    const Peer other;
    Options options;
    options.listen = {
        {.interface = kCarriers,
         .transport = sip::Transport::Udp,
         .local = loopback(holder.port())},
        {.interface = kLivekit, .transport = sip::Transport::Udp, .local = loopback(other.port())}};
    const auto made = make_wire(io_, std::move(options), heard_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::Io);
    for (const Peer* taken : {&holder, &other}) {
        EXPECT_THAT(made.error().what,
                    HasSubstr("127.0.0.1:" + std::to_string(taken->port()) + "/udp is in use by"));
    }
    EXPECT_THAT(made.error().what, HasSubstr("(pid " + std::to_string(::getpid()) + ")"));
}

TEST_F(Wire, SaysWhyAnAddressCannotBeBound) {
    Options options;
    options.listen = {{.interface = kCarriers,
                       .transport = sip::Transport::Udp,
                       .local = {.ip = IpAddress::v4(192, 0, 2, 1), .port = 5060}}};
    const auto made = make_wire(io_, std::move(options), heard_);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().what, HasSubstr("192.0.2.1:5060/udp: "));
}

TEST_F(Wire, SpeaksIpv6) {
    const Peer peer(AF_INET6);
    if (!peer.is_bound()) {
        GTEST_SKIP() << "::1 is not configured here";
    }
    IpAddress one;
    one.bytes[15] = 1;
    Options options;
    options.listen = {{.interface = kCarriers,
                       .transport = sip::Transport::Udp,
                       .local = {.ip = one, .port = 0}}};
    open(std::move(options));
    ASSERT_TRUE(peer.send(here_, "OPTIONS"));
    ASSERT_TRUE(run_until_heard(1));
    EXPECT_EQ(heard_.sources[0].peer, (Endpoint{.ip = one, .port = peer.port()}));
    wire_->send(transaction::Key{1}, target(kCarriers, heard_.sources[0].peer), "200");
    wire_->send(transaction::Key{2}, target(kCarriers, {.ip = one, .port = Peer(AF_INET6).port()}),
                "refused");
    ASSERT_TRUE(run_until([&] { return !heard_.undeliverable.empty(); }));
    EXPECT_THAT(heard_.undeliverable, ElementsAre(std::pair(2U, Errc::Io)));
    EXPECT_EQ(peer.receive(), "200");
}

TEST_F(Wire, DeliversNothingAfterItWasClosed) {
    open();
    const Peer peer;
    heard_.then = [&](const std::string&, const sip::Source&) { wire_->close(); };
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(peer.send(here_, "x"));
    }
    ASSERT_TRUE(run_until_heard(1));
    wire_->send(transaction::Key{1}, target(kCarriers, nobody()), "x");
    run_for(kSilence);
    EXPECT_EQ(heard_.messages.size(), 1U);
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
    EXPECT_EQ(io_.poll(), 0U) << "something is still waited for";
}

TEST_F(Wire, SendsWhatWasSaidBeforeItWasClosed) {
    open();
    const Peer peer;
    wire_->send({}, target(kCarriers, loopback(peer.port())), "BYE");
    wire_->close();
    EXPECT_EQ(peer.receive(), "BYE");
}

TEST_F(Wire, MayBeDestroyedWithWorkOutstanding) {
    open();
    const Peer peer;
    ASSERT_TRUE(peer.send(here_, "x"));
    wire_->send(transaction::Key{1}, target(kCarriers, nobody()), "x");
    wire_.reset();
    run_for(kSilence);
    EXPECT_THAT(heard_.messages, IsEmpty());
    EXPECT_THAT(heard_.undeliverable, IsEmpty());
}

}  // namespace
}  // namespace causeway::transport
