// Whole calls over TCP on both sides, through the running daemon; and what strangers get.
#include "stream_peer.hpp"
#include "support/ua/daemon_bench.hpp"
#include "support/world/peer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace causeway::testing {
namespace {

constexpr Millis kPatience{5000};

/// A peer at the end of a TCP connection.
class TcpParty {
public:
    TcpParty(StreamPeer stream, const Endpoint& address)
        : stream_(std::move(stream)),
          peer_(address, stream_.remote(),
                [this](const Endpoint&, const Endpoint&, std::string text) {
                    const std::size_t at = text.find("SIP/2.0/UDP");
                    if (at != std::string::npos) {
                        text.replace(at, 11, "SIP/2.0/TCP");
                    }
                    EXPECT_TRUE(stream_.send(text));
                }) {}

    /// Hands on what has come.
    Peer& look() {
        const std::string& got = stream_.got();
        for (;;) {
            const std::size_t head = got.find("\r\n\r\n", at_);
            const auto message = head == std::string::npos
                                     ? std::nullopt
                                     : SipText::parse(got.substr(at_, head + 4 - at_));
            if (!message) {
                return peer_;
            }
            const std::size_t size =
                head + 4 - at_ + std::stoul(std::string(message->header("Content-Length")));
            if (got.size() < at_ + size) {
                return peer_;
            }
            peer_.deliver(got.substr(at_, size));
            at_ += size;
        }
    }
    StreamPeer& stream() { return stream_; }

private:
    StreamPeer stream_;
    std::size_t at_{};
    Peer peer_;
};

class TcpCalls : public ::testing::Test {
protected:
    void start(const std::vector<Endpoint>& before = {}, const std::string& kind = "livekit",
               const std::string& descriptors = {}) {
        DaemonBench::Options options;
        options.descriptors = descriptors;
        options.causeway = CAUSEWAY_DAEMON;
        options.gateways = before;
        options.gateways.push_back(server.local());
        options.gateway_params = ";transport=tcp";
        options.gateway_kind = kind;
        const auto started = bench.start(options);
        ASSERT_TRUE(started) << started.error().what;
        carrier = std::make_unique<TcpParty>(
            StreamPeer::connect(bench.listener(), {bench.carrier_ip(), 0}), carrier_server.local());
        ASSERT_TRUE(carrier->stream().is_open());
    }
    void TearDown() override {
        if (bench.is_running()) {
            EXPECT_EQ(bench.stop(), 0) << bench.log();
        }
        if (HasFailure()) {
            std::cerr << bench.log();
        }
    }
    template <class F>
    bool until(F is_done) {
        return bench.loop().run(kPatience, is_done);
    }
    void call() {
        invite = *SipText::parse(an_invite()
                                     .to("0301234567")
                                     .source(carrier_server.local())
                                     .sdp(an_sdp({.rtp = {bench.carrier_ip(), 4000}}))
                                     .text());
        carrier->look().send(invite.bytes);
        StreamPeer stream(-1);
        ASSERT_TRUE(until([&] { return stream.is_open() || (stream = server.accept()).is_open(); }))
            << "no connection to the gateway";
        gateway = std::make_unique<TcpParty>(std::move(stream), server.local());
        ASSERT_TRUE(until([&] { return gateway->look().count("INVITE") == 1; }));
        leg_b = gateway->look().last("INVITE");
    }
    /// A call whose gateway says 180 and goes, as a process does that is killed.
    void ring_and_die(const StreamServer& at) {
        invite = *SipText::parse(an_invite()
                                     .to("0301234567")
                                     .source(carrier_server.local())
                                     .sdp(an_sdp({.rtp = {bench.carrier_ip(), 4000}}))
                                     .text());
        carrier->look().send(invite.bytes);
        StreamPeer stream(-1);
        ASSERT_TRUE(until([&] { return stream.is_open() || (stream = at.accept()).is_open(); }));
        TcpParty dying(std::move(stream), at.local());
        ASSERT_TRUE(until([&] { return dying.look().count("INVITE") == 1; }));
        dying.look().reply(dying.look().last("INVITE"), 180, "Ringing", "first");
        ASSERT_TRUE(until([&] { return carrier->look().count(180) == 1; }));
        dying.stream().close();
    }
    void answer() {
        gateway->look().reply(leg_b, 180, "Ringing", "gw");
        gateway->look().reply(leg_b, 200, "OK", "gw", an_sdp({.rtp = {server.local().ip, 4000}}));
        ASSERT_TRUE(until([&] { return carrier->look().count(200) == 1; }));
        ok = carrier->look().last(200);
        carrier->look().ack(invite, ok);
        ASSERT_TRUE(until([&] { return gateway->look().count("ACK") == 1; }));
    }
    bool ended(const std::string& side) {
        return until([&] { return bench.cdrs().size() == 1; }) &&
               bench.cdrs()[0].find("\"side\":\"" + side + "\"") != std::string::npos;
    }

    DaemonBench bench;
    StreamServer server{{DaemonBench::address(20), 0}};
    StreamServer carrier_server{{DaemonBench::address(10), 0}};
    std::unique_ptr<TcpParty> carrier;
    std::unique_ptr<TcpParty> gateway;
    SipText invite;
    SipText leg_b;
    SipText ok;
};

TEST_F(TcpCalls, AreAnsweredAndEndedByTheCarrier) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(call());
    EXPECT_EQ(gateway->stream().remote(), bench.livekit_listener());
    const std::string us = bench.livekit_listener().to_string();
    EXPECT_EQ(leg_b.header("Contact"), "<sip:" + us + ";transport=tcp>");
    EXPECT_EQ(leg_b.header("Via").substr(0, 12 + us.size()), "SIP/2.0/TCP " + us);
    ASSERT_NO_FATAL_FAILURE(answer());
    EXPECT_EQ(ok.header("Contact"), "<sip:" + bench.listener().to_string() + ";transport=tcp>");
    carrier->look().request("BYE", invite, ok, 2);
    ASSERT_TRUE(until([&] { return gateway->look().count("BYE") == 1; }));
    gateway->look().reply(gateway->look().last("BYE"), 200, "OK");
    ASSERT_TRUE(until([&] { return carrier->look().last(200).method() == "BYE"; }));
    EXPECT_TRUE(ended("a"));
    EXPECT_EQ(gateway->look().count("INVITE"), 1U) << "repeated over TCP";
}

TEST_F(TcpCalls, EndByTheGatewaysByeOnTheConnectionThatWeOpened) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(call());
    ASSERT_NO_FATAL_FAILURE(answer());
    gateway->look().request_as_callee("BYE", leg_b, "gw", 1);
    ASSERT_TRUE(until([&] { return gateway->look().count(200) == 1; }));
    ASSERT_TRUE(until([&] { return carrier->look().count("BYE") == 1; }))
        << "not on the carrier's own connection";
    EXPECT_TRUE(ended("b"));
}

TEST_F(TcpCalls, EndByAByeOnANewConnectionFromWherever) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(call());
    ASSERT_NO_FATAL_FAILURE(answer());
    // A cloud's BYE may come from an address that nobody knows.
    TcpParty stranger(StreamPeer::connect(bench.livekit_listener(), {DaemonBench::address(66), 0}),
                      {DaemonBench::address(66), 5060});
    ASSERT_TRUE(stranger.stream().is_open());
    stranger.look().request_as_callee("BYE", leg_b, "gw", 1);
    ASSERT_TRUE(until([&] { return stranger.look().count(200) == 1; }));
    EXPECT_TRUE(ended("b"));
}

TEST_F(TcpCalls, GetTheirByeOnANewConnectionIfTheOldOneWasClosed) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(call());
    ASSERT_NO_FATAL_FAILURE(answer());
    gateway->stream().close();
    carrier->look().request("BYE", invite, ok, 2);
    StreamPeer again(-1);
    ASSERT_TRUE(until([&] { return again.is_open() || (again = server.accept()).is_open(); }));
    TcpParty second(std::move(again), server.local());
    EXPECT_TRUE(until([&] { return second.look().count("BYE") == 1; }));
    EXPECT_TRUE(ended("a"));
}

TEST_F(TcpCalls, GoToTheNextGatewayAtOnceIfTheFirstRefusesTheConnection) {
    const Endpoint refusing = StreamServer({DaemonBench::address(21), 0}).local();
    ASSERT_NO_FATAL_FAILURE(start({refusing}));
    const Time begun = SocketLoop::now();
    ASSERT_NO_FATAL_FAILURE(call());
    EXPECT_LT(SocketLoop::now() - begun, Millis{1000}) << "it waited for a timer";
    ASSERT_NO_FATAL_FAILURE(answer());
    carrier->look().request("BYE", invite, ok, 2);
    EXPECT_TRUE(ended("a"));
}

TEST_F(TcpCalls, GoToTheNextGatewayAtOnceIfARingingOneDies) {
    const StreamServer first({DaemonBench::address(21), 0});
    ASSERT_NO_FATAL_FAILURE(start({first.local()}));
    ring_and_die(first);
    StreamPeer stream(-1);
    const Time begun = SocketLoop::now();
    ASSERT_TRUE(until([&] { return stream.is_open() || (stream = server.accept()).is_open(); }));
    EXPECT_LT(SocketLoop::now() - begun, Millis{1000}) << "it waited for a timer";
    gateway = std::make_unique<TcpParty>(std::move(stream), server.local());
    ASSERT_TRUE(until([&] { return gateway->look().count("INVITE") == 1; }));
    leg_b = gateway->look().last("INVITE");
    ASSERT_NO_FATAL_FAILURE(answer());
    carrier->look().request("BYE", invite, ok, 2);
    EXPECT_TRUE(ended("a"));
}

TEST_F(TcpCalls, EndAtOnceIfARingingGatewayOfAnotherKindDies) {
    const StreamServer first({DaemonBench::address(21), 0});
    ASSERT_NO_FATAL_FAILURE(start({first.local()}, "generic"));
    ring_and_die(first);
    ASSERT_TRUE(until([&] { return carrier->look().count(480) == 1; }))
        << "it may have been answered";
    carrier->look().ack(invite, carrier->look().last(480));
    EXPECT_TRUE(until([&] { return bench.cdrs().size() == 1; }));
    EXPECT_FALSE(server.accept().is_open()) << "somebody rang already";
}

TEST_F(TcpCalls, OfKnownPeersWithoutContentLengthAre400) {
    ASSERT_NO_FATAL_FAILURE(start());
    std::string text = an_invite().source(carrier_server.local()).text();
    text = text.substr(0, text.find("Content-Length")) + "\r\n";
    ASSERT_TRUE(carrier->stream().send(text));
    ASSERT_TRUE(until([&] { return carrier->stream().is_closed(); }));
    EXPECT_EQ(carrier->look().count(400), 1U) << carrier->stream().got();
}

TEST_F(TcpCalls, FindDescriptorsWhateverAKnownPeerHasOpened) {
    ASSERT_NO_FATAL_FAILURE(start({}, "livekit", "512"));  // an eighth: 16 strangers, 24, 24
    std::vector<StreamPeer> peers;
    for (int i = 0; i < 40; ++i) {
        peers.push_back(StreamPeer::connect(bench.listener(), {bench.carrier_ip(), 0}));
    }
    const auto closed = [&] {
        return std::count_if(peers.begin(), peers.end(),
                             [](auto& peer) { return peer.is_closed(); });
    };
    // Half of 24 for one address, of which the carrier of this test has one.
    EXPECT_TRUE(until([&] { return closed() == 29; })) << closed();
    ASSERT_NO_FATAL_FAILURE(call());
    ASSERT_NO_FATAL_FAILURE(answer());
    carrier->look().request("BYE", invite, ok, 2);
    EXPECT_TRUE(ended("a"));
}

TEST_F(TcpCalls, OfStrangersGetNotOneByte) {
    ASSERT_NO_FATAL_FAILURE(start());
    const std::string sip = an_invite().text();
    std::vector<std::string> sayings{"\r\n\r\n",
                                     "\r\n",
                                     std::string(70'000, '\0'),
                                     "GET / HTTP/1.1\r\n\r\n",
                                     sip.substr(0, sip.size() / 2),
                                     "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"};
    for (const char* method : {"INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "MESSAGE",
                               "SUBSCRIBE", "NOTIFY", "REFER", "INFO", "UPDATE", "PRACK", "X"}) {
        std::string text = sip;
        for (std::size_t at = text.find("INVITE"); at != std::string::npos;
             at = text.find("INVITE", at + 1)) {
            text.replace(at, 6, method);
        }
        sayings.push_back(text);
        sayings.push_back(text.substr(0, text.find("Content-Length")) + "\r\n");
    }
    const IpAddress somebody = DaemonBench::address(66);
    const auto udp = bench.loop().bind({somebody, 0});
    ASSERT_TRUE(udp);
    UserAgent listener({.sip = *udp, .rtp = *udp});
    bench.loop().join(listener, *udp);
    listener.request("OPTIONS", {.target = bench.listener(), .request_uri = "sip:x"},
                     SocketLoop::now());
    for (const std::string& saying : sayings) {
        StreamPeer at_carriers = StreamPeer::connect(bench.listener(), {somebody, 0});
        at_carriers.send(saying);
        EXPECT_TRUE(until([&] { return at_carriers.is_closed(); })) << saying.substr(0, 40);
        EXPECT_EQ(at_carriers.got(), "") << saying.substr(0, 40);
        StreamPeer at_livekits = StreamPeer::connect(bench.livekit_listener(), {somebody, 0});
        at_livekits.send(saying);
        bench.loop().run(Millis{20}, [&] { return at_livekits.is_closed(); });
        EXPECT_EQ(at_livekits.got(), "") << saying.substr(0, 40);
    }
    EXPECT_EQ(listener.ladder().count(Way::In, ""), 0U);
    // And those we know are served beside them.
    ASSERT_NO_FATAL_FAILURE(call());
}

}  // namespace
}  // namespace causeway::testing
