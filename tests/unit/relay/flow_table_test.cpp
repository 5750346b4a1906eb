#include "causeway/relay/flow_table.hpp"

#include "support/fake_relay.hpp"
#include "support/manual_clock.hpp"

#include "causeway/fastpath/null_fast_path.hpp"
#include "causeway/relay/flow_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace causeway::relay {
namespace {

using rtp::Drop;
using rtp::End;
using Side = port::MediaRelay::Side;
using Calls = std::vector<std::string>;

constexpr std::size_t kUnknownSource = static_cast<std::size_t>(Drop::UnknownSource);

Side side_at(std::uint8_t host) {
    Side side;
    side.peer = {IpAddress::v4(10, 0, 0, host), 4000};
    side.rtcp = {IpAddress::v4(10, 0, 0, host), 4001};
    side.signalling = IpAddress::v4(10, 0, 0, host);
    side.payload_types = {8, 101};
    return side;
}

/// Writes down what a sockets' owner is told.
class Diary final : public FlowTable::Listener {
public:
    void on_locked(FlowId, End end, const Endpoint& source) noexcept override {
        lines.push_back(name(end) + " locked " + source.to_string());
    }
    void on_released(FlowId, End end) noexcept override {
        lines.push_back(name(end) + " released");
    }
    void on_silent(FlowId, End end) noexcept override { lines.push_back(name(end) + " silent"); }

    Calls lines;

private:
    static std::string name(End end) { return end == End::A ? "a" : "b"; }
};

class FlowTableTest : public testing::Test {
protected:
    void SetUp() override { table_.open(id_, {a_side_, b_side_}); }

    Result<Endpoint, Drop> say(End end, std::uint32_t ssrc = 1) {
        const Endpoint& from = end == End::A ? a_.peer : b_.peer;
        ++sequence_;
        const auto packet = test::rtp_packet(8, sequence_, sequence_ * 160U, ssrc);
        return table_.receive({id_, end, Channel::Rtp, packet, from}, clock_.now());
    }
    void connect() { table_.connect(id_, a_, b_, clock_.now()); }
    void settle() {
        for (int i = 0; i < 3; ++i) {
            (void)say(End::A);
            (void)say(End::B);
        }
    }
    void advance(Millis by) {
        clock_.advance(by);
        table_.advance(clock_.now());
    }

    test::ManualClock clock_;
    test::FakeFastPath fast_path_;
    Diary diary_;
    FlowTable table_{&fast_path_, diary_};
    const FlowId id_ = FlowKey{.generation = 7, .thread = 1, .slot = 3}.id();
    const Endpoint a_side_{IpAddress::v4(10, 0, 1, 1), 10000};
    const Endpoint b_side_{IpAddress::v4(10, 0, 1, 2), 20000};
    Side a_ = side_at(1);
    Side b_ = side_at(2);
    std::uint16_t sequence_{};
};

TEST_F(FlowTableTest, TellsWhenASourceIsLockedAndReleased) {
    connect();
    settle();
    EXPECT_EQ(diary_.lines, (Calls{"a locked 10.0.0.1:4000", "b locked 10.0.0.2:4000"}));
    a_.peer.port = 4500;
    diary_.lines.clear();
    connect();
    EXPECT_EQ(diary_.lines, Calls{"a released"});
}

TEST_F(FlowTableTest, TellsOfALockThatTimeHasMade) {
    connect();
    (void)say(End::A);
    advance(Millis(1500));
    EXPECT_EQ(diary_.lines, Calls{"a locked 10.0.0.1:4000"});
}

TEST_F(FlowTableTest, OffloadsOnceBothSidesAreLocked) {
    connect();
    for (int i = 0; i < 3; ++i) {
        (void)say(End::A);
    }
    EXPECT_EQ(fast_path_.calls, Calls{});
    for (int i = 0; i < 3; ++i) {
        (void)say(End::B);
    }
    EXPECT_EQ(fast_path_.calls, Calls{"offload"});
    settle();
    EXPECT_EQ(fast_path_.calls, Calls{"offload"});
    EXPECT_EQ(fast_path_.active.at(id_).ends[1].ssrc, 1U);
}

TEST_F(FlowTableTest, EvictsBeforeAChangeAndOffloadsAgainWhenItIsLearned) {
    connect();
    settle();
    a_.peer.port = 4500;
    connect();
    EXPECT_EQ(fast_path_.calls, (Calls{"offload", "evict"}));
    settle();
    EXPECT_EQ(fast_path_.calls, (Calls{"offload", "evict", "offload"}));
}

TEST_F(FlowTableTest, EvictsForHoldAndOffloadsAgainOnResume) {
    connect();
    settle();
    a_.hears = false;
    connect();
    EXPECT_EQ(fast_path_.calls, (Calls{"offload", "evict"}));
    a_.hears = true;
    connect();
    EXPECT_EQ(fast_path_.calls, (Calls{"offload", "evict", "offload"}));
}

TEST_F(FlowTableTest, LeavesTheOffloadAloneWhenNothingChanges) {
    connect();
    settle();
    connect();
    EXPECT_EQ(fast_path_.calls, Calls{"offload"});
}

TEST_F(FlowTableTest, OffloadsAnewWhenTheSsrcChanges) {
    connect();
    settle();
    (void)say(End::A, 99);
    EXPECT_EQ(fast_path_.calls, (Calls{"offload", "evict", "offload"}));
    EXPECT_EQ(fast_path_.active.at(id_).ends[0].ssrc, 99U);
}

TEST_F(FlowTableTest, EvictsAtTheEndAndCountsWhatTheKernelCarried) {
    connect();
    settle();
    causeway_end& kernel = fast_path_.active.at(id_).ends[0];
    kernel.packets = 500;
    kernel.bytes = 86'000;
    kernel.lost = 4;
    kernel.strangers = 2;
    kernel.flags |= CAUSEWAY_END_TRACKED;
    kernel.jitter_x16 = 16 * 80;

    const port::MediaRelay::Stats stats = table_.close(id_);

    EXPECT_EQ(fast_path_.calls, (Calls{"offload", "evict"}));
    EXPECT_EQ(stats.a.packets, 503U);
    EXPECT_EQ(stats.a.bytes, 86'516U);
    EXPECT_EQ(stats.a.forwarded, 503U);
    EXPECT_EQ(stats.a.dropped[kUnknownSource], 2U);
    EXPECT_EQ(stats.a.lost, 4U + 2U);  // two of the first three numbers were leg b's
    EXPECT_DOUBLE_EQ(stats.a.jitter_ms, 10.0);
    EXPECT_EQ(stats.b.packets, 3U);
}

TEST_F(FlowTableTest, DoesNotTakeTheKernelsPacketsForLostOnes) {
    connect();
    settle();
    fast_path_.active.at(id_).ends[0].packets = 1000;
    sequence_ = static_cast<std::uint16_t>(sequence_ + 1000);
    a_.hears = false;
    connect();
    const std::uint64_t before = table_.stats(id_).a.lost;
    (void)say(End::A);
    EXPECT_EQ(table_.stats(id_).a.lost, before);
    EXPECT_EQ(table_.stats(id_).a.packets, 1004U);
}

TEST_F(FlowTableTest, GoesByTheKernelsLastPacketForSilence) {
    a_.media_timeout = Millis(1000);
    connect();
    settle();
    diary_.lines.clear();
    clock_.advance(Millis(900));
    fast_path_.active.at(id_).ends[0].last_seen_ns =
        static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
    advance(Millis(900));
    EXPECT_EQ(diary_.lines, Calls{});
    advance(Millis(100));
    EXPECT_EQ(diary_.lines, Calls{"a silent"});
}

TEST_F(FlowTableTest, RunsEveryCallOnTheNullFastPath) {
    const auto nothing = fastpath::make_null_fast_path();
    FlowTable table(nothing.get(), diary_);
    table.open(id_, {a_side_, b_side_});
    table.connect(id_, a_, b_, clock_.now());
    const auto packet = test::rtp_packet(8, 1, 160, 1);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(table.receive({id_, End::A, Channel::Rtp, packet, a_.peer}, clock_.now()),
                  b_.peer);
        EXPECT_EQ(table.receive({id_, End::B, Channel::Rtp, packet, b_.peer}, clock_.now()),
                  a_.peer);
    }
}

TEST_F(FlowTableTest, KnowsNothingOfTheFlowThatHadThePlaceBefore) {
    table_.close(id_);
    FlowKey next = FlowKey::of(id_);
    ++next.generation;
    table_.open(next.id(), {a_side_, b_side_});
    connect();
    EXPECT_EQ(say(End::A), (Result<Endpoint, Drop>(tl::unexpected<Drop>(Drop::NotConnected))));
    EXPECT_EQ(table_.close(id_).a.packets, 0U);
    EXPECT_EQ(table_.size(), 1U);
    (void)table_.close(next.id());
    EXPECT_EQ(table_.size(), 0U);
}

TEST(FlowKey, IsPackedAndUnpacked) {
    const FlowKey key{.generation = 0xdeadbeef, .thread = 255, .slot = FlowKey::kMaxSlots - 1};
    const FlowKey again = FlowKey::of(key.id());
    EXPECT_EQ(again.generation, key.generation);
    EXPECT_EQ(again.thread, key.thread);
    EXPECT_EQ(again.slot, key.slot);
}

}  // namespace
}  // namespace causeway::relay
