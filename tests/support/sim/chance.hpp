#pragma once

#include "causeway/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace causeway::testing::sim {

/// All that is left to chance in a simulation, from one seed (splitmix64: the same numbers with
/// every compiler). Thread: one.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }
    /// In [0, bound); bound > 0.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    bool percent(unsigned of_hundred) { return below(100) < of_hundred; }
    /// In [from, to].
    Millis between(Millis from, Millis to) {
        return from + Millis{below(static_cast<std::uint64_t>((to - from).count()) + 1)};
    }
    template <class List>
    const auto& pick(const List& list) {
        return list[static_cast<std::size_t>(below(list.size()))];
    }
    std::string token(std::size_t length) {
        std::string text;
        for (std::size_t i = 0; i < length; ++i) {
            text.push_back("0123456789abcdefghjkmnpqrstvwxyz"[next() >> 59U]);
        }
        return text;
    }

private:
    std::uint64_t state_;
};

}  // namespace causeway::testing::sim
