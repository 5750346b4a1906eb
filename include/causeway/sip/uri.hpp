#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::sip {

/// A SIP, SIPS or tel URI as a value (RFC 3261 §19.1, RFC 3966). Host and scheme are lower-case;
/// IPv6 hosts are without brackets. For `tel:` the number stands in `user` and `host` is empty.
struct Uri {
    std::string scheme{"sip"};
    std::string user;  ///< still escaped as received; without password
    std::string host;
    std::uint16_t port{};  ///< 0: none given
    std::vector<Parameter> params;

    bool operator==(const Uri&) const = default;
    /// The parameter's value (name compared without case), or nothing.
    [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const;
    /// Text for a Request-URI or inside angle brackets.
    [[nodiscard]] std::string to_string() const;
};

/// Reads one URI with sofia-sip's grammar. Schemes other than sip, sips and tel, headers (`?`),
/// more than 2 KiB, control characters and ports above 65535 are refused.
[[nodiscard]] Result<Uri> parse_uri(std::string_view text);

/// The user part with %-escapes decoded where the result is printable ASCII; else as it was.
std::string unescaped_user(const Uri& uri);

/// The host as an address, if it is a literal.
std::optional<IpAddress> host_ip(const Uri& uri);

}  // namespace causeway::sip
