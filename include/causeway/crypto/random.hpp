#pragma once

#include "causeway/base/id.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace causeway::crypto {

/// A ChaCha20 key stream (RFC 8439 §2.4) as random source: what a peer sees (tags, Call-IDs,
/// branches, ids) comes from here, so that nobody can guess it and a seed replays it.
/// Owns: its cipher state. Thread: its owner's.
class Random {
public:
    /// The same key and stream number yield the same sequence.
    Random(const Secret& key, std::uint64_t stream);
    ~Random();
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    Random(Random&&) noexcept;
    Random& operator=(Random&&) noexcept;

    std::uint64_t next();
    /// Uniform in [0, bound), without modulo bias; bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// `length` characters of [0-9a-z], about 5.2 bits each.
    std::string token(std::size_t length);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace causeway::crypto
