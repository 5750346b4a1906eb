#pragma once

#include "slots.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace causeway::transaction {

/// Finds slots by a hash: open addressing with linear probing and backward-shift deletion, eight
/// bytes a cell. Only 32 bits of the hash are kept: the caller compares the rest in the slot. The
/// hash must be keyed, because strangers choose what is hashed.
/// Owns: its cells. Thread: its owner's.
class SlotIndex {
public:
    void insert(std::uint64_t hash, std::uint32_t slot);
    /// Removes this very slot; a no-op if it is not there.
    void erase(std::uint64_t hash, std::uint32_t slot);

    /// The first slot with this hash that `matches(slot)`, or kNoSlot.
    template <class Matches>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, Matches&& matches) const {
        const std::size_t cell = probe(hash, matches);
        return cell == kNoCell ? kNoSlot : cells_[cell].slot;
    }

    /// True if `most` slots or more have this hash; looks at no more of them.
    [[nodiscard]] bool has(std::uint64_t hash, std::size_t most) const {
        std::size_t seen = 0;
        return most == 0 ||
               probe(hash, [&seen, most](std::uint32_t) { return ++seen == most; }) != kNoCell;
    }

    [[nodiscard]] std::size_t size() const { return used_; }

private:
    struct Cell {
        std::uint32_t print{};
        std::uint32_t slot{kNoSlot};
    };
    static constexpr std::size_t kNoCell = ~std::size_t{0};

    template <class Matches>
    [[nodiscard]] std::size_t probe(std::uint64_t hash, Matches&& matches) const {
        if (cells_.empty()) {
            return kNoCell;
        }
        const auto print = static_cast<std::uint32_t>(hash);
        for (std::size_t i = home(print); cells_[i].slot != kNoSlot; i = following(i)) {
            if (cells_[i].print == print && matches(cells_[i].slot)) {
                return i;
            }
        }
        return kNoCell;
    }

    [[nodiscard]] std::size_t home(std::uint32_t print) const {
        return print & (cells_.size() - 1);
    }
    [[nodiscard]] std::size_t following(std::size_t cell) const {
        return (cell + 1) & (cells_.size() - 1);
    }
    void place(Cell cell);
    void grow();

    std::vector<Cell> cells_;  ///< a power of two, at most 3/4 full
    std::size_t used_{};
};

}  // namespace causeway::transaction
