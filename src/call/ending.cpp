#include "reply.hpp"

#include "causeway/call/machine.hpp"

#include <utility>

/// How calls end: refused before the answer, or hung up after it. Either way both legs are asked to
/// end, the flow is closed at once, and Finish follows when both have ended.
namespace causeway::call {

void Machine::expired(Timer timer, Time now) {
    switch (timer) {
        case Timer::Attempt:
        case Timer::Silence: {
            const std::string_view reason =
                timer == Timer::Silence ? "livekit_silence" : "no_response";
            end_attempt(0, reason, now);
            commands_.emplace_back(EndLeg{b(), {end_reason(reason)}});
            b_open_ = false;
            failure_ = {sip::status(480), reason, Cause::Upstream, By::B};
            next_attempt(now);
            break;
        }
        case Timer::Ring:
        case Timer::Setup: {
            const bool rang = ledger_.ringing.has_value();
            const std::string_view reason = rang ? "no_answer" : "no_response";
            refuse({sip::status(480), reason, rang ? Cause::Client : Cause::Upstream, By::Causeway},
                   now);
            break;
        }
        case Timer::Expiry:
            refuse({sip::status(487), "cancelled", Cause::Client, By::A}, now);
            break;
        case Timer::Duration:
            hang_up({Cause::Success, By::Causeway, 200, "max_duration"}, now);
            break;
    }
}

void Machine::handle(const Cancelled& /*event*/, Time now) {
    if (phase_ != Phase::Opening && phase_ != Phase::Trying) {
        return;
    }
    refuse({sip::status(487), "cancelled", Cause::Client, By::A}, now);
}

void Machine::handle(const Ended& event, Time now) {
    const bool by_a = event.leg.is_a();
    if (!by_a && (!is_current(event.leg) || phase_ == Phase::Trying)) {
        return;
    }
    (by_a ? a_open_ : b_open_) = false;
    if (phase_ == Phase::Opening || phase_ == Phase::Trying) {
        // BYE before the answer: leg a has its 487 already (RFC 3261 §15.1.2).
        begin_end({Cause::Client, By::A, 487, "cancelled"}, now);
    } else if (phase_ == Phase::Live) {
        hang_up({Cause::Success, by_a ? By::A : By::B, 200, "bye"}, now);
    }
}

void Machine::handle(const NoAck& event, Time now) {
    const bool by_a = event.leg.is_a();
    if (phase_ == Phase::Live && (by_a || is_current(event.leg))) {
        hang_up({by_a ? Cause::Client : Cause::Upstream, By::Causeway, 200, "no_ack"}, now);
    }
}

void Machine::handle(const Silent& event, Time now) {
    if (phase_ == Phase::Live && media_->side(event.end).speaks) {
        const Cause cause = event.end == End::A ? Cause::Client : Cause::Upstream;
        hang_up({cause, By::Causeway, 200, "media_timeout"}, now);
    }
}

void Machine::handle(const HangUp& event, Time now) {
    if (phase_ == Phase::Live) {
        hang_up({event.cause, By::Causeway, 200, event.reason}, now);
    } else if (phase_ == Phase::Opening || phase_ == Phase::Trying) {
        refuse({sip::status(480), event.reason, event.cause, By::Causeway}, now);
    } else if (phase_ == Phase::Ending && a_open_) {
        commands_.emplace_back(EndLeg{a(), {end_reason(event.reason)}});
    }
}

void Machine::handle(const Closed& event, Time /*now*/) {
    if (event.leg.is_a()) {
        a_open_ = false;
    } else if (event.leg == b()) {
        b_open_ = false;
    }
}

void Machine::refuse(const Failure& failure, Time now, std::vector<sip::Header> headers) {
    end_attempt(0, failure.reason, now);
    headers.push_back(reason_header(failure.reason));
    commands_.emplace_back(Reply{a(), failure.status, std::move(headers), {}});
    begin_end({failure.cause, failure.side, failure.status.code, failure.reason}, now);
}

void Machine::hang_up(const Outcome& outcome, Time now) {
    if (a_open_) {
        commands_.emplace_back(EndLeg{a(), {end_reason(outcome.reason)}});
    }
    begin_end(outcome, now);
}

void Machine::begin_end(const Outcome& outcome, Time now) {
    end_attempt(0, outcome.reason, now);
    timers_.fill(std::nullopt);
    if (b_open_) {
        commands_.emplace_back(EndLeg{b(), {end_reason(outcome.reason)}});
    }
    if (flow_) {
        commands_.emplace_back(CloseFlow{std::exchange(flow_, FlowId{})});
    }
    ledger_.ended = now;
    ledger_.outcome = outcome;
    phase_ = Phase::Ending;
}

void Machine::finish_if_done() {
    // A flow that is on its way must be closed first.
    if (phase_ == Phase::Ending && !a_open_ && !b_open_ && !is_opening_) {
        phase_ = Phase::Finished;
        commands_.emplace_back(Finish{});
    }
}

}  // namespace causeway::call
