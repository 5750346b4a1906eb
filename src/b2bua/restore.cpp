#include "conductor.hpp"

#include "causeway/base/log.hpp"
#include "causeway/call/snapshot.hpp"

#include <algorithm>
#include <utility>

/// Calls written down, and taken up by another process.
namespace causeway::b2bua {

void Conductor::count_media() {
    for (const CallId id : book_.ids()) {
        if (const Call& call = *book_.find(id); call.flow) {
            media_->count(call.flow);
        }
    }
}

std::vector<std::string> Conductor::snapshots() const {
    const Anchor anchor{clock_.now(), clock_.wall()};
    std::vector<std::string> list;
    for (const CallId id : book_.ids()) {
        const Call& call = *book_.find(id);
        auto snapshot = call.machine.snapshot();
        if (!snapshot) {
            continue;
        }
        snapshot->source = call.a_source;
        snapshot->source.connection = {};
        snapshot->source.is_dialled = false;
        snapshot->a_call_id = call.a_call_id;
        snapshot->b_call_id = call.b_call_id;
        snapshot->livekit_call_id = call.livekit_call_id;
        if (call.a) {
            snapshot->a = call.a->snapshot();
        }
        if (call.b) {
            snapshot->b = call.b->snapshot();
        }
        snapshot->counted = call.media;
        list.push_back(call::encode(*snapshot, anchor));
    }
    return list;
}

/// Positions that no interface of ours has would be read past the end of the list.
bool Conductor::knows_interfaces(const call::Snapshot& snapshot) const {
    const auto is_known = [this](InterfaceId id) {
        return id.value >= 1 && id.value <= options_.interfaces.size();
    };
    const auto is_leg_known = [&](const std::optional<dialog::State>& leg) {
        return !leg || (is_known(leg->source.interface) &&
                        (!leg->repeating || is_known(leg->repeating->to.interface)));
    };
    const auto& targets = snapshot.plan.route.targets;
    return is_known(snapshot.plan.interface) && is_known(snapshot.source.interface) &&
           (!snapshot.ports || is_known(snapshot.ports->b_interface)) && is_leg_known(snapshot.a) &&
           is_leg_known(snapshot.b) &&
           std::all_of(targets.begin(), targets.end(), [&](const routing::Target& target) {
               return is_known(target.address.interface);
           });
}

FlowId Conductor::adopt_flow(const call::Snapshot& snapshot) {
    if (!snapshot.ports) {
        return {};
    }
    const auto& ports = *snapshot.ports;
    const auto opened =
        media_->adopt(snapshot.plan.interface, ports.a.port, ports.b_interface, ports.b.port);
    if (!opened) {
        log::warn("call.no_ports", {{"call", snapshot.id}, {"error", opened.error().what}});
        return {};
    }
    return opened->flow;
}

void Conductor::adopt_leg(Call& call, std::optional<dialog::Leg>& leg, dialog::State state,
                          const LegId& id) {
    leg = dialog::Leg::restored(std::move(state), options_.timers, now_);
    book_.bind(leg->state(), id);
    if (id.is_a() && leg->state().repeating) {
        unacked_.push_back(call.machine.id());
    }
}

Result<CallId> Conductor::restore(std::string_view snapshot) {
    now_ = clock_.now();
    CAUSEWAY_TRY(call::Snapshot from, call::decode(snapshot, {now_, clock_.wall()}));
    if (!knows_interfaces(from)) {
        return fail(Errc::Unsupported, "a call of an interface that is not here");
    }
    if (book_.find(from.id) != nullptr || book_.calls() >= options_.max_calls) {
        return fail(Errc::Exhausted, "no room for this call, or it is here already");
    }
    Call& call = book_.open(from.id, from.salt);
    call.flow = adopt_flow(from);
    call.machine = call::Machine::restored(from, call.flow);
    if (call.flow) {
        book_.bind(call.flow, from.id);
    }
    call.tally = tally_.place_of(call.machine.plan().tenant.name);
    tally_.began(call.tally);
    call.trail.only_lines();
    call.a_source = from.source;
    call.a_call_id = std::move(from.a_call_id);
    call.b_call_id = std::move(from.b_call_id);
    call.livekit_call_id = std::move(from.livekit_call_id);
    call.b_id = LegId{from.id, from.ordinal};
    call.media = from.counted;
    call.counted_before = from.counted.value_or(port::MediaRelay::Stats{});
    if (from.a) {
        adopt_leg(call, call.a, std::move(*from.a), LegId{from.id, 0});
    }
    if (from.b) {
        adopt_leg(call, call.b, std::move(*from.b), call.b_id);
    }
    call.running = true;
    execute_all(call.machine.resume(now_), call);
    call.running = false;
    run(call);
    settle();
    return from.id;
}

/// The INVITE of a call that was taken up comes again: its 200 was lost, its transaction is gone.
bool Conductor::repeat_answer(const sip::Message& invite) {
    std::erase_if(unacked_, [this](CallId id) {
        const Call* call = book_.find(id);
        return call == nullptr || !call->a || !call->a->state().repeating;
    });
    for (const CallId id : unacked_) {
        Call& call = *book_.find(id);
        if (call.a->is_answered_already(invite)) {
            call.a->repeat();
            drain(call, LegId{id, 0});
            return true;
        }
    }
    return false;
}

}  // namespace causeway::b2bua
