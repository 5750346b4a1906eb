#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/call/ledger.hpp"
#include "causeway/call/negotiation.hpp"
#include "causeway/dialog/state.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/rtp/leg_stats.hpp"
#include "causeway/sip/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::call {

/// Everything an answered call needs to go on in another process: a value. The call's own id is the
/// only one in it; flows, transactions and connections are made anew. Payload types, peers and
/// directions stand in `media`. The relay changes neither SSRC nor sequence numbers, so there are
/// no offsets; which source it had learned is not kept.
struct Snapshot {
    /// Our RTP addresses, as peers know them.
    struct Ports {
        Endpoint a;
        Endpoint b;
        InterfaceId b_interface;  ///< leg a's stands in the plan
        bool operator==(const Ports&) const = default;
    };

    CallId id;
    std::uint64_t salt{};
    bool is_ending{};  ///< its outcome is known, its legs are not all over
    bool a_open{};
    bool b_open{};
    std::uint32_t ordinal{};  ///< of leg b
    std::size_t tried{};      ///< targets of the plan, the one in use included
    intake::Plan plan;
    std::optional<Negotiation> media;
    Ledger ledger;
    std::optional<Time> max_duration;  ///< when it ends by itself
    std::optional<Ports> ports;        ///< empty: its flow is closed

    sip::Source source;  ///< of leg a's INVITE
    std::string a_call_id;
    std::string b_call_id;
    std::string livekit_call_id;
    std::optional<dialog::State> a;  ///< empty: over and forgotten
    std::optional<dialog::State> b;
    /// What the relay had counted when it was last asked, to which the next one adds; jitter in
    /// milliseconds is kept to the microsecond. Empty: nobody has asked.
    std::optional<rtp::FlowStats> counted;

    bool operator==(const Snapshot&) const = default;
};

/// The snapshot as bytes, with a version; monotonic times stand as wall-clock milliseconds.
std::string encode(const Snapshot& snapshot, const Anchor& anchor);
/// Reads what `encode` wrote. Unsupported: another version; Malformed: anything else, also a call
/// whose parts contradict each other.
[[nodiscard]] Result<Snapshot> decode(std::string_view bytes, const Anchor& anchor);

}  // namespace causeway::call
