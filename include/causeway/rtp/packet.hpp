#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace causeway::rtp {

/// What a relay looks at in one RTP packet (RFC 3550 §5.1). The payload is nobody's business here.
struct Header {
    std::uint8_t payload_type{};
    bool marker{};
    std::uint16_t sequence{};
    std::uint32_t timestamp{};
    std::uint32_t ssrc{};
};

/// Reads a datagram as RTP: version 2, and CSRC list, header extension and padding inside its
/// bounds. Nothing if it is not. Never reads outside `packet`, whatever it holds.
[[nodiscard]] std::optional<Header> parse(std::span<const std::byte> packet) noexcept;

/// True if a datagram on an RTP port is RTCP: packet types 192 to 223, which as RTP would be
/// payload types 64 to 95 (RFC 5761 §4).
[[nodiscard]] bool is_rtcp(std::span<const std::byte> packet) noexcept;

}  // namespace causeway::rtp
