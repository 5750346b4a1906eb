#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace causeway::rtp {

/// Which end of a flow: leg a's or leg b's.
enum class End : std::uint8_t { A, B };

constexpr End other(End end) {
    return end == End::A ? End::B : End::A;
}
constexpr std::size_t index(End end) {
    return static_cast<std::size_t>(end);
}

/// Why a packet went nowhere. The order is that of port::MediaRelay::LegStats::dropped.
enum class Drop : std::uint8_t {
    NotRtp,         ///< neither RTP nor, on the RTCP port, valid RTCP
    UnknownSource,  ///< not from where this leg's media may come
    NotConnected,   ///< no SDP yet, or the other leg has no address to send to
    RateLimited,    ///< more packets than any voice stream has
    PayloadType,    ///< not negotiated
    OnHold,         ///< the other leg asked us not to send
    Rtcp,           ///< RTCP that is kept from the other leg, or RTCP on the RTP port
    NotSent,        ///< late after a stall of ours, or the operating system would not take it
};
inline constexpr std::size_t kDropKinds = 8;

/// The drop's name as a metric label.
std::string_view to_string(Drop drop) noexcept;

/// A set of RTP payload types.
using PayloadTypes = std::bitset<128>;

/// One end of a flow as signalling has agreed it.
struct Side {
    Endpoint peer;              ///< from SDP; unspecified or port 0: nothing is sent to it
    Endpoint rtcp;              ///< from SDP (RFC 3605, else port + 1)
    IpAddress signalling;       ///< where the leg's signalling comes from
    std::vector<Cidr> sources;  ///< further addresses its media may come from
    bool accepts_any{};         ///< whoever comes first is learned
    PayloadTypes payload_types;
    bool hears{true};
    bool speaks{true};
    bool wants_rtcp{true};
    Millis media_timeout{};

    bool operator==(const Side&) const = default;
    /// Whether a change from `before` to this makes what was learned worthless.
    [[nodiscard]] bool asks_to_learn(const Side& before) const {
        return peer != before.peer || rtcp != before.rtcp || payload_types != before.payload_types;
    }
};

}  // namespace causeway::rtp
