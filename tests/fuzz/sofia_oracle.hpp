#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// sofia-sip's parser of whole messages as a second opinion. The daemon never calls it: it is
/// quadratic in header fields and refuses a message for one bad value.
namespace causeway::fuzz {

/// What sofia-sip read, in the words of `sip::Message`.
struct SecondReading {
    int status{};  ///< 0: a request
    std::string method;
    std::string request_host;
    std::string call_id;
    std::uint32_t cseq{};
    std::string from_tag;
    std::string to_tag;
    std::string via_host;
    std::string branch;
    std::optional<std::uint32_t> max_forwards;
    std::string body;
};

struct SecondOpinion {
    /// Nothing: refused.
    std::optional<SecondReading> reading;
    /// The names of header fields that it could not read; empty string: a line without name.
    std::vector<std::string> bad;
};

/// Only texts up to this size and number of lines are asked, so that the oracle stays quick.
inline constexpr std::size_t kOracleBytes = 8192;
inline constexpr std::size_t kOracleLines = 100;

SecondOpinion ask_sofia(std::string_view text);

}  // namespace causeway::fuzz
