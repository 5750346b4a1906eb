#pragma once

#include "causeway/sip/message.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace causeway::transaction {

/// RFC 3261 §8.1.1.7.
inline constexpr std::string_view kMagicCookie = "z9hG4bK";

/// What stands behind the magic cookie of a branch of ours: where the transaction is, and 64 bits
/// that nobody can guess. Both of fixed width in lower-case hex.
struct Branch {
    std::uint32_t slot{};
    std::uint64_t cookie{};

    static constexpr std::size_t kLength = kMagicCookie.size() + 8 + 16;
    using Characters = std::array<char, kLength>;

    [[nodiscard]] Characters text() const;
    /// Reads exactly one branch of ours; anything else is nothing.
    static std::optional<Branch> parse(std::string_view text);
};

/// The branch in the top Via of a response. We wrote that Via, so a scan for what we write finds
/// it however the peer rearranged the parameters; a comma list is read up to its first element.
std::optional<Branch> branch_of(const sip::Message& response);

}  // namespace causeway::transaction
