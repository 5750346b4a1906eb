#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace causeway::store {

/// How a key's value is built.
enum class Shape : std::uint8_t {
    Scalar,
    List,       ///< of scalars
    OneOrList,  ///< a list of scalars; a single one stands for a list of one
    Map,
    Maps,       ///< a list of maps
    ShortMaps,  ///< a list of maps; a scalar stands for the map's first key
};

/// What a scalar (or each element of a list) is.
enum class Form : std::uint8_t {
    None,       ///< maps have none
    Text,       ///< anything without control characters
    Name,       ///< letter or digit, then letters, digits, `.`, `_`, `-`
    TenantId,   ///< a Name without `_`
    Host,       ///< a host name or an address
    Address,    ///< an IPv4 or IPv6 address
    Block,      ///< an address block, `10.0.0.0/8`
    Listener,   ///< `udp:PORT`, `tcp:PORT`, `tls:PORT`
    Socket,     ///< `ADDRESS:PORT`
    PortRange,  ///< `FIRST-LAST`
    Integer,    ///< within `values`
    Switch,     ///< `true` or `false`
    Choice,     ///< one of `values`
    Duration,   ///< `500ms 30s 5m 1h 1d`
    Header,     ///< the name of a SIP header field
    Uri,        ///< a SIP URI
    Url,        ///< `https://…`, `http://…`; `redis://…` where `values` says so
    Path,       ///< of a file or folder
    Secret,     ///< literal, `${VARIABLE}` or `file:/path`; `$$` is a `$`
    Did,        ///< a number, or a prefix of numbers and `*`
    Prefix,     ///< `+` and the first digits of numbers
    CallerId,   ///< `own`, `any` or a Did
    Digits,     ///< digits as dialled
};

enum class Presence : std::uint8_t { Optional, Required };

/// What this version does with a key (PRODUCT §2). Asking for nothing is never reported: an empty
/// list or text, `false`, 0, the default of a Choice.
enum class Effect : std::uint8_t {
    Full,
    Later,   ///< checked, then ignored: a warning
    Unsafe,  ///< checked; ignoring it would be unsafe: an error, a warning of the file alone
};

/// When a new value of a key takes effect.
enum class Applies : std::uint8_t {
    Reload,   ///< SIGHUP
    Restart,  ///< a reload that would change it is refused
};

/// One key of the file. Parsing, the JSON Schema and the tables of docs/CONFIG.md follow from the
/// table of these alone.
struct Key {
    std::string_view path;  ///< `carriers[].numbers.country`
    Shape shape{};
    Form form{};
    Presence presence{};
    std::string_view fallback;  ///< the default as it would be written; empty: none
    std::string_view values;  ///< `a|b` of a Choice, `1..64` of an Integer, with `auto|` before it
    std::string_view doc;     ///< one sentence
    Effect effect{Effect::Full};       ///< of the key and of everything in it
    Applies applies{Applies::Reload};  ///< likewise

    /// The last part of the path.
    [[nodiscard]] std::string_view name() const;
    /// The path of the map that it stands in, with `[]` if that is an element; empty: the file.
    [[nodiscard]] std::string_view parent() const;
};

/// Every key of this version, parents before children.
std::span<const Key> keys();

}  // namespace causeway::store
