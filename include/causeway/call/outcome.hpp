#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::call {

/// Whose doing the end of a call was (PRODUCT §4, `outcome.cause`).
enum class Cause : std::uint8_t {
    Success,        ///< answered and ended as calls end
    Client,         ///< leg a cancelled, or its request was refused with a 4xx or 6xx
    Upstream,       ///< gateway or carrier failed or was silent
    Server,         ///< ours
    Indeterminate,  ///< ended by a restart or a deadline
};
std::string_view to_string(Cause cause);

/// Which side ended it.
enum class By : std::uint8_t { A, B, Causeway };
std::string_view to_string(By by);

/// The constant token of the table of reasons that reads like this; empty: no call ends so.
std::string_view reason_token(std::string_view text);

/// Every call ends in exactly one.
struct Outcome {
    Cause cause{};
    By side{};
    int sip_status{};  ///< final answer that leg a got; 0: none (cancelled before one could be
                       ///< sent)
    std::string_view reason;  ///< a constant token of the table of reasons
    bool operator==(const Outcome&) const = default;
};

}  // namespace causeway::call
