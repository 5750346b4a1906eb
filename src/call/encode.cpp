#include "causeway/base/archive.hpp"
#include "causeway/call/snapshot.hpp"
#include "causeway/sip/archive.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

/// A call's snapshot field by field. Whoever adds, removes or moves one raises the version.
namespace causeway {
namespace {

constexpr std::uint32_t kVersion = 2;

}  // namespace

namespace tenant {

/// Its id is a position in this process's configuration: the name is enough.
template <class Archive, Of<Tenant> T>
void fields(Archive& archive, T& tenant) {
    archive(tenant.name, tenant.domain, tenant.enabled);
}

}  // namespace tenant

namespace routing {

template <class Archive, Of<Gateway> T>
void fields(Archive& archive, T& gateway) {
    archive(gateway.group, gateway.name, choice(gateway.kind, Kind::Generic), gateway.uri,
            gateway.address, gateway.codecs, gateway.enabled);
}

}  // namespace routing

namespace config {

template <class Archive, Of<CallTimers> T>
void fields(Archive& archive, T& timers) {
    archive(timers.no_response, timers.attempt_timeout, timers.livekit_silence, timers.ring_timeout,
            timers.setup_timeout, timers.max_duration, timers.media_timeout);
}

}  // namespace config

namespace intake {

template <class Archive, Of<Plan> T>
void fields(Archive& archive, T& plan) {
    archive(plan.carrier, plan.interface, plan.tenant, plan.parties, plan.route.targets,
            plan.x_to_ip, plan.max_forwards, plan.pass_headers, plan.timers, plan.expires);
}

}  // namespace intake

namespace rtp {

template <class Archive, Of<LegStats> T>
void fields(Archive& archive, T& leg) {
    constexpr double kMicroseconds = 1000.0;  // of a millisecond
    constexpr double kMost = 4e9;             // more than an hour is no measurement
    auto jitter = static_cast<std::uint32_t>(std::min(leg.jitter_ms * kMicroseconds + 0.5, kMost));
    archive(leg.packets, leg.bytes, leg.lost, jitter, leg.forwarded, leg.rtcp, leg.dropped);
    if constexpr (!std::is_const_v<T>) {
        leg.jitter_ms = jitter / kMicroseconds;
    }
}
template <class Archive, Of<FlowStats> T>
void fields(Archive& archive, T& flow) {
    archive(flow.a, flow.b);
}

}  // namespace rtp

namespace sdp {

template <class Archive, Of<Line> T>
void fields(Archive& archive, T& line) {
    archive(line.type, line.value);
}
template <class Archive, Of<Media> T>
void fields(Archive& archive, T& media) {
    archive(media.lines);
}
template <class Archive, Of<Session> T>
void fields(Archive& archive, T& session) {
    archive(session.lines, session.media);
}
template <class Archive, Of<Codec> T>
void fields(Archive& archive, T& codec) {
    archive(codec.payload_type, codec.name, codec.clock);
}

template <class Archive, Of<Audio> T>
void fields(Archive& archive, T& audio) {
    archive(audio.index, audio.rtp, audio.rtcp, audio.codecs,
            choice(audio.direction, Direction::Inactive));
}

}  // namespace sdp

namespace call {

template <class Archive, Of<MediaSide> T>
void fields(Archive& archive, T& side) {
    archive(side.peer, side.rtcp, side.payload_types, side.hears, side.speaks, side.wants_rtcp);
}
template <class Archive, Of<Negotiation::Party> T>
void fields(Archive& archive, T& party) {
    archive(party.local, party.side, party.session_id, party.version, party.description,
            party.awaiting_answer);
}
template <class Archive, Of<Negotiation> T>
void fields(Archive& archive, T& negotiation) {
    archive(negotiation.offer_, negotiation.asked_, negotiation.is_ours_, negotiation.codec_,
            negotiation.parties_, negotiation.agreed_, negotiation.addresses_);
}
template <class Archive, Of<Attempt> T>
void fields(Archive& archive, T& attempt) {
    archive(attempt.gateway, attempt.status, attempt.reason, attempt.started, attempt.ended);
}
template <class Archive, Of<Snapshot::Ports> T>
void fields(Archive& archive, T& ports) {
    archive(ports.a, ports.b, ports.b_interface);
}
/// All but the outcome's reason, which is a constant text, and the legs, which have their own
/// bytes.
template <class Archive, Of<Snapshot> T>
void fields(Archive& archive, T& call) {
    archive(call.id.value, call.salt, call.is_ending, call.a_open, call.b_open, call.ordinal,
            call.tried, call.plan, call.media, call.ledger.start, call.ledger.ringing,
            call.ledger.answered, call.ledger.ended, call.ledger.attempts, call.ledger.codec,
            choice(call.ledger.outcome.cause, Cause::Indeterminate),
            choice(call.ledger.outcome.side, By::Causeway), call.ledger.outcome.sip_status,
            call.max_duration, call.ports, call.source, call.a_call_id, call.b_call_id,
            call.livekit_call_id);
}

namespace {

std::string encoded(const std::optional<dialog::State>& leg, const Anchor& anchor) {
    return leg ? dialog::encode(*leg, anchor) : std::string();
}

bool fits(const std::optional<dialog::State>& leg, bool is_open, dialog::Role role) {
    const bool lives = leg && leg->phase != dialog::Phase::Ended;
    return lives == is_open && (!leg || leg->role == role);
}

/// What the machine and its owner rely on.
bool is_consistent(const Snapshot& call) {
    const bool are_legs_fit = fits(call.a, call.a_open, dialog::Role::Uas) &&
                              fits(call.b, call.b_open, dialog::Role::Uac);
    const bool is_whole = call.ports && call.a_open && call.b_open;
    const bool is_known = call.tried >= 1 && call.tried <= call.plan.route.targets.size() &&
                          !call.ledger.attempts.empty();
    const bool is_over = call.ledger.ended && !call.ports;
    const bool is_agreed = call.media && call.media->is_agreed();
    return call.id && is_known && are_legs_fit && is_agreed &&
           (call.is_ending ? is_over : is_whole);
}

}  // namespace

std::string encode(const Snapshot& snapshot, const Anchor& anchor) {
    Writer writer(anchor);
    writer(kVersion, snapshot, std::string(snapshot.ledger.outcome.reason),
           encoded(snapshot.a, anchor), encoded(snapshot.b, anchor), snapshot.counted);
    return std::move(writer).take();
}

Result<Snapshot> decode(std::string_view bytes, const Anchor& anchor) {
    Reader reader(bytes, anchor);
    std::uint32_t version{};
    reader(version);
    if (reader.is_good() && version != kVersion) {
        return fail(Errc::Unsupported, "a call of version " + std::to_string(version));
    }
    Snapshot call;
    std::string reason;
    std::array<std::string, 2> legs;
    reader(call, reason, legs, call.counted);
    call.ledger.outcome.reason = reason_token(reason);
    const bool has_reason = !call.ledger.outcome.reason.empty();
    if (!reader.is_done() || has_reason != call.is_ending || (!has_reason && !reason.empty())) {
        return fail(Errc::Malformed, "no call's bytes");
    }
    if (!legs[0].empty()) {
        CAUSEWAY_TRY(call.a, dialog::decode(legs[0], anchor));
    }
    if (!legs[1].empty()) {
        CAUSEWAY_TRY(call.b, dialog::decode(legs[1], anchor));
    }
    if (!is_consistent(call)) {
        return fail(Errc::Malformed, "a call whose parts do not fit");
    }
    return call;
}

}  // namespace call
}  // namespace causeway
