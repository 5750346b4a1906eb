#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace causeway {

/// An IP address; IPv4 is held v4-mapped (RFC 4291 §2.5.5.2), so that one type serves both
/// families.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  ///< network order; all zero: unspecified

    auto operator<=>(const IpAddress&) const = default;

    /// From four octets, most significant first.
    static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
    /// Reads a literal: dotted quad, or RFC 4291 text with or without brackets. Names are refused.
    static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool is_v4() const;
    /// True for 0.0.0.0 and ::.
    [[nodiscard]] bool is_unspecified() const;
    [[nodiscard]] bool is_loopback() const;  ///< 127.0.0.0/8 or ::1
    /// Loopback, RFC 1918, RFC 6598, link-local or unique local.
    [[nodiscard]] bool is_private() const;
    [[nodiscard]] bool is_multicast() const;  ///< 224.0.0.0/4 or ff00::/8
    /// Canonical text without brackets (RFC 5952).
    [[nodiscard]] std::string to_string() const;
};

/// An address and a port. Port 0: none.
struct Endpoint {
    IpAddress ip;
    std::uint16_t port{};

    auto operator<=>(const Endpoint&) const = default;

    /// `1.2.3.4:5060`, `[2001:db8::1]:5060`.
    [[nodiscard]] std::string to_string() const;
};

/// The host part as it stands in a URI, a Via or an SDP-independent text: IPv6 in brackets.
std::string uri_host(const IpAddress& ip);

/// An address block. Bits beyond `length` are zero.
struct Cidr {
    IpAddress network;
    std::uint8_t length{};  ///< of the v4-mapped form: 96 + n for IPv4, 0..128 for IPv6

    auto operator<=>(const Cidr&) const = default;

    /// Reads `a.b.c.d[/n]` or `x::y[/n]`; a bare address is a host block. Host bits may be set in
    /// the text: the caller compares `network` with what was written to complain about it.
    static std::optional<Cidr> parse(std::string_view text);
    /// Families do not mix: `::/0` holds every IPv6 address and no IPv4 address.
    [[nodiscard]] bool contains(const IpAddress& ip) const;
    [[nodiscard]] std::string to_string() const;
};

}  // namespace causeway

template <>
struct std::hash<causeway::Endpoint> {
    std::size_t operator()(const causeway::Endpoint& endpoint) const noexcept;
};
