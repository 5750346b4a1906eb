#include "transaction/slot_index.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <random>

namespace causeway::transaction {
namespace {

constexpr auto kAny = [](std::uint32_t) { return true; };

auto is(std::uint32_t wanted) {
    return [wanted](std::uint32_t slot) { return slot == wanted; };
}

TEST(SlotIndex, FindsNothingWhenEmpty) {
    SlotIndex index;
    EXPECT_EQ(index.find(1, kAny), kNoSlot);
    index.erase(1, 1);
    EXPECT_EQ(index.size(), 0U);
}

TEST(SlotIndex, LeavesTheComparisonOfEqualHashesToItsCaller) {
    SlotIndex index;
    index.insert(7, 1);
    index.insert(7, 2);
    EXPECT_EQ(index.find(7, is(2)), 2U);
    EXPECT_EQ(index.find(7, is(3)), kNoSlot);
    index.erase(7, 1);
    EXPECT_EQ(index.find(7, kAny), 2U);
    index.erase(7, 1);
    EXPECT_EQ(index.size(), 1U);
}

TEST(SlotIndex, SaysWhetherManyShareAHash) {
    SlotIndex index;
    EXPECT_FALSE(index.has(7, 1));
    EXPECT_TRUE(index.has(7, 0));
    index.insert(7, 1);
    index.insert(71, 2);  // the same cell, another hash
    index.insert(7, 3);
    EXPECT_TRUE(index.has(7, 2));
    EXPECT_FALSE(index.has(7, 3));
    EXPECT_FALSE(index.has(71, 2));
}

TEST(SlotIndex, KeepsFindingWhatCollidedWithWhatWasErased) {
    // 64 is the first size: all of these want cell 63 or 0.
    SlotIndex index;
    const std::uint64_t hashes[] = {63, 127, 64, 191, 128, 63};
    for (std::uint32_t slot = 0; slot < std::size(hashes); ++slot) {
        index.insert(hashes[slot], slot);
    }
    index.erase(63, 0);
    index.erase(64, 2);
    for (const std::uint32_t slot : {1U, 3U, 4U, 5U}) {
        EXPECT_EQ(index.find(hashes[slot], is(slot)), slot);
    }
    EXPECT_EQ(index.find(64, kAny), kNoSlot);
}

TEST(SlotIndex, AgreesWithAMapOnRandomOperations) {
    std::mt19937_64 dice(1);
    SlotIndex index;
    std::map<std::uint32_t, std::uint64_t> model;
    for (int step = 0; step < 100'000; ++step) {
        const auto slot = static_cast<std::uint32_t>(dice() % 3000);
        const auto known = model.find(slot);
        if (known == model.end()) {
            const std::uint64_t hash = dice() % 4 == 0 ? dice() % 64 : dice();
            index.insert(hash, slot);
            model.emplace(slot, hash);
        } else if (dice() % 2 == 0) {
            index.erase(known->second, slot);
            EXPECT_EQ(index.find(known->second, is(slot)), kNoSlot);
            model.erase(known);
        } else {
            ASSERT_EQ(index.find(known->second, is(slot)), slot) << "step " << step;
        }
        ASSERT_EQ(index.size(), model.size());
    }
    for (const auto& [slot, hash] : model) {
        EXPECT_EQ(index.find(hash, is(slot)), slot);
    }
}

}  // namespace
}  // namespace causeway::transaction
