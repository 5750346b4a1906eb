#include "slot_index.hpp"

#include <algorithm>
#include <utility>

namespace causeway::transaction {

void SlotIndex::insert(std::uint64_t hash, std::uint32_t slot) {
    if ((used_ + 1) * 4 > cells_.size() * 3) {
        grow();
    }
    place({static_cast<std::uint32_t>(hash), slot});
    ++used_;
}

void SlotIndex::erase(std::uint64_t hash, std::uint32_t slot) {
    std::size_t hole = probe(hash, [slot](std::uint32_t other) { return other == slot; });
    if (hole == kNoCell) {
        return;
    }
    // Move back every follower that the hole would cut off from its home.
    const std::size_t mask = cells_.size() - 1;
    for (std::size_t i = following(hole); cells_[i].slot != kNoSlot; i = following(i)) {
        if (((i - home(cells_[i].print)) & mask) >= ((i - hole) & mask)) {
            cells_[hole] = cells_[i];
            hole = i;
        }
    }
    cells_[hole] = Cell{};
    --used_;
}

void SlotIndex::place(Cell cell) {
    std::size_t i = home(cell.print);
    while (cells_[i].slot != kNoSlot) {
        i = following(i);
    }
    cells_[i] = cell;
}

void SlotIndex::grow() {
    const std::vector<Cell> old =
        std::exchange(cells_, std::vector<Cell>(std::max<std::size_t>(64, cells_.size() * 2)));
    for (const Cell& cell : old) {
        if (cell.slot != kNoSlot) {
            place(cell);
        }
    }
}

}  // namespace causeway::transaction
