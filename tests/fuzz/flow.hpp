#pragma once

#include "target.hpp"

#include "causeway/rtp/flow.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// A relayed flow for the targets that throw packets at it.
namespace causeway::fuzz {

inline Endpoint media_of(std::uint8_t host, std::uint16_t port) {
    return {IpAddress::v4(192, 0, 2, host), port};
}

inline rtp::Side side_of(std::uint8_t host, unsigned choices) {
    rtp::Side side;
    side.peer = (choices & 1U) != 0 ? Endpoint{} : media_of(host, 4000);
    side.rtcp = media_of(host, 4001);
    side.signalling = IpAddress::v4(192, 0, 2, host);
    side.accepts_any = (choices & 2U) != 0;
    side.payload_types.set(0).set(8).set(101);
    side.hears = (choices & 4U) == 0;
    side.speaks = (choices & 8U) == 0;
    side.wants_rtcp = (choices & 16U) == 0;
    side.media_timeout = Millis(30'000);
    return side;
}

/// An input is a chain of packets: an octet that says by whom, where to and when, two octets of
/// length, the packet.
struct Packet {
    unsigned choices{};
    std::vector<std::byte> bytes;  ///< of exactly its size, so that reading past it is seen

    [[nodiscard]] rtp::End end() const { return (choices & 1U) != 0 ? rtp::End::B : rtp::End::A; }
    [[nodiscard]] bool is_on_rtcp_port() const { return (choices & 2U) != 0; }
    /// The leg's own address, its neighbour's, or a stranger's.
    [[nodiscard]] Endpoint from() const {
        const auto host = static_cast<std::uint8_t>(1 + ((choices >> 2U) & 3U));
        return media_of(host, is_on_rtcp_port() ? 4001 : 4000);
    }
    [[nodiscard]] Millis later() const { return Millis(20 * ((choices >> 4U) & 15U)); }
};

inline Packet take_packet(Input& input) {
    Packet packet;
    packet.choices = input[0];
    input = input.subspan(1);
    std::size_t size = 0;
    for (int i = 0; i < 2 && !input.empty(); ++i) {
        size = size * 256 + input[0];
        input = input.subspan(1);
    }
    const Input bytes = input.first(std::min(size, input.size()));
    input = input.subspan(bytes.size());
    const auto octets = std::as_bytes(bytes);
    packet.bytes.assign(octets.begin(), octets.end());
    return packet;
}

/// The packet passes through the flow; what went in came out unchanged, to a place that may be, or
/// was counted.
[[nodiscard]] inline Result<Endpoint, rtp::Drop> pass(rtp::Flow& flow, const Packet& packet,
                                                      Time now) {
    const std::vector<std::byte> before = packet.bytes;
    const rtp::Leg& leg = flow.leg(packet.end());
    const auto result = packet.is_on_rtcp_port()
                            ? forward_rtcp(flow, packet.end(), packet.bytes, packet.from(), now)
                            : forward(flow, packet.end(), packet.bytes, packet.from(), now);
    EXPECT_EQ(packet.bytes, before);
    EXPECT_EQ(leg.is_locked() && leg.source().ip.is_unspecified(), false);
    if (result) {
        EXPECT_NE(result->port, 0);
        EXPECT_TRUE(flow.is_connected());
    }
    return result;
}

}  // namespace causeway::fuzz
