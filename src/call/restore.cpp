#include "causeway/call/machine.hpp"

#include <utility>

/// From the machine to a snapshot and back.
namespace causeway::call {
namespace {

void round(std::optional<Time>& time) {
    if (time) {
        time = in_millis(*time);
    }
}

Ledger rounded(Ledger ledger) {
    ledger.start = in_millis(ledger.start);
    round(ledger.ringing);
    round(ledger.answered);
    round(ledger.ended);
    for (Attempt& attempt : ledger.attempts) {
        attempt.started = in_millis(attempt.started);
        round(attempt.ended);
    }
    return ledger;
}

/// What its bytes hold: the order of trial stands in the list, a connection is this process's.
void reduce(routing::Target& target) {
    const routing::Target unset;
    target.address.connection = {};
    target.priority = unset.priority;
    target.weight = unset.weight;
}

}  // namespace

std::optional<Snapshot> Machine::snapshot() const {
    if (phase_ < Phase::Live || !ledger_.answered) {
        return std::nullopt;
    }
    Snapshot snapshot;
    snapshot.id = id_;
    snapshot.salt = salt_;
    snapshot.is_ending = phase_ != Phase::Live;
    snapshot.a_open = a_open_;
    snapshot.b_open = b_open_;
    snapshot.ordinal = current_;
    snapshot.tried = next_target_;
    snapshot.plan = plan_;
    snapshot.plan.tenant.id = {};
    for (routing::Target& target : snapshot.plan.route.targets) {
        reduce(target);
    }
    snapshot.media = media_;
    snapshot.ledger = rounded(ledger_);
    snapshot.max_duration = timers_[static_cast<std::size_t>(Timer::Duration)];
    round(snapshot.max_duration);
    if (flow_) {
        snapshot.ports = {media_->local(End::A), media_->local(End::B), flow_interface_};
    }
    return snapshot;
}

Machine Machine::restored(const Snapshot& snapshot, FlowId flow) {
    Machine machine(snapshot.id, snapshot.salt);
    machine.phase_ = snapshot.is_ending ? Phase::Ending : Phase::Live;
    machine.plan_ = snapshot.plan;
    machine.media_ = snapshot.media;
    machine.flow_ = flow;
    machine.flow_interface_ = snapshot.ports ? snapshot.ports->b_interface : InterfaceId{};
    machine.next_target_ = snapshot.tried;
    machine.current_ = snapshot.ordinal;
    machine.heard_ = true;
    machine.above_100_ = true;
    machine.a_open_ = snapshot.a_open;
    machine.b_open_ = snapshot.b_open;
    machine.ledger_ = snapshot.ledger;
    machine.timers_[static_cast<std::size_t>(Timer::Duration)] = snapshot.max_duration;
    return machine;
}

Commands Machine::resume(Time now) {
    if (phase_ == Phase::Live && flow_) {
        connect();
    } else if (phase_ == Phase::Live) {
        hang_up({Cause::Server, By::Causeway, 200, "no_ports"}, now);
    }
    finish_if_done();
    return std::exchange(commands_, {});
}

}  // namespace causeway::call
