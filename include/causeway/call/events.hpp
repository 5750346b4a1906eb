#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/call/negotiation.hpp"
#include "causeway/call/outcome.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/sip/types.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a call hears, and what it wants done.
namespace causeway::call {

// ── events
// ──────────────────────────────────────────────────────────────────────────────────────────
/// Leg a's INVITE passed all stages; `offer` is its SDP, empty if it brought none.
struct Invited {
    intake::Plan plan;
    std::string offer;
};
/// Ports are reserved; the endpoints are ours, as peers see them.
struct FlowOpened {
    FlowId flow;
    Endpoint a_side;
    Endpoint b_side;
};
struct FlowFailed {};
/// Leg b: a provisional answer, 100 included.
struct Progress {
    LegId leg;
    sip::Status status;
};
/// Leg b answered 2xx and has its ACK.
struct Answered {
    LegId leg;
    std::string answer;
};
/// Whose word a refusal is.
enum class Origin : std::uint8_t {
    Peer,       ///< a final answer of the far end
    Transport,  ///< timer B, or the request could not be delivered
};
/// Leg b: a final answer of 300 or more, or what stands for it.
struct Refused {
    LegId leg;
    sip::Status status;
    Origin origin{};
};
/// Leg a sent CANCEL; its INVITE waits for 487.
struct Cancelled {};
/// The ACK of our 2xx (INVITE or re-INVITE); a body answers the offer we made in it.
struct Acked {
    LegId leg;
    std::string answer;
};
/// 64·T1 without that ACK.
struct NoAck {
    LegId leg;
};
/// A re-INVITE; an empty offer asks for ours. Answered by `Reply`.
struct Offered {
    LegId leg;
    std::string offer;
};
/// The peer sent BYE.
struct Ended {
    LegId leg;
};
/// What `EndLeg` or a refusing `Reply` asked for is done.
struct Closed {
    LegId leg;
};
/// This end has sent no packet for `media_timeout`.
struct Silent {
    End end{};
};
/// We end the call: drain deadline, API. `reason` is a constant token. Of a call that is ending
/// already: at once, without waiting for leg a's ACK.
struct HangUp {
    std::string_view reason;
    Cause cause{};
};
using Event = std::variant<Invited, FlowOpened, FlowFailed, Progress, Answered, Refused, Cancelled,
                           Acked, NoAck, Offered, Ended, Closed, Silent, HangUp>;

// ── commands
// ────────────────────────────────────────────────────────────────────────────────────────
/// Ports on leg a's interface and on this one, for the attempts that leave there.
struct OpenFlow {
    InterfaceId b_interface;
};
/// A new leg b toward `plan.route.targets[target]`.
struct SendInvite {
    LegId leg;
    std::size_t target{};
    std::string offer;
};
/// Answers the leg's waiting INVITE or re-INVITE.
struct Reply {
    LegId leg;
    sip::Status status;
    std::vector<sip::Header> headers;
    std::string sdp;
};
struct ConnectFlow {
    FlowId flow;
    MediaSide a;
    MediaSide b;
};
/// Ends a leg by its state: an unanswered leg b gets CANCEL, an answered leg BYE, once its ACK is
/// in; the second time for a leg: BYE now.
struct EndLeg {
    LegId leg;
    std::vector<sip::Header> headers;  ///< of a BYE or CANCEL
};
struct CloseFlow {
    FlowId flow;
};
/// Exactly once, and last.
struct Finish {};
using Command = std::variant<OpenFlow, SendInvite, Reply, ConnectFlow, EndLeg, CloseFlow, Finish>;
using Commands = std::vector<Command>;

}  // namespace causeway::call
