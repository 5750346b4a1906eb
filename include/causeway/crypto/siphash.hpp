#pragma once

#include "causeway/base/id.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace causeway::crypto {

/// A keyed hash for tables whose keys strangers choose (SipHash-2-4, Aumasson and Bernstein 2012).
/// Owns: nothing. Thread: any.
class SipHash {
public:
    /// Uses the first 16 bytes of `key`.
    explicit SipHash(const Secret& key);
    [[nodiscard]] std::uint64_t operator()(std::string_view bytes) const noexcept;

private:
    std::uint64_t k0_;
    std::uint64_t k1_;
};

}  // namespace causeway::crypto
