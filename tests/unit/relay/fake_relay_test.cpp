#include "support/fake_relay.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace causeway::test {
namespace {

constexpr InterfaceId kCarriers{1};
constexpr InterfaceId kPublic{2};

const Endpoint kCarrier{IpAddress::v4(10, 0, 0, 1), 4000};
const Endpoint kLiveKit{IpAddress::v4(10, 0, 0, 2), 6000};

port::MediaRelay::Side side_at(const Endpoint& peer) {
    port::MediaRelay::Side side;
    side.peer = peer;
    side.rtcp = {peer.ip, static_cast<std::uint16_t>(peer.port + 1)};
    side.signalling = peer.ip;
    side.payload_types = {8};
    return side;
}

class Answers final : public port::MediaRelay::Listener {
public:
    void on_closed(Ticket ticket, const port::MediaRelay::Stats& stats) override {
        closed.emplace_back(ticket, stats);
    }
    void on_counted(FlowId flow, const port::MediaRelay::Stats& stats) override {
        counted.emplace_back(flow, stats);
    }
    void on_silent(FlowId flow, port::MediaRelay::End end) override {
        silent.emplace_back(flow, end);
    }
    std::vector<std::pair<Ticket, port::MediaRelay::Stats>> closed;
    std::vector<std::pair<FlowId, port::MediaRelay::Stats>> counted;
    std::vector<std::pair<FlowId, port::MediaRelay::End>> silent;
};

class FakeRelayTest : public testing::Test {
protected:
    void SetUp() override { relay_.listen(answers_); }

    ManualClock clock_;
    Answers answers_;
    FakeRelay relay_{{{kCarriers, IpAddress::v4(192, 0, 2, 1), 10000, 10003},
                      {kPublic, IpAddress::v4(192, 0, 2, 2), 20000, 20003}},
                     clock_};
};

TEST_F(FakeRelayTest, CarriesAudioFromPortToPort) {
    const auto opened = relay_.open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_.connect(opened->flow, side_at(kCarrier), side_at(kLiveKit));

    EXPECT_TRUE(relay_.inject_rtp(opened->a_side, kCarrier, 8, 1));

    const auto sent = relay_.take_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].from, opened->b_side);
    EXPECT_EQ(sent[0].to, kLiveKit);
    EXPECT_EQ(sent[0].packet, rtp_packet(8, 1, 160, 0x5eed));
    EXPECT_FALSE(relay_.inject_rtp(kLiveKit, kCarrier, 8, 1));
}

TEST_F(FakeRelayTest, GivesPortsBackWithTheAnswer) {
    const auto opened = relay_.open(kCarriers, kPublic);
    ASSERT_TRUE(opened);
    relay_.close(77, opened->flow);
    EXPECT_EQ(relay_.open_flows(), 0U);
    EXPECT_EQ(relay_.ports_in_use(), 2U);
    EXPECT_TRUE(answers_.closed.empty());
    EXPECT_TRUE(relay_.pump());
    EXPECT_EQ(relay_.ports_in_use(), 0U);
    ASSERT_EQ(answers_.closed.size(), 1U);
    EXPECT_EQ(answers_.closed[0].first, 77U);
}

TEST_F(FakeRelayTest, HoldsNothingWhenOneSideIsExhausted) {
    FakeRelay relay({{kCarriers, kCarrier.ip, 10000, 10003}, {kPublic, kLiveKit.ip, 20000, 20001}},
                    clock_);
    ASSERT_TRUE(relay.open(kCarriers, kPublic));
    const auto second = relay.open(kCarriers, kPublic);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Exhausted);
    EXPECT_EQ(relay.usage(kCarriers).in_use, 1U);
}

TEST_F(FakeRelayTest, ReportsSilence) {
    const auto opened = relay_.open(kCarriers, kPublic);
    auto a = side_at(kCarrier);
    a.media_timeout = Millis(1000);
    relay_.connect(opened->flow, a, side_at(kLiveKit));
    clock_.advance(Millis(1000));
    relay_.advance();
    ASSERT_EQ(answers_.silent.size(), 1U);
    EXPECT_EQ(answers_.silent[0], std::pair(opened->flow, port::MediaRelay::End::A));
}

TEST_F(FakeRelayTest, AnswersTheCloseOfAnUnknownFlow) {
    relay_.close(5, FlowId{12345});
    relay_.pump();
    ASSERT_EQ(answers_.closed.size(), 1U);
    EXPECT_EQ(answers_.closed[0].second.a.packets, 0U);
}

}  // namespace
}  // namespace causeway::test
