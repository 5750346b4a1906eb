#include "transaction/slots.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace causeway::transaction {
namespace {

std::uint32_t used(Slots& slots) {
    const std::uint32_t n = slots.acquire();
    slots[n].kind = Kind::NonInviteClient;
    return n;
}

TEST(Slots, FindASlotByItsKeyWhileItLives) {
    Slots slots;
    const std::uint32_t n = used(slots);
    const Key key = slots.key(n);
    EXPECT_TRUE(key);
    EXPECT_EQ(slots.find(key), n);
    EXPECT_EQ(slots.size(), 1U);
    slots.release(n);
    EXPECT_EQ(slots.find(key), kNoSlot);
    EXPECT_EQ(slots.size(), 0U);
}

TEST(Slots, GiveAReusedSlotAnotherKey) {
    Slots slots;
    std::set<std::uint64_t> keys;
    for (int i = 0; i < 1000; ++i) {
        const std::uint32_t n = used(slots);
        EXPECT_EQ(n, 0U);
        EXPECT_TRUE(keys.insert(slots.key(n).value).second);
        slots.release(n);
    }
}

TEST(Slots, SkipGenerationZeroWhenTheCounterWraps) {
    Slots slots;
    const std::uint32_t n = used(slots);
    slots[n].generation = 0xffffffff;
    slots.release(n);
    EXPECT_EQ(used(slots), n);
    EXPECT_EQ(slots[n].generation, 1U);
}

TEST(Slots, DoNotMoveWhenMoreAreNeeded) {
    Slots slots;
    const std::uint32_t first = used(slots);
    const Slot* const address = &slots[first];
    std::vector<std::uint32_t> others;
    for (int i = 0; i < 10'000; ++i) {
        others.push_back(used(slots));
    }
    EXPECT_EQ(&slots[first], address);
    EXPECT_EQ(slots.size(), 10'001U);
    EXPECT_EQ(std::set<std::uint32_t>(others.begin(), others.end()).size(), others.size());
}

TEST(Slots, FindNothingForForeignKeys) {
    Slots slots;
    const Key key = slots.key(used(slots));
    EXPECT_EQ(slots.find(Key{}), kNoSlot);
    EXPECT_EQ(slots.find(Key{~0ULL}), kNoSlot);
    EXPECT_EQ(slots.find(Key{key.value + 1}), kNoSlot);
    EXPECT_EQ(slots.find(Key{key.value + (1ULL << 32U)}), kNoSlot);
}

// The four transactions of a finished call linger for 32 s.
TEST(Slots, StaySmall) {
    EXPECT_LE(sizeof(Slot), 144U);
}

TEST(Peer, GivesBackItsTarget) {
    const sip::Target target{.interface = InterfaceId{3},
                             .peer = {IpAddress::v4(192, 0, 2, 1), 5061},
                             .transport = sip::Transport::Tls,
                             .connection = ConnectionId{8},
                             .tls_name = "gateway.example.org"};
    EXPECT_EQ(Peer::of(target).target(), target);
    EXPECT_EQ(Peer::of({}).target(), sip::Target{});
}

}  // namespace
}  // namespace causeway::transaction
