#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace causeway::testing {

/// Where a random walk takes its choices from: a seed, or the bytes of a fuzzer's input, so that
/// one walk serves both. Bytes that are used up say 0 for ever.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed), is_seeded_(true) {}
    explicit Dice(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    /// One of 0 … bound − 1; `bound` is at least 1.
    std::uint64_t below(std::uint64_t bound) {
        if (is_seeded_) {
            return random_() % bound;
        }
        std::uint64_t value = 0;
        for (std::uint64_t most = 1; most < bound && !bytes_.empty(); most *= 256) {
            value = value * 256 + bytes_.front();
            bytes_ = bytes_.subspan(1);
        }
        return value % bound;
    }
    /// The next bytes as they are, at most `most`; a seed has none.
    std::span<const std::uint8_t> take(std::size_t most) {
        const auto taken = bytes_.first(std::min(most, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }
    /// No choice is left; a seed never ends.
    [[nodiscard]] bool is_spent() const { return !is_seeded_ && bytes_.empty(); }

private:
    std::mt19937_64 random_;
    std::span<const std::uint8_t> bytes_;
    bool is_seeded_{};
};

}  // namespace causeway::testing
