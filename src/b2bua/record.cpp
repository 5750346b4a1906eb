#include "record.hpp"

#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <string_view>

namespace causeway::b2bua {
namespace {

std::int64_t milliseconds_between(Time from, Time to) {
    return std::chrono::duration_cast<Millis>(to - from).count();
}

/// Monotonic time on the wall: by its distance to now.
std::optional<WallTime> on_wall(const std::optional<Time>& time, Time now, WallTime wall) {
    if (!time) {
        return std::nullopt;
    }
    return wall - std::chrono::duration_cast<WallTime>(now - *time);
}

}  // namespace

port::CallRecord record_of(const Call& call, Time now, WallTime wall) {
    const intake::Plan& plan = call.machine.plan();
    const call::Ledger& ledger = call.machine.ledger();
    port::CallRecord record;
    record.call_id = call.machine.id();
    record.tenant = plan.tenant.name;
    record.carrier = plan.carrier;
    record.source = call.a_source.peer.to_string();
    record.from = plan.parties.calling;
    record.to = plan.parties.called;
    record.original_to = plan.parties.as_received;
    record.x_to_ip = plan.x_to_ip;
    record.a_call_id = call.a_call_id;
    record.b_call_id = call.b_call_id;
    record.livekit_call_id = call.livekit_call_id;
    for (const call::Attempt& attempt : ledger.attempts) {
        record.attempts.push_back(
            {attempt.gateway, attempt.status, attempt.reason,
             milliseconds_between(attempt.started, attempt.ended.value_or(now))});
    }
    if (!ledger.attempts.empty()) {
        record.gateway = ledger.attempts.back().gateway;
    }
    record.start = *on_wall(ledger.start, now, wall);
    record.ringing = on_wall(ledger.ringing, now, wall);
    record.answer = on_wall(ledger.answered, now, wall);
    record.end = on_wall(ledger.ended, now, wall);
    if (ledger.answered) {
        record.setup_ms = milliseconds_between(ledger.start, *ledger.answered);
        record.duration_ms = milliseconds_between(*ledger.answered, ledger.ended.value_or(now));
    }
    record.outcome = ledger.outcome;
    record.media = call.media;
    record.codec = ledger.codec;
    return record;
}

port::CallRecord record_of(const sip::Message& invite, const sip::Source& from,
                           const Rejection& rejection, WallTime wall) {
    port::CallRecord record;
    record.source = from.peer.to_string();
    if (const auto& caller = sip::from(invite)) {
        record.from = caller->uri.user;
    }
    if (const auto& uri = sip::request_uri(invite)) {
        record.original_to = uri->user;
        record.to = uri->user;
    }
    record.a_call_id = invite.call_id();
    record.start = wall;
    record.end = wall;
    const int kind = rejection.status.code / 100;
    record.outcome = {kind == 4 || kind == 6 ? call::Cause::Client : call::Cause::Server,
                      call::By::Causeway, rejection.status.code, rejection.reason};
    return record;
}

}  // namespace causeway::b2bua
