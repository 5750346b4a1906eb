#include "support/sim/simulation.hpp"

#include "causeway/call/snapshot.hpp"

/// What is planned before anything happens: calls, noise, and what goes wrong.
namespace causeway::testing::sim {
namespace {

constexpr Millis kBlink{8000};  // RFC 3261's repetitions outlive it
constexpr Millis kLong{60'000};
constexpr Millis kShort{200};

}  // namespace

/// As `legs_in` names it.
std::string Simulation::leg_of(const LivekitCall& call) {
    return call.call_id + " " + call.scl_id;
}

/// The legs that go on: whoever has one of them must not notice anything.
std::set<std::string> Simulation::legs_in(const std::vector<std::string>& snapshots) {
    std::set<std::string> legs;
    for (const std::string& bytes : snapshots) {
        const auto call = call::decode(bytes, {clock_.now(), clock_.wall()});
        if (!call) {
            violation("a snapshot cannot be read: " + call.error().what);
            continue;
        }
        if (call->a && call->a_open) {
            legs.insert(call->a->call_id + " " + call->a->remote_tag);
        }
        if (call->b && call->b_open) {
            legs.insert(call->b->call_id + " " + call->b->remote_tag);
        }
    }
    return legs;
}

void Simulation::plan_calls() {
    network_.set(setting_.weather);
    report_.calls = setting_.calls;
    for (std::size_t i = 0; i < setting_.calls; ++i) {
        Carrier& carrier = *chance_.pick(carriers_);
        schedule_.after(chance_.between(Millis{0}, setting_.span), [this, &carrier] {
            if (!carrier.is_dead()) {
                carrier.place_call(a_number(chance_));
            }
        });
    }
    for (std::size_t i = setting_.vandals ? 60 : 0; i > 0; --i) {
        schedule_.after(chance_.between(Millis{0}, setting_.span), [this] {
            vandals_[chance_.below(vandals_.size())].strike(a_number(chance_));
        });
    }
}

void Simulation::plan_disasters() {
    const auto sometime = [this](auto what) {
        schedule_.after(chance_.between(Millis{0}, setting_.span), std::move(what));
    };
    for (const auto& carrier : carriers_) {
        if (chance_.percent(8)) {
            sometime([this, &agent = *carrier] { outage(agent); });
        }
    }
    for (const auto& gateway : gateways_) {
        if (chance_.percent(20)) {
            sometime([this, &agent = *gateway] { outage(agent); });
        }
    }
    for (std::size_t i = 0; i < livekits_.size(); ++i) {
        if (chance_.percent(10)) {
            sometime([this, i] { livekit_outage(i); });
        }
    }
    if (chance_.percent(10)) {
        sometime([this] { crash(); });
    }
    if (chance_.percent(5)) {
        sometime([this] {
            if (engine_) {
                note("hang_up_all");
                for (const auto& carrier : carriers_) {
                    carrier->excuse_setup();  // a 200 that got lost now is not repeated
                }
                engine_->hang_up_all("drain_deadline", call::Cause::Indeterminate);
            }
        });
    }
}

/// Cut off or dead, for a moment or for long, with or without its memory.
void Simulation::outage(Agent& agent) {
    const bool is_long = chance_.percent(50);
    const bool by_network = chance_.percent(40);
    const bool forgets = is_long && !by_network && chance_.percent(50);
    const bool tells = !by_network && chance_.percent(30);
    const Millis length = chance_.between(kShort, is_long ? kLong : kBlink);
    note("outage of " + agent.address().to_string() + " for " + std::to_string(length.count()) +
         (by_network ? " ms, cut off" : " ms, dead") + (forgets ? ", forgets" : ""));
    if (by_network) {
        network_.cut(agent.address());
    } else {
        agent.set_dead(true);
    }
    if (tells) {
        network_.close(agent.address());
    }
    if (is_long || tells) {
        agent.cut_off();
    }
    schedule_.after(length, [this, &agent, forgets] {
        network_.mend(agent.address());
        network_.reopen(agent.address());
        agent.set_dead(false);
        agent.mended();
        if (forgets) {
            agent.forget();
        }
    });
}

void Simulation::livekit_outage(std::size_t index) {
    const bool is_long = chance_.percent(50);
    note("outage of LiveKit " + std::to_string(index));
    livekit_excused_[index] = true;
    livekits_[index]->set_dead(true);
    schedule_.after(chance_.between(kShort, is_long ? kLong : kBlink),
                    [this, index] { livekits_[index]->set_dead(false); });
}

/// The process dies, with all it knows or after it has written it down, and another one takes its
/// place.
void Simulation::crash() {
    if (!engine_) {
        return;
    }
    const bool writes = chance_.percent(70);
    note(writes ? "the SBC stops" : "the SBC dies");
    if (writes) {
        engine_->count_media();
        relay_->pump();
    }
    const std::vector<std::string> snapshots =
        writes ? engine_->snapshots() : std::vector<std::string>();
    expected_ += engine_->counters().finished + engine_->counters().rejected;
    amnesty_ = true;
    engine_.reset();
    const std::set<std::string> kept = legs_in(snapshots);
    schedule_.after(chance_.between(Millis{500}, Millis{5000}), [this, snapshots, kept] {
        note("the SBC is back");
        for (const auto& carrier : carriers_) {
            carrier->excuse_all_but(kept);
        }
        for (const auto& gateway : gateways_) {
            gateway->excuse_all_but(kept);
        }
        for (const auto& livekit : livekits_) {
            for (const LivekitCall& call : livekit->live()) {
                if (!kept.contains(leg_of(call))) {
                    lost_with_us_.insert(leg_of(call));
                }
            }
        }
        start_plane();
        for (const std::string& snapshot : snapshots) {
            const auto taken = engine_->restore(snapshot);
            if (!taken) {
                violation("a call was not taken up: " + taken.error().what);
            }
            ++report_.restored;
        }
    });
}

/// The weather clears up, everybody is there, and nobody begins anything new.
void Simulation::settle_down() {
    note("settling down");
    network_.set({Millis{1}, Millis{1}, 0, 0});
    for (const auto& carrier : carriers_) {
        network_.mend(carrier->address());
        network_.reopen(carrier->address());
        carrier->settle_down();
    }
    for (const auto& gateway : gateways_) {
        network_.mend(gateway->address());
        network_.reopen(gateway->address());
        gateway->settle_down();
    }
    for (const auto& livekit : livekits_) {
        livekit->set_dead(false);
    }
}

}  // namespace causeway::testing::sim
