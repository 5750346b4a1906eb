#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/rtp/leg_stats.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace causeway::port {

/// The audio of calls. Ports are bound on the sip thread, then handed to a relay thread: no hop
/// stands before the INVITE that leaves. Thread: sip calls, and the listener is called there too.
class MediaRelay {
public:
    /// Which end of a flow.
    enum class End : std::uint8_t { A, B };

    /// What a successful `open` reserved. The endpoints are the *advertised* ones, for our SDP;
    /// RTCP is port + 1.
    struct Opened {
        FlowId flow;
        Endpoint a_side;
        Endpoint b_side;
    };

    /// Who may be learned as the source of a leg's packets (PRODUCT §6).
    enum class Latch : std::uint8_t {
        Sdp,  ///< the SDP address, the signalling address (any port), or `sources`
        Any,  ///< whoever comes first
    };

    /// One end as signalling has agreed it. A change of `peer`, `rtcp` or `payload_types` starts
    /// learning anew; the same values again keep the lock.
    struct Side {
        Endpoint peer;  ///< from SDP; we send here until locked. Unspecified or port 0: nowhere
        Endpoint rtcp;  ///< from SDP
        IpAddress signalling;       ///< where the leg's signalling comes from
        std::vector<Cidr> sources;  ///< further addresses of the carrier's media
        Latch latch{Latch::Sdp};
        std::vector<std::uint8_t> payload_types;  ///< negotiated; others are dropped and counted
        bool hears{true};        ///< false: the peer asked us not to send (hold, RFC 3264 §8.4)
        bool speaks{true};       ///< false: the peer has said that it sends nothing
        bool wants_rtcp{true};   ///< false: it takes no part in RTCP (LiveKit). RTCP ports are
                                 ///< bound at the first `connect`, if both ends take part
        Millis media_timeout{};  ///< report `on_silent` after this long without a packet; 0: never

        bool operator==(const Side&) const = default;
    };

    using LegStats = rtp::LegStats;
    using Stats = rtp::FlowStats;

    class Listener {
    public:
        virtual ~Listener() = default;
        /// The flow is gone, its ports are free again; the last word about it.
        virtual void on_closed(Ticket ticket, const Stats& stats) = 0;
        /// What a flow that goes on had counted when it was asked.
        virtual void on_counted(FlowId flow, const Stats& stats) = 0;
        /// This end has sent nothing for its `media_timeout`. Reported once until it speaks again.
        virtual void on_silent(FlowId flow, End end) = 0;
    };

    virtual ~MediaRelay() = default;

    /// Reserves an RTP/RTCP pair on each interface and binds its RTP port. Exhausted: no pair or
    /// descriptor is left on one of them; then nothing is held.
    [[nodiscard]] virtual Result<Opened> open(InterfaceId a, InterfaceId b) = 0;
    /// Like `open`, with these very RTP ports: of a call whose peers know them already. Exhausted:
    /// one of them is in use, NotFound: it is none of the interface's.
    [[nodiscard]] virtual Result<Opened> adopt(InterfaceId a, std::uint16_t a_port, InterfaceId b,
                                               std::uint16_t b_port) = 0;
    /// Starts or changes forwarding. Unknown flows are ignored.
    virtual void connect(FlowId flow, const Side& a, const Side& b) = 0;
    /// Ends it; the answer is `on_closed` with this ticket (also for an unknown flow, with zero
    /// stats).
    virtual void close(Ticket ticket, FlowId flow) = 0;
    /// Asks what a flow has counted so far; the answer is `on_counted` within a tick (100 ms). None
    /// comes of a flow that is not connected or is closed meanwhile.
    virtual void count(FlowId flow) = 0;

    /// Pairs in use on an interface, and how many it has.
    struct Usage {
        std::size_t in_use{};
        std::size_t total{};
    };
    [[nodiscard]] virtual Usage usage(InterfaceId interface) const = 0;
};

}  // namespace causeway::port
