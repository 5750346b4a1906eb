#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// The table of reasons (PRODUCT §4): why a call was refused or has ended, and what to do about it.
/// Tokens and codes are an interface: none is ever given another meaning.
namespace causeway::call {

/// Whether this version ever says it.
enum class Since : std::uint8_t {
    Now,
    Later,  ///< of a feature that is still to come: its code is taken already
};

/// One row. All text is constant.
struct Reason {
    std::string_view token;   ///< as in CDRs, metrics and `X-Causeway-Reason`: `unknown_did`
    std::string_view code;    ///< stable, for people: `CW-UNKNOWN-DID`
    std::string_view stage;   ///< admission, tenant, routing, call, end
    std::string_view status;  ///< what the caller is answered; empty: nothing of its own
    Since since{};
    std::string_view meaning;  ///< one sentence
    std::string_view remedy;   ///< what to change: sentences, YAML in backquotes
};

/// All of them, in the order of stages.
[[nodiscard]] std::span<const Reason> reasons();

/// By token, or by code in any case, with or without `CW-`; nullptr: no reason of ours. One look at
/// each row: not for every message.
[[nodiscard]] const Reason* find_reason(std::string_view token_or_code);

/// The code of a token; empty for what is no token of the table. Allocates nothing.
[[nodiscard]] std::string_view code_of(std::string_view token);

}  // namespace causeway::call
