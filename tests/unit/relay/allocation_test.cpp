#include "support/fake_relay.hpp"

#include "causeway/relay/flow_key.hpp"
#include "causeway/relay/flow_table.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the replaced operators count
std::size_t allocations = 0;

}  // namespace

// Not inlined: g++ 14 would warn of a free() of what operator new returned.
// NOLINTBEGIN(cppcoreguidelines-owning-memory): these are the allocator
void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) {
        return memory;
    }
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
// NOLINTEND(cppcoreguidelines-owning-memory)

namespace causeway::relay {
namespace {

class Deaf final : public FlowTable::Listener {
public:
    void on_locked(FlowId, rtp::End, const Endpoint&) noexcept override {}
    void on_released(FlowId, rtp::End) noexcept override {}
    void on_silent(FlowId, rtp::End) noexcept override {}
};

TEST(FlowTableAllocations, NoPacketAllocates) {
    Deaf deaf;
    FlowTable table(nullptr, deaf);
    const FlowId id = FlowKey{.generation = 1, .thread = 0, .slot = 0}.id();
    const Endpoint peer{IpAddress::v4(10, 0, 0, 1), 4000};
    port::MediaRelay::Side side;
    side.peer = peer;
    side.payload_types = {8};
    side.sources = {*Cidr::parse("10.9.0.0/16")};
    side.media_timeout = Millis(1000);
    Time now{std::chrono::hours(1)};
    table.open(id, {peer, peer});
    table.connect(id, side, side, now);
    auto packet = test::rtp_packet(8, 1, 160, 1);
    const Endpoint stranger{IpAddress::v4(10, 0, 0, 9), 4000};

    const std::size_t before = allocations;
    std::size_t forwarded = 0;
    for (int i = 0; i < 10'000; ++i) {
        packet[3] = static_cast<std::byte>(i);
        packet[2] = static_cast<std::byte>(i >> 8);
        const rtp::End end = i % 2 == 0 ? rtp::End::A : rtp::End::B;
        const Endpoint& from = i % 7 == 0 ? stranger : peer;
        forwarded += table.receive({id, end, Channel::Rtp, packet, from}, now) ? 1U : 0U;
        now += Millis(10);
        if (i % 10 == 0) {
            table.advance(now);
        }
    }

    EXPECT_EQ(allocations, before);
    EXPECT_EQ(forwarded, 10'000U - 10'000U / 7U - 1U);
}

}  // namespace
}  // namespace causeway::relay
