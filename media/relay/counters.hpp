#pragma once

#include "causeway/rtp/side.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace causeway::relay {

/// A number that one thread raises and others read: no lock prefix on the packet path.
class Counter {
public:
    void raise() noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{};
};

/// One relay thread's packets, summed over threads on scrape.
/// Thread: raised by its rtp-N, read by any.
struct Counters {
    explicit Counters(std::size_t interfaces) : forwarded(interfaces) {}
    std::vector<Counter> forwarded;  ///< by position of the interface they came in on
    std::array<Counter, rtp::kDropKinds> dropped;
    Counter rounds;  ///< of its loop
};

}  // namespace causeway::relay
