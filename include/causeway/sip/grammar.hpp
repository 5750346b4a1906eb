#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/uri.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Structured header values on demand. The grammar is sofia-sip's; each value handed to it is
/// bounded
/// (`Limits::value`, `Limits::elements`), because its parameter lists cost quadratic time. Its
/// types do not leave this module.
namespace causeway::sip {

/// One Via element (RFC 3261 §20.42, RFC 3581).
struct Via {
    std::string transport;  ///< upper-case
    std::string host;       ///< sent-by host
    std::uint16_t port{};   ///< 0: none
    std::string branch;
    std::string received;
    std::optional<std::uint16_t> rport;  ///< 0: present without value
};

/// True if the sender of this top Via obeys RFC 2543 rather than 3261: its branch has no magic
/// cookie (RFC 3261 §8.1.1.7), or nothing behind it (RFC 4475 §3.2.1).
[[nodiscard]] bool is_legacy(const Via& via);

/// A From, To, Contact, Route or Record-Route element.
struct NameAddr {
    std::string display;  ///< unquoted
    Uri uri;
    std::vector<Parameter> params;

    [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const;
    /// The `tag` parameter, or empty.
    [[nodiscard]] std::string_view tag() const;
};

/// These five are read once a message and then remembered by it; they live as long as it does.
[[nodiscard]] const Result<Via>& top_via(const Message& message);
[[nodiscard]] const Result<NameAddr>& from(const Message& message);
[[nodiscard]] const Result<NameAddr>& to(const Message& message);
/// The first Contact with a URI; NotFound if there is none.
[[nodiscard]] const Result<NameAddr>& contact(const Message& message);
/// The Request-URI of a request.
[[nodiscard]] const Result<Uri>& request_uri(const Message& message);
/// All elements of `Field::Route` or `Field::RecordRoute`, top first.
[[nodiscard]] Result<std::vector<NameAddr>> routes(const Message& message, Field field);
/// The tag of From or To without the rest of the grammar: for matching. Empty: none.
std::string_view tag_of(const Message& message, Field from_or_to);

/// One element of a name-addr list as it stands in a configuration or in a stored dialog.
[[nodiscard]] Result<NameAddr> parse_name_addr(std::string_view text);

/// RFC 3261 §20.22: 0..255. Missing: 70 (§16.6, step 3). Anything else is Malformed.
[[nodiscard]] Result<std::uint32_t> max_forwards(const Message& message);
/// The tokens of all lines of a comma list field (Require, Supported, Allow …), verbatim.
std::vector<std::string_view> tokens(const Message& message, Field field);
/// RFC 3261 §20.33: the seconds of Retry-After, without comment and parameters.
std::optional<std::uint32_t> retry_after(const Message& message);
/// RFC 3261 §20.19: the seconds of Expires; nothing if it is missing or no number.
std::optional<std::uint32_t> expires(const Message& message);

/// A name as it is safe inside a quoted-string: quote and backslash escaped, control characters
/// gone.
std::string quoted(std::string_view display);

}  // namespace causeway::sip
