#pragma once

#include "causeway/base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace causeway {

/// A hierarchical timer wheel of 1 ms ticks over numbered nodes. The caller owns the numbering:
/// node `n` is whatever the caller's slot `n` is. One deadline a node; scheduling again moves it.
/// O(1) to schedule and cancel; empty time is skipped by bitmaps, so an idle wheel costs nothing.
/// Timers never fire early; they may fire up to one tick late. No clock is read inside.
/// Owns: an entry per node number ever used. Thread: its owner's.
class TimerWheel {
public:
    using Node = std::uint32_t;

    /// `start` is the wheel's time zero; nothing can be scheduled before it (it fires at once).
    explicit TimerWheel(Time start);

    /// Sets or moves the node's deadline, rounded up to a tick. One that `expire` has already
    /// passed counts as the tick reached.
    void schedule(Node node, Time deadline);
    /// Forgets the node's deadline; a no-op if it has none.
    void cancel(Node node);
    [[nodiscard]] bool is_scheduled(Node node) const;

    /// Not later than the earliest deadline (rounded up to a tick), and never before it by more
    /// than a level's slot: a caller who wakes at this time and calls `expire` makes progress.
    /// Empty: nothing scheduled.
    [[nodiscard]] std::optional<Time> next() const;

    /// Removes and returns one node whose deadline is ≤ now, in order of deadline tick (ties in
    /// order of scheduling), or nothing. Call it until it returns nothing.
    std::optional<Node> expire(Time now);

    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr unsigned kLevels = 5;
    static constexpr unsigned kBits = 6;  ///< 64 slots a level: one machine word of bitmap
    static constexpr unsigned kSlots = 1U << kBits;
    static constexpr unsigned kRangeBits = kLevels * kBits;  ///< 2^30 ms, twelve days
    static constexpr Node kNone = 0xffffffff;

    struct Entry {
        std::uint64_t tick{};
        Node previous{kNone};
        Node next{kNone};
        std::uint8_t level{};  ///< kLevels: in `beyond_`
        std::uint8_t slot{};
        bool scheduled{};
    };
    struct List {
        Node head{kNone};
        Node tail{kNone};
    };
    /// The first place with something in it: a tick (level 0) or the start of a slot to cascade.
    struct Position {
        std::uint64_t tick{};
        unsigned level{};
        unsigned slot{};
    };

    [[nodiscard]] std::uint64_t tick_of(Time deadline) const;
    [[nodiscard]] List& list_of(unsigned level, unsigned slot);
    [[nodiscard]] std::optional<Position> first() const;
    void insert(Node node);
    void unlink(Node node);
    void cascade(unsigned level, unsigned slot);

    Time start_;
    std::uint64_t current_{};  ///< every tick before this one has been handled
    std::size_t size_{};
    std::vector<Entry> entries_;
    /// Level L holds ticks that share everything above bit 6·(L+1) with `current_` but not its slot
    /// of that level (level 0: its slot too), so a lower level is always due before a higher one.
    std::array<std::array<List, kSlots>, kLevels> slots_{};
    std::array<std::uint64_t, kLevels> occupied_{};
    List beyond_;  ///< ticks of a later range; sorted into the levels when it begins
};

}  // namespace causeway
