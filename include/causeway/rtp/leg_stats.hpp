#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace causeway::rtp {

/// What one leg sent us. Loss and jitter per RFC 3550 §6.4.1 and appendix A.
struct LegStats {
    std::uint64_t packets{};
    std::uint64_t bytes{};  ///< RTP payload with header, without UDP and IP
    std::uint64_t lost{};
    double jitter_ms{};
    std::uint64_t forwarded{};               ///< of these, sent on to the other leg
    std::uint64_t rtcp{};                    ///< RTCP packets received
    std::array<std::uint64_t, 8> dropped{};  ///< by rtp::Drop

    bool operator==(const LegStats&) const = default;

    /// Adds what was counted before, by another process. Jitter is no sum: the earlier stands until
    /// something has come.
    LegStats& operator+=(const LegStats& earlier) {
        jitter_ms = packets > 0 ? jitter_ms : earlier.jitter_ms;
        packets += earlier.packets;
        bytes += earlier.bytes;
        lost += earlier.lost;
        forwarded += earlier.forwarded;
        rtcp += earlier.rtcp;
        for (std::size_t i = 0; i < dropped.size(); ++i) {
            dropped[i] += earlier.dropped[i];
        }
        return *this;
    }
};

/// Both legs of a flow.
struct FlowStats {
    LegStats a;
    LegStats b;
    bool operator==(const FlowStats&) const = default;
    FlowStats& operator+=(const FlowStats& earlier) {
        a += earlier.a;
        b += earlier.b;
        return *this;
    }
};

}  // namespace causeway::rtp
