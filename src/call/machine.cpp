#include "causeway/call/machine.hpp"

#include "reply.hpp"

#include <algorithm>
#include <utility>

namespace causeway::call {

// ── entry points
// ────────────────────────────────────────────────────────────────────────────────────

Commands Machine::on(Event event, Time now) {
    std::visit([&](auto& alternative) { handle(alternative, now); }, event);
    finish_if_done();
    return std::exchange(commands_, {});
}

std::optional<Time> Machine::deadline() const {
    std::optional<Time> first;
    for (const auto& timer : timers_) {
        if (timer && (!first || *timer < *first)) {
            first = timer;
        }
    }
    return first;
}

Commands Machine::advance(Time now) {
    for (std::size_t i = 0; i < kTimers; ++i) {
        if (timers_[i] && *timers_[i] <= now) {
            timers_[i].reset();
            expired(static_cast<Timer>(i), now);
        }
    }
    finish_if_done();
    return std::exchange(commands_, {});
}

bool Machine::is_livekit() const {
    return next_target_ > 0 && plan_.route.targets[next_target_ - 1].kind == routing::Kind::Livekit;
}

// ── set-up
// ──────────────────────────────────────────────────────────────────────────────────────────

void Machine::handle(Invited& event, Time now) {
    if (phase_ != Phase::Idle) {
        return;
    }
    phase_ = Phase::Opening;
    plan_ = std::move(event.plan);
    a_open_ = true;
    ledger_.start = now;
    auto negotiation = Negotiation::begin(event.offer, salt_);
    if (!negotiation) {
        refuse({sip::status(488), "media_unsupported", Cause::Client, By::Causeway}, now);
        return;
    }
    media_ = std::move(*negotiation);
    start(Timer::Setup, now + plan_.timers.setup_timeout);
    if (plan_.expires) {
        start(Timer::Expiry, now + *plan_.expires);
    }
    next_attempt(now);
}

void Machine::handle(const FlowFailed& /*event*/, Time now) {
    is_opening_ = false;
    if (phase_ != Phase::Opening) {
        return;
    }
    const auto& targets = plan_.route.targets;
    while (next_target_ < targets.size() &&
           targets[next_target_].address.interface == flow_interface_) {
        ++next_target_;
    }
    if (next_target_ < targets.size()) {
        next_attempt(now);
        return;
    }
    refuse({sip::status(503), "no_ports", Cause::Server, By::Causeway}, now, {retry_after(salt_)});
}

void Machine::handle(const FlowOpened& event, Time now) {
    is_opening_ = false;
    if (phase_ != Phase::Opening) {
        commands_.emplace_back(CloseFlow{event.flow});
        return;
    }
    flow_ = event.flow;
    media_->opened(event.a_side, event.b_side);
    phase_ = Phase::Trying;
    attempt(now);
}

void Machine::next_attempt(Time now) {
    if (next_target_ == plan_.route.targets.size()) {
        refuse(failure_, now);
        return;
    }
    const InterfaceId interface = plan_.route.targets[next_target_++].address.interface;
    if (flow_ && interface == flow_interface_) {
        attempt(now);
        return;
    }
    // Before the 200 leg a knows no address of ours: it loses nothing by a new flow.
    if (flow_) {
        commands_.emplace_back(CloseFlow{std::exchange(flow_, FlowId{})});
    }
    flow_interface_ = interface;
    phase_ = Phase::Opening;
    is_opening_ = true;
    commands_.emplace_back(OpenFlow{interface});
}

void Machine::attempt(Time now) {
    const routing::Target& target = plan_.route.targets[next_target_ - 1];
    ledger_.attempts.push_back({target.group + "/" + target.name, 0, {}, now, std::nullopt});
    auto offer = media_->offer_for(target);
    if (!offer) {
        end_attempt(0, "media_unsupported", now);
        failure_ = {sip::status(488), "media_unsupported", Cause::Client, By::Causeway};
        next_attempt(now);
        return;
    }
    ++current_;
    b_open_ = true;
    heard_ = false;
    above_100_ = false;
    start(Timer::Attempt, now + plan_.timers.no_response);
    commands_.emplace_back(SendInvite{b(), next_target_ - 1, std::move(*offer)});
}

void Machine::end_attempt(int status, std::string_view reason, Time now) {
    stop(Timer::Attempt);
    stop(Timer::Silence);
    if (!ledger_.attempts.empty() && !ledger_.attempts.back().ended) {
        Attempt& attempt = ledger_.attempts.back();
        attempt.status = status;
        attempt.reason = reason;
        attempt.ended = now;
    }
}

void Machine::handle(const Progress& event, Time now) {
    if (phase_ != Phase::Trying || !is_current(event.leg)) {
        return;
    }
    // 199 ends an early dialog (RFC 6228): nobody rings because of it.
    if (event.status.code <= 100 || event.status.code == 199) {
        if (!heard_) {
            start(Timer::Attempt, ledger_.attempts.back().started + plan_.timers.attempt_timeout);
        }
        heard_ = true;
        return;
    }
    heard_ = true;
    above_100_ = true;
    stop(Timer::Attempt);
    if (is_livekit()) {
        start(Timer::Silence, now + plan_.timers.livekit_silence);
    }
    if (!ledger_.ringing) {
        ledger_.ringing = now;
        start(Timer::Ring, now + plan_.timers.ring_timeout);
        commands_.emplace_back(Reply{a(), sip::status(180), {}, {}});
    }
}

void Machine::handle(const Refused& event, Time now) {
    if (phase_ != Phase::Trying || !is_current(event.leg)) {
        return;
    }
    b_open_ = false;
    const bool by_peer = event.origin == Origin::Peer;
    end_attempt(by_peer ? event.status.code : 0,
                by_peer ? std::string_view(event.status.reason) : "no_response", now);
    failure_ = by_peer ? Failure{upstream_status(event.status), "upstream",
                                 cause_of(event.status.code), By::B}
                       : Failure{sip::status(480), "no_response", Cause::Upstream, By::B};
    const bool may_retry = is_livekit() || !above_100_;
    if (may_retry && (!by_peer || is_retryable(event.status.code))) {
        next_attempt(now);
    } else {
        refuse(failure_, now);
    }
}

void Machine::handle(const Answered& event, Time now) {
    if (phase_ != Phase::Trying || !is_current(event.leg)) {
        return;
    }
    end_attempt(200, "answered", now);
    stop(Timer::Setup);
    stop(Timer::Ring);
    stop(Timer::Expiry);
    auto answer = media_->answered(event.answer);
    if (!answer) {
        refuse({sip::status(488), "media_unsupported", Cause::Upstream, By::B}, now);
        return;
    }
    phase_ = Phase::Live;
    ledger_.answered = now;
    ledger_.codec = media_->codec();
    if (plan_.timers.max_duration.count() > 0) {
        start(Timer::Duration, now + plan_.timers.max_duration);
    }
    connect();
    commands_.emplace_back(Reply{a(), sip::status(200), {}, std::move(*answer)});
}

void Machine::connect() {
    commands_.emplace_back(ConnectFlow{flow_, media_->side(End::A), media_->side(End::B)});
}

// ── changes of a live call
// ──────────────────────────────────────────────────────────────────────────

void Machine::handle(const Offered& event, Time /*now*/) {
    const End end = event.leg.is_a() ? End::A : End::B;
    if (phase_ == Phase::Finished) {
        return;
    }
    if (phase_ != Phase::Live || (end == End::B && !is_current(event.leg))) {
        commands_.emplace_back(Reply{event.leg, sip::status(481), {}, {}});
        return;
    }
    auto description =
        event.offer.empty() ? media_->our_offer(end) : media_->reoffered(end, event.offer);
    if (!description) {
        commands_.emplace_back(
            Reply{event.leg, sip::status(488), {reason_header("media_unsupported")}, {}});
        return;
    }
    commands_.emplace_back(Reply{event.leg, sip::status(200), {}, std::move(*description)});
    if (!event.offer.empty()) {
        connect();
    }
}

void Machine::handle(const Acked& event, Time now) {
    const End end = event.leg.is_a() ? End::A : End::B;
    if (phase_ != Phase::Live) {
        return;
    }
    if (media_->reanswered(end, event.answer)) {
        connect();
    } else if (end == End::A && media_->is_open()) {
        // It owed us an answer (RFC 3261 §13.2.1), and nothing in what came can be relayed.
        hang_up({Cause::Client, By::Causeway, 200, "media_unsupported"}, now);
    }
}

}  // namespace causeway::call
