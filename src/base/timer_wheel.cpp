#include "causeway/base/timer_wheel.hpp"

#include <algorithm>
#include <bit>
#include <chrono>

namespace causeway {

TimerWheel::TimerWheel(Time start) : start_(start) {}

void TimerWheel::schedule(Node node, Time deadline) {
    if (node >= entries_.size()) {
        entries_.resize(std::size_t{node} + 1);
    }
    if (entries_[node].scheduled) {
        unlink(node);
    } else {
        ++size_;
    }
    entries_[node].tick = std::max(tick_of(deadline), current_);
    insert(node);
}

void TimerWheel::cancel(Node node) {
    if (is_scheduled(node)) {
        unlink(node);
        --size_;
    }
}

bool TimerWheel::is_scheduled(Node node) const {
    return node < entries_.size() && entries_[node].scheduled;
}

std::optional<Time> TimerWheel::next() const {
    const std::optional<Position> position = first();
    if (!position) {
        return std::nullopt;
    }
    return start_ + Millis(position->tick);
}

std::optional<TimerWheel::Node> TimerWheel::expire(Time now) {
    if (now < start_) {
        return std::nullopt;
    }
    const auto target =
        static_cast<std::uint64_t>(std::chrono::floor<Millis>(now - start_).count());
    for (auto position = first(); position && position->tick <= target; position = first()) {
        current_ = position->tick;
        if (position->level == 0) {
            const Node node = slots_[0][position->slot].head;
            unlink(node);
            --size_;
            return node;
        }
        cascade(position->level, position->slot);
    }
    current_ = std::max(current_, target);
    return std::nullopt;
}

std::uint64_t TimerWheel::tick_of(Time deadline) const {
    if (deadline <= start_) {
        return 0;
    }
    return static_cast<std::uint64_t>(std::chrono::ceil<Millis>(deadline - start_).count());
}

TimerWheel::List& TimerWheel::list_of(unsigned level, unsigned slot) {
    return level == kLevels ? beyond_ : slots_[level][slot];
}

std::optional<TimerWheel::Position> TimerWheel::first() const {
    for (unsigned level = 0; level < kLevels; ++level) {
        if (occupied_[level] == 0) {
            continue;
        }
        const auto slot = static_cast<unsigned>(std::countr_zero(occupied_[level]));
        const unsigned shift = level * kBits;
        const std::uint64_t above = (current_ >> (shift + kBits)) << (shift + kBits);
        return Position{above + (std::uint64_t{slot} << shift), level, slot};
    }
    if (beyond_.head != kNone) {
        return Position{((current_ >> kRangeBits) + 1) << kRangeBits, kLevels, 0};
    }
    return std::nullopt;
}

void TimerWheel::insert(Node node) {
    Entry& entry = entries_[node];
    // The highest bit in which the tick differs from the current one decides the level.
    const std::uint64_t differing = (entry.tick ^ current_) | 1;
    const auto highest = static_cast<unsigned>(std::bit_width(differing)) - 1;
    const unsigned level = std::min(highest / kBits, kLevels);
    const unsigned slot =
        level == kLevels ? 0 : static_cast<unsigned>(entry.tick >> (level * kBits)) % kSlots;
    if (level < kLevels) {
        occupied_[level] |= std::uint64_t{1} << slot;
    }
    List& list = list_of(level, slot);
    entry.level = static_cast<std::uint8_t>(level);
    entry.slot = static_cast<std::uint8_t>(slot);
    entry.scheduled = true;
    entry.previous = list.tail;
    entry.next = kNone;
    (list.tail == kNone ? list.head : entries_[list.tail].next) = node;
    list.tail = node;
}

void TimerWheel::unlink(Node node) {
    Entry& entry = entries_[node];
    List& list = list_of(entry.level, entry.slot);
    (entry.previous == kNone ? list.head : entries_[entry.previous].next) = entry.next;
    (entry.next == kNone ? list.tail : entries_[entry.next].previous) = entry.previous;
    if (list.head == kNone && entry.level < kLevels) {
        occupied_[entry.level] &= ~(std::uint64_t{1} << entry.slot);
    }
    entry.scheduled = false;
}

void TimerWheel::cascade(unsigned level, unsigned slot) {
    List& list = list_of(level, slot);
    Node node = list.head;
    list = List{};
    if (level < kLevels) {
        occupied_[level] &= ~(std::uint64_t{1} << slot);
    }
    // In list order, so that ties keep the order of their scheduling. What still lies beyond the
    // range goes back to the end of `beyond_`.
    while (node != kNone) {
        const Node following = entries_[node].next;
        insert(node);
        node = following;
    }
}

}  // namespace causeway
