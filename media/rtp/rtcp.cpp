#include "causeway/rtp/rtcp.hpp"

#include <re.h>

#include <cstdint>
#include <memory>

namespace causeway::rtp {
namespace {

constexpr std::size_t kHeader = 4;

struct MemDeref {
    void operator()(void* object) const noexcept { mem_deref(object); }
};
using Buffer = std::unique_ptr<mbuf, MemDeref>;
using Message = std::unique_ptr<rtcp_msg, MemDeref>;

std::uint8_t octet(std::span<const std::byte> bytes, std::size_t at) {
    return std::to_integer<std::uint8_t>(bytes[at]);
}

std::size_t length_of(std::span<const std::byte> bytes) {
    const std::size_t words = std::size_t{octet(bytes, 2)} << 8U | octet(bytes, 3);
    return 4 * (words + 1);
}

/// Version, padding and lengths of all parts (RFC 3550 A.2).
bool is_well_framed(std::span<const std::byte> packet) {
    if (packet.size() < kHeader || (octet(packet, 1) != RTCP_SR && octet(packet, 1) != RTCP_RR)) {
        return false;
    }
    while (packet.size() >= kHeader) {
        const std::size_t length = length_of(packet);
        const bool is_last = length == packet.size();
        const bool is_padded = (octet(packet, 0) & 0x20U) != 0;
        if (octet(packet, 0) >> 6U != RTCP_VERSION || length > packet.size() ||
            (is_padded && !is_last)) {
            return false;
        }
        packet = packet.subspan(length);
    }
    return packet.empty();
}

/// libre prints a line about feedback formats that it does not know; a peer must not be able to
/// make us print, so only what it reads in silence goes there.
bool is_decodable(std::uint8_t type) {
    return type >= RTCP_SR && type <= RTCP_APP;
}

bool decodes(mbuf& buffer, std::size_t begin, std::size_t end) {
    buffer.pos = begin;
    buffer.end = end;
    rtcp_msg* raw = nullptr;
    const int error = rtcp_decode(&raw, &buffer);
    const Message message(raw);
    return error == 0;
}

}  // namespace

bool is_valid_compound(std::span<const std::byte> packet) noexcept {
    if (!is_well_framed(packet)) {
        return false;
    }
    // A counted buffer of libre's own: its decoder may keep references to what it reads.
    const Buffer buffer(mbuf_alloc(packet.size()));
    if (!buffer ||
        mbuf_write_mem(buffer.get(), reinterpret_cast<const std::uint8_t*>(packet.data()),
                       packet.size()) != 0) {
        return false;
    }
    for (std::size_t at = 0; at < packet.size();) {
        const std::span<const std::byte> part = packet.subspan(at);
        const std::size_t end = at + length_of(part);
        if (is_decodable(octet(part, 1)) && !decodes(*buffer, at, end)) {
            return false;
        }
        at = end;
    }
    return true;
}

}  // namespace causeway::rtp
