#include "causeway/rtp/packet.hpp"

namespace causeway::rtp {
namespace {

constexpr std::size_t kFixedHeader = 12;
constexpr std::size_t kExtensionHeader = 4;

std::uint8_t octet(std::span<const std::byte> bytes, std::size_t at) {
    return std::to_integer<std::uint8_t>(bytes[at]);
}

std::uint16_t word(std::span<const std::byte> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(octet(bytes, at) << 8U | octet(bytes, at + 1));
}

std::uint32_t double_word(std::span<const std::byte> bytes, std::size_t at) {
    return std::uint32_t{word(bytes, at)} << 16U | word(bytes, at + 2);
}

bool is_version_two(std::span<const std::byte> bytes) {
    return octet(bytes, 0) >> 6U == 2;
}

/// Where the payload begins, or nothing if the header claims more than there is.
std::optional<std::size_t> payload_begin(std::span<const std::byte> packet) {
    const std::uint8_t first = octet(packet, 0);
    std::size_t begin = kFixedHeader + std::size_t{4} * (first & 0x0fU);
    if ((first & 0x10U) != 0) {
        if (packet.size() < begin + kExtensionHeader) {
            return std::nullopt;
        }
        begin += kExtensionHeader + std::size_t{4} * word(packet, begin + 2);
    }
    if (packet.size() < begin) {
        return std::nullopt;
    }
    return begin;
}

}  // namespace

std::optional<Header> parse(std::span<const std::byte> packet) noexcept {
    if (packet.size() < kFixedHeader || !is_version_two(packet) || is_rtcp(packet)) {
        return std::nullopt;
    }
    const std::optional<std::size_t> begin = payload_begin(packet);
    if (!begin) {
        return std::nullopt;
    }
    const bool is_padded = (octet(packet, 0) & 0x20U) != 0;
    if (is_padded) {
        const std::size_t padding = octet(packet, packet.size() - 1);
        if (padding == 0 || padding > packet.size() - *begin) {
            return std::nullopt;
        }
    }
    const std::uint8_t second = octet(packet, 1);
    return Header{.payload_type = static_cast<std::uint8_t>(second & 0x7fU),
                  .marker = (second & 0x80U) != 0,
                  .sequence = word(packet, 2),
                  .timestamp = double_word(packet, 4),
                  .ssrc = double_word(packet, 8)};
}

bool is_rtcp(std::span<const std::byte> packet) noexcept {
    return packet.size() >= 2 && is_version_two(packet) && octet(packet, 1) >= 192 &&
           octet(packet, 1) <= 223;
}

}  // namespace causeway::rtp
