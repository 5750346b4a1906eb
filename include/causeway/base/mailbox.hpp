#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace causeway {

/// A file descriptor that many threads ring and one polls (eventfd). Only the first ring after a
/// `hush` costs a system call.
/// Owns: the descriptor. Thread: `ring` any, the rest the reader's.
/// Fails: aborts when no descriptor can be had; bells are made at start-up only.
class Bell {
public:
    Bell();
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;
    Bell(Bell&&) = delete;
    Bell& operator=(Bell&&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    void ring() noexcept;
    /// Makes the descriptor unreadable again; call it before draining.
    void hush() noexcept;

private:
    int fd_;
    /// Whoever finds it clear must write. Cleared only after the descriptor was read, so that a
    /// writer who still finds it set put its value where the draining reader will see it.
    std::atomic<bool> rung_{false};
};

/// A bounded queue of values between threads, with a descriptor to wait on. Any number of writers,
/// one reader. Nobody ever waits: a full box refuses, and the writer counts or answers 503.
/// After D. Vyukov's bounded MPMC queue: a sequence number a cell, no lock.
/// Owns: its cells. Thread: `push` any; `pop`, `fd` and `hush` the reader's.
template <class T>
class Mailbox {
public:
    /// `capacity` is rounded up to a power of two, at least 2.
    explicit Mailbox(std::size_t capacity) {
        std::size_t size = 2;
        while (size < capacity) {
            size *= 2;
        }
        mask_ = size - 1;
        cells_ = std::make_unique<Cell[]>(size);
        for (std::size_t i = 0; i < size; ++i) {
            cells_[i].sequence.store(i, std::memory_order_relaxed);
        }
    }

    /// Moves `value` in and rings. False: full, and `value` is untouched.
    [[nodiscard]] bool push(T&& value) {
        const bool has_room = push_quietly(std::move(value));
        if (has_room) {
            bell_.ring();
        }
        return has_room;
    }

    /// Likewise without waking the reader, who looks from time to time by itself.
    [[nodiscard]] bool push_quietly(T&& value) {
        std::size_t position = tail_.load(std::memory_order_relaxed);
        for (;;) {
            Cell& cell = cells_[position & mask_];
            const std::size_t sequence = cell.sequence.load(std::memory_order_acquire);
            if (sequence == position) {
                if (tail_.compare_exchange_weak(position, position + 1,
                                                std::memory_order_relaxed)) {
                    cell.value.emplace(std::move(value));
                    cell.sequence.store(position + 1, std::memory_order_release);
                    return true;
                }
            } else if (sequence < position) {
                return false;
            } else {
                position = tail_.load(std::memory_order_relaxed);
            }
        }
    }

    /// The oldest value, or nothing.
    std::optional<T> pop() {
        Cell& cell = cells_[head_ & mask_];
        if (cell.sequence.load(std::memory_order_acquire) != head_ + 1) {
            return std::nullopt;
        }
        std::optional<T> value = std::move(cell.value);
        cell.value.reset();
        cell.sequence.store(head_ + mask_ + 1, std::memory_order_release);
        ++head_;
        return value;
    }

    [[nodiscard]] int fd() const { return bell_.fd(); }
    void hush() noexcept { bell_.hush(); }
    void ring() noexcept { bell_.ring(); }

private:
    static constexpr std::size_t kCacheLine = 64;

    struct Cell {
        std::atomic<std::size_t> sequence{};
        std::optional<T> value;
    };
    std::unique_ptr<Cell[]> cells_;
    std::size_t mask_{};
    alignas(kCacheLine) std::atomic<std::size_t> tail_{};  ///< the writers'
    alignas(kCacheLine) std::size_t head_{};               ///< the reader's
    Bell bell_;
};

}  // namespace causeway
