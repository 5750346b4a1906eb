#include "causeway/relay/relay.hpp"

#include "support/fake_relay.hpp"
#include "support/sockaddr.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::relay {
namespace {

using port::MediaRelay;
using test::rtp_packet;
using test::SockAddr;
using Bytes = std::vector<std::byte>;

constexpr InterfaceId kCarriers{1};
constexpr InterfaceId kPublic{2};
// Below the ephemeral range; what others hold of it is passed over.
constexpr std::uint16_t kFirst = 23000;
constexpr std::uint16_t kLast = 23999;
constexpr Millis kPatience{5000};  ///< for what must happen
constexpr Millis kQuiet{60};       ///< for what must not

const IpAddress kRelayIp = IpAddress::v4(127, 0, 0, 1);

class SteadyClock final : public port::Clock {
public:
    [[nodiscard]] Time now() const noexcept override { return std::chrono::steady_clock::now(); }
    [[nodiscard]] WallTime wall() const noexcept override {
        return std::chrono::duration_cast<WallTime>(
            std::chrono::system_clock::now().time_since_epoch());
    }
};

/// A clock on which a relay thread can be made to hang, as if the machine had been away.
class HangingClock final : public port::Clock {
public:
    [[nodiscard]] Time now() const noexcept override {
        if (std::this_thread::get_id() != owner_) {
            std::unique_lock lock(mutex_);
            is_hanging_ = hangs_;
            changed_.notify_all();
            changed_.wait(lock, [this] { return !hangs_; });
            is_hanging_ = false;
        }
        return std::chrono::steady_clock::now() + Millis(lag_.load());
    }
    [[nodiscard]] WallTime wall() const noexcept override { return {}; }

    /// Returns when the other thread hangs.
    void hang() {
        std::unique_lock lock(mutex_);
        hangs_ = true;
        changed_.wait(lock, [this] { return is_hanging_; });
    }
    void go_on_after(Millis lag) {
        const std::lock_guard lock(mutex_);
        lag_ += lag.count();
        hangs_ = false;
        changed_.notify_all();
    }

private:
    const std::thread::id owner_{std::this_thread::get_id()};
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    mutable bool is_hanging_{};
    bool hangs_{};
    std::atomic<std::int64_t> lag_{};
};

/// A UDP phone on a loopback address, any port.
class Phone {
public:
    explicit Phone(std::uint8_t host, std::uint16_t port = 0)
        : Phone(Endpoint{IpAddress::v4(127, 0, 0, host), port}) {}
    explicit Phone(const IpAddress& ip) : Phone(Endpoint{ip, 0}) {}
    explicit Phone(const Endpoint& wanted) {
        SockAddr address(wanted);
        fd_ = ::socket(address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
        EXPECT_EQ(::bind(fd_, address.get(), *address.size()), 0);
        EXPECT_EQ(::getsockname(fd_, address.get(), address.size()), 0);
        at_ = address.endpoint();
    }
    ~Phone() { ::close(fd_); }
    Phone(const Phone&) = delete;
    Phone& operator=(const Phone&) = delete;

    [[nodiscard]] const Endpoint& at() const { return at_; }

    void send(const Endpoint& to, const Bytes& packet) const {
        SockAddr address(to);
        (void)::sendto(fd_, packet.data(), packet.size(), 0, address.get(), *address.size());
    }
    /// DSCP of the next packet.
    [[nodiscard]] std::optional<int> receive_mark(Millis patience) const {
        const int on = 1;
        (void)::setsockopt(fd_, IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
        pollfd waited{fd_, POLLIN, 0};
        if (::poll(&waited, 1, static_cast<int>(patience.count())) <= 0) {
            return std::nullopt;
        }
        alignas(cmsghdr) std::array<char, 64> control{};
        msghdr message{};
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        if (::recvmsg(fd_, &message, 0) < 0) {
            return std::nullopt;
        }
        const cmsghdr* header = CMSG_FIRSTHDR(&message);
        return header == nullptr ? std::nullopt : std::optional(*CMSG_DATA(header) >> 2);
    }
    [[nodiscard]] std::optional<Bytes> receive(Millis patience) const {
        pollfd waited{fd_, POLLIN, 0};
        if (::poll(&waited, 1, static_cast<int>(patience.count())) <= 0) {
            return std::nullopt;
        }
        Bytes packet(2048);
        const ssize_t size = ::recv(fd_, packet.data(), packet.size(), 0);
        packet.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return packet;
    }

private:
    int fd_{-1};
    Endpoint at_;
};

class RelayIntegration : public testing::Test, private MediaRelay::Listener {
protected:
    void SetUp() override { start({}); }

    void start(Options options) { start(std::move(options), clock_); }
    void start(Options options, const port::Clock& clock) {
        relay_.reset();
        if (options.interfaces.empty()) {
            options.interfaces = {{kCarriers, kRelayIp, kRelayIp, kFirst, kFirst + 499},
                                  {kPublic, kRelayIp, kRelayIp, kFirst + 500, kLast}};
        }
        if (options.threads == 0) {
            options.threads = 2;
        }
        auto made = make_relay(options, *this, clock);
        ASSERT_TRUE(made) << made.error().what;
        relay_ = std::move(*made);
    }

    static MediaRelay::Side side_of(const Phone& phone) {
        MediaRelay::Side side;
        side.peer = phone.at();
        side.rtcp = {phone.at().ip, static_cast<std::uint16_t>(phone.at().port + 1)};
        side.signalling = phone.at().ip;
        side.payload_types = {8, 101};
        return side;
    }

    /// Pumps until it is so, or patience ends.
    bool await(const std::function<bool()>& is_so, Millis patience = kPatience) {
        const Time deadline = clock_.now() + patience;
        while (!is_so()) {
            const auto left = std::chrono::duration_cast<Millis>(deadline - clock_.now());
            if (left.count() <= 0) {
                return false;
            }
            pollfd waited{relay_->fd(), POLLIN, 0};
            (void)::poll(&waited, 1, static_cast<int>(left.count()));
            relay_->pump();
        }
        return true;
    }
    MediaRelay::Stats close(FlowId flow) {
        const std::size_t before = closed_.size();
        relay_->close(1, flow);
        EXPECT_TRUE(await([&] { return closed_.size() > before; }));
        return closed_.empty() ? MediaRelay::Stats{} : closed_.back().second;
    }
    /// Sends until one arrives: commands and packets race only at the very start.
    static bool passes(const Phone& from, const Endpoint& to, const Phone& hearer) {
        for (std::uint16_t i = 0; i < 100; ++i) {
            from.send(to, rtp_packet(8, i, i * 160U, from.at().port));
            if (hearer.receive(Millis(50))) {
                return true;
            }
        }
        return false;
    }
    /// `count` packets, each of which must arrive unchanged.
    static void talk(const Phone& from, const Endpoint& to, const Phone& hearer, int count) {
        for (int i = 0; i < count; ++i) {
            const auto sequence = static_cast<std::uint16_t>(1000 + i);
            const Bytes packet = rtp_packet(8, sequence, sequence * 160U, from.at().port);
            from.send(to, packet);
            ASSERT_EQ(hearer.receive(kPatience), packet) << i;
        }
    }

    SteadyClock clock_;
    std::unique_ptr<Relay> relay_;
    std::vector<std::pair<Ticket, MediaRelay::Stats>> closed_;
    std::vector<std::pair<FlowId, MediaRelay::Stats>> counted_;
    std::vector<std::pair<FlowId, MediaRelay::End>> silent_;

private:
    void on_closed(Ticket ticket, const MediaRelay::Stats& stats) override {
        closed_.emplace_back(ticket, stats);
    }
    void on_counted(FlowId flow, const MediaRelay::Stats& stats) override {
        counted_.emplace_back(flow, stats);
    }
    void on_silent(FlowId flow, MediaRelay::End end) override { silent_.emplace_back(flow, end); }
};

TEST_F(RelayIntegration, CarriesAudioBothWays) {
    const Phone carrier(2);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened) << opened.error().what;
    EXPECT_EQ(opened->a_side.port % 2, 0);
    relay_->connect(opened->flow, side_of(carrier), side_of(livekit));

    ASSERT_TRUE(passes(carrier, opened->a_side, livekit));
    ASSERT_TRUE(passes(livekit, opened->b_side, carrier));
    talk(carrier, opened->a_side, livekit, 50);
    talk(livekit, opened->b_side, carrier, 50);

    relay_->count(opened->flow);
    relay_->count(FlowId{99});
    ASSERT_TRUE(await([&] { return !counted_.empty(); }));
    EXPECT_EQ(counted_.front().first, opened->flow);
    EXPECT_GE(counted_.front().second.a.packets, 51U);
    talk(carrier, opened->a_side, livekit, 5);

    const MediaRelay::Stats stats = close(opened->flow);
    EXPECT_EQ(stats.a.packets, counted_.front().second.a.packets + 5) << "it went on counting";
    EXPECT_EQ(counted_.size(), 1U);
    EXPECT_GE(stats.a.forwarded, 51U);
    EXPECT_GE(stats.b.forwarded, 51U);
    EXPECT_EQ(stats.a.bytes, stats.a.packets * 172U);
    EXPECT_GE(relay_->totals().interfaces[0].packets, 51U);
}

/// Both ends by IPv6, and one end of each family, as where a carrier and a gateway differ.
class RelayFamilies : public RelayIntegration,
                      public testing::WithParamInterface<std::pair<IpAddress, IpAddress>> {};

TEST_P(RelayFamilies, CarryLearnAndLockAsIpv4Does) {
    const auto [a_ip, b_ip] = GetParam();
    Options options;
    options.interfaces = {{kCarriers, a_ip, a_ip, kFirst, kFirst + 499},
                          {kPublic, b_ip, b_ip, kFirst + 500, kLast}};
    start(options);
    const Phone said(a_ip);
    const Phone mapped(a_ip);  // where leg a really is: another port
    const Phone livekit(b_ip);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened) << opened.error().what;
    EXPECT_EQ(opened->a_side.ip, a_ip);
    EXPECT_EQ(opened->b_side.ip, b_ip);
    relay_->connect(opened->flow, side_of(said), side_of(livekit));

    ASSERT_TRUE(passes(livekit, opened->b_side, said)) << "until the lock, at its SDP address";
    ASSERT_TRUE(passes(mapped, opened->a_side, livekit));
    talk(mapped, opened->a_side, livekit, 10);
    talk(livekit, opened->b_side, mapped, 10);
    said.send(opened->a_side, rtp_packet(8, 1, 0, 667));
    EXPECT_EQ(livekit.receive(kQuiet), std::nullopt) << "it is locked";
    const MediaRelay::Stats stats = close(opened->flow);
    EXPECT_GE(stats.a.forwarded, 11U);
    EXPECT_GE(stats.b.forwarded, 11U);
}

INSTANTIATE_TEST_SUITE_P(
    Ipv6, RelayFamilies,
    testing::Values(std::pair(*IpAddress::parse("::1"), *IpAddress::parse("::1")),
                    std::pair(IpAddress::v4(127, 0, 0, 1), *IpAddress::parse("::1")),
                    std::pair(*IpAddress::parse("::1"), IpAddress::v4(127, 0, 0, 1))));

TEST_F(RelayIntegration, MarksPacketsOfPortsBoundAfterAChange) {
    constexpr int kExpedited = 46;
    const Phone carrier(2);
    const Phone livekit(3);
    const auto before = relay_->open(kCarriers, kPublic);
    relay_->mark(8);
    const auto after = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(before && after);
    for (const auto& [opened, want] : {std::pair(*before, kExpedited), std::pair(*after, 8)}) {
        relay_->connect(opened.flow, side_of(carrier), side_of(livekit));
        ASSERT_TRUE(passes(carrier, opened.a_side, livekit));
        std::optional<int> mark;
        for (std::uint16_t i = 200; i < 300 && mark != want; ++i) {
            carrier.send(opened.a_side, rtp_packet(8, i, i * 160U, carrier.at().port));
            mark = livekit.receive_mark(kPatience);
        }
        EXPECT_EQ(mark, want);
        (void)close(opened.flow);
    }
}

TEST_F(RelayIntegration, ShowsWhetherItsThreadsMove) {
    HangingClock clock;
    start({}, clock);
    const Phone pause(2);
    const auto moves_within = [&](int looks) {
        for (int i = 0; i < looks; ++i) {
            (void)pause.receive(Millis{250});  // more than two rounds
            if (relay_->has_moved()) {
                return true;
            }
        }
        return false;
    };
    EXPECT_TRUE(moves_within(20));
    clock.hang();
    (void)relay_->has_moved();  // up to here perhaps
    EXPECT_FALSE(moves_within(2));
    clock.go_on_after(Millis{0});
    EXPECT_TRUE(moves_within(20));
    relay_.reset();  // before its clock
}

TEST_F(RelayIntegration, AdoptsTheVeryPortsThatACallHad) {
    const Phone carrier(2);
    const Phone livekit(3);
    const auto before = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(before);
    const std::uint16_t a = before->a_side.port;
    const std::uint16_t b = before->b_side.port;
    EXPECT_FALSE(relay_->adopt(kCarriers, a, kPublic, b)) << "in use";
    (void)close(before->flow);
    const auto adopted = relay_->adopt(kCarriers, a, kPublic, b);
    ASSERT_TRUE(adopted) << adopted.error().what;
    EXPECT_EQ(adopted->a_side, before->a_side);
    EXPECT_EQ(adopted->b_side, before->b_side);
    relay_->connect(adopted->flow, side_of(carrier), side_of(livekit));
    ASSERT_TRUE(passes(carrier, adopted->a_side, livekit));
    (void)close(adopted->flow);
    EXPECT_EQ(relay_->usage(kCarriers).in_use, 0U);
}

TEST_F(RelayIntegration, FollowsASourceBehindANatAndThenNobodyElse) {
    const Phone carrier(2);
    const Phone mapped(2);  // same address, another port
    const Phone stranger(9);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_->connect(opened->flow, side_of(carrier), side_of(livekit));

    // Until the lock leg a hears at its SDP address.
    ASSERT_TRUE(passes(livekit, opened->b_side, carrier));
    talk(mapped, opened->a_side, livekit, 4);
    talk(livekit, opened->b_side, mapped, 10);

    for (std::uint16_t i = 0; i < 10; ++i) {
        stranger.send(opened->a_side, rtp_packet(8, i, 0, 666));
        carrier.send(opened->a_side, rtp_packet(8, i, 0, 667));
    }
    EXPECT_EQ(livekit.receive(kQuiet), std::nullopt);
    talk(mapped, opened->a_side, livekit, 10);

    const MediaRelay::Stats stats = close(opened->flow);
    EXPECT_EQ(stats.a.packets, 14U);
}

TEST_F(RelayIntegration, CountsStrangersWhileLearning) {
    const Phone carrier(2);
    const Phone stranger(9);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_->connect(opened->flow, side_of(carrier), side_of(livekit));
    ASSERT_TRUE(passes(livekit, opened->b_side, carrier));

    for (std::uint16_t i = 0; i < 5; ++i) {
        stranger.send(opened->a_side, rtp_packet(8, i, 0, 666));
    }
    EXPECT_EQ(livekit.receive(kQuiet), std::nullopt);
    const MediaRelay::Stats stats = close(opened->flow);
    EXPECT_EQ(stats.a.dropped[static_cast<std::size_t>(rtp::Drop::UnknownSource)], 5U);
}

TEST_F(RelayIntegration, LearnsAgainFromNewSdp) {
    const Phone before(2);
    const Phone after(4);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_->connect(opened->flow, side_of(before), side_of(livekit));
    ASSERT_TRUE(passes(before, opened->a_side, livekit));
    talk(before, opened->a_side, livekit, 5);

    relay_->connect(opened->flow, side_of(after), side_of(livekit));
    ASSERT_TRUE(passes(livekit, opened->b_side, after));
    talk(after, opened->a_side, livekit, 5);
    talk(livekit, opened->b_side, after, 5);
    before.send(opened->a_side, rtp_packet(8, 1, 0, 1));
    EXPECT_EQ(livekit.receive(kQuiet), std::nullopt);
}

TEST_F(RelayIntegration, RelaysRtcpWhereBothEndsTakePart) {
    const Phone carrier(2);
    const Phone carrier_rtcp(2);
    const Phone livekit(3);
    const Phone livekit_rtcp(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    auto a = side_of(carrier);
    a.rtcp = carrier_rtcp.at();
    auto b = side_of(livekit);
    b.rtcp = livekit_rtcp.at();
    relay_->connect(opened->flow, a, b);
    ASSERT_TRUE(passes(carrier, opened->a_side, livekit));

    const Endpoint a_rtcp{kRelayIp, static_cast<std::uint16_t>(opened->a_side.port + 1)};
    const Endpoint b_rtcp{kRelayIp, static_cast<std::uint16_t>(opened->b_side.port + 1)};
    const Bytes report{std::byte{0x80}, std::byte{201}, std::byte{0}, std::byte{1},
                       std::byte{0},    std::byte{0},   std::byte{0}, std::byte{7}};
    livekit_rtcp.send(b_rtcp, report);
    EXPECT_EQ(carrier_rtcp.receive(kPatience), report);
    carrier_rtcp.send(a_rtcp, report);
    EXPECT_EQ(livekit_rtcp.receive(kPatience), report);
    EXPECT_EQ(close(opened->flow).a.rtcp, 1U);
}

TEST_F(RelayIntegration, BindsNoRtcpPortWhereOneEndTakesNoPart) {
    const Phone carrier(2);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    auto b = side_of(livekit);
    b.wants_rtcp = false;
    relay_->connect(opened->flow, side_of(carrier), b);
    ASSERT_TRUE(passes(carrier, opened->a_side, livekit));
    ASSERT_TRUE(passes(livekit, opened->b_side, carrier));

    constexpr std::uint8_t kOctet = 1;
    ASSERT_EQ(kRelayIp, IpAddress::v4(127, 0, 0, kOctet));
    const Phone a_rtcp(kOctet, static_cast<std::uint16_t>(opened->a_side.port + 1));
    const Phone b_rtcp(kOctet, static_cast<std::uint16_t>(opened->b_side.port + 1));
    EXPECT_EQ(a_rtcp.at().port, opened->a_side.port + 1);  // it was there for the taking
    close(opened->flow);
}

TEST_F(RelayIntegration, KeepsNoRtcpPortWhereTheOtherCannotBeBound) {
    const Phone carrier(2);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    constexpr std::uint8_t kOctet = 1;
    const Phone b_rtcp(kOctet, static_cast<std::uint16_t>(opened->b_side.port + 1));
    relay_->connect(opened->flow, side_of(carrier), side_of(livekit));
    ASSERT_TRUE(passes(carrier, opened->a_side, livekit));
    ASSERT_TRUE(passes(livekit, opened->b_side, carrier));
    const Phone a_rtcp(kOctet, static_cast<std::uint16_t>(opened->a_side.port + 1));
    EXPECT_EQ(a_rtcp.at().port, opened->a_side.port + 1);  // nobody could have been heard on it
    close(opened->flow);
}

TEST_F(RelayIntegration, ReportsALegThatHasFallenSilent) {
    const Phone carrier(2);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    auto a = side_of(carrier);
    a.media_timeout = Millis(150);
    relay_->connect(opened->flow, a, side_of(livekit));
    ASSERT_TRUE(await([&] { return !silent_.empty(); }));
    EXPECT_EQ(silent_[0], std::pair(opened->flow, MediaRelay::End::A));
}

TEST_F(RelayIntegration, DropsWhatHasQueuedUpDuringAStall) {
    HangingClock clock;
    Options options;
    options.threads = 1;
    start(options, clock);
    const Phone carrier(2);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_->connect(opened->flow, side_of(carrier), side_of(livekit));
    ASSERT_TRUE(passes(carrier, opened->a_side, livekit));

    clock.hang();
    for (std::uint16_t i = 200; i < 220; ++i) {
        carrier.send(opened->a_side, rtp_packet(8, i, i * 160U, carrier.at().port));
    }
    clock.go_on_after(Millis(1000));
    EXPECT_EQ(livekit.receive(kQuiet), std::nullopt);
    talk(carrier, opened->a_side, livekit, 5);

    const MediaRelay::Stats stats = close(opened->flow);
    EXPECT_EQ(stats.a.dropped[static_cast<std::size_t>(rtp::Drop::NotSent)], 20U);
    relay_.reset();  // before its clock
}

TEST_F(RelayIntegration, OpensAndClosesManyFlowsAndKeepsNothing) {
    for (int round = 0; round < 3; ++round) {
        std::vector<FlowId> flows;
        for (int i = 0; i < 200; ++i) {
            const auto opened = relay_->open(kCarriers, kPublic);
            ASSERT_TRUE(opened) << opened.error().what;
            flows.push_back(opened->flow);
        }
        EXPECT_EQ(relay_->usage(kCarriers).in_use, 200U);
        closed_.clear();
        for (std::size_t i = 0; i < flows.size(); ++i) {
            relay_->close(i, flows[i]);
        }
        ASSERT_TRUE(await([&] { return closed_.size() == flows.size(); }));
        EXPECT_EQ(relay_->usage(kCarriers).in_use, 0U);
        EXPECT_EQ(relay_->usage(kPublic).in_use, 0U);
    }
}

TEST_F(RelayIntegration, LosesNoCommandWhenAMailboxIsFull) {
    Options options;
    options.threads = 1;
    options.mailbox = 2;
    start(options);
    const Phone carrier(2);
    const Phone livekit(3);
    std::vector<FlowId> flows;
    ASSERT_TRUE(await([&] {
        while (flows.size() < 100) {
            const auto opened = relay_->open(kCarriers, kPublic);
            if (!opened) {
                EXPECT_EQ(opened.error().code, Errc::Exhausted);
                break;
            }
            flows.push_back(opened->flow);
            relay_->connect(opened->flow, side_of(carrier), side_of(livekit));
        }
        return flows.size() == 100;
    }));
    for (std::size_t i = 0; i < flows.size(); ++i) {
        relay_->close(i, flows[i]);
        relay_->close(1000 + i, flows[i]);  // answered as unknown
    }
    ASSERT_TRUE(await([&] { return closed_.size() == 2 * flows.size(); }));
    EXPECT_EQ(relay_->usage(kCarriers).in_use, 0U);
}

TEST_F(RelayIntegration, PassesOverPortsThatOthersHold) {
    const Phone other(1, kFirst + 500);
    Options options;
    options.interfaces = {{kCarriers, kRelayIp, kRelayIp, kFirst, kFirst + 499},
                          {kPublic, kRelayIp, kRelayIp, kFirst + 500, kFirst + 503}};
    start(options);
    const auto first = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_EQ(first->b_side.port, kFirst + 502);

    const auto second = relay_->open(kCarriers, kPublic);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Exhausted);
    EXPECT_EQ(relay_->usage(kCarriers).in_use, 1U);
    close(first->flow);
    EXPECT_TRUE(relay_->open(kCarriers, kPublic));
}

TEST_F(RelayIntegration, AnswersForUnknownFlows) {
    relay_->connect(FlowId{99}, {}, {});
    relay_->close(5, FlowId{99});
    ASSERT_TRUE(await([&] { return closed_.size() == 1; }));
    EXPECT_EQ(closed_[0].first, 5U);
    EXPECT_EQ(relay_->open(InterfaceId{9}, kPublic).error().code, Errc::NotFound);
}

TEST_F(RelayIntegration, EndsWithCallsInProgress) {
    const Phone carrier(2);
    const Phone livekit(3);
    const auto opened = relay_->open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_->connect(opened->flow, side_of(carrier), side_of(livekit));
    ASSERT_TRUE(passes(carrier, opened->a_side, livekit));
    relay_.reset();
    EXPECT_NO_FATAL_FAILURE(Phone(1, opened->a_side.port));  // the port is free
}

}  // namespace
}  // namespace causeway::relay
