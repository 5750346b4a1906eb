#pragma once

#include "causeway/sip/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Linear scanning of header values where no grammar is needed: lists, parameters, the top Via.
/// Nothing here allocates or fails; what is not there is empty. Works on folded text too (line
/// breaks count as white space).
namespace causeway::sip::scan {

constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
/// How many characters at the front may stand in a token (RFC 3261 §25.1).
std::size_t token_length(std::string_view text);
/// RFC 3261 §25.1 `token`; empty text is none.
bool is_token(std::string_view text);
inline std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}
/// RFC 3261 §25.1 `SIP-Version`, of any number.
bool is_version(std::string_view text);
/// Equal but for the case of ASCII letters.
bool equals(std::string_view a, std::string_view b);
/// The number, if the text is digits only and not above `most`.
std::optional<std::uint32_t> number(std::string_view text, std::uint32_t most);

/// Which field a header name means, compact forms included.
Field field_of(std::string_view name);
/// The one-letter form of a name that is `Field::Other` to us; NUL: none.
char compact_form(std::string_view name);

/// Cuts the next line, with its continuation lines, off `text`, CRLF or LF. The last one may lack
/// its end.
std::string_view take_line(std::string_view& text);

/// Position of the first `wanted` outside of quoted-strings and angle brackets, or the size.
std::size_t find_outside(std::string_view text, char wanted);
/// Cuts the text before `separator` (outside of quotes and brackets) off `rest`, trimmed; `rest`
/// continues after the separator.
std::string_view take(std::string_view& rest, char separator);

/// One parameter as it stands: `name[=value]`.
struct Param {
    std::string_view name;
    std::string_view value;  ///< quotes kept
};
Param to_param(std::string_view text);

/// What follows the first `;` of a name-addr, addr-spec or via-parm.
std::string_view params_of(std::string_view element);
/// The value of the first parameter of this name; empty without value.
std::optional<std::string_view> param(std::string_view params, std::string_view name);
/// The tag of a From or To value as far as it is a token.
std::optional<std::string_view> tag(std::string_view value);

/// The first element of a Via line, taken apart without checking it.
struct TopVia {
    std::string_view element;
    std::string_view host;  ///< of sent-by, IPv6 in brackets
    std::string_view port;
    std::string_view params;  ///< after the first `;`
    std::string_view rest;    ///< the line after the element, its comma included
};
TopVia top_via(std::string_view line);

}  // namespace causeway::sip::scan
