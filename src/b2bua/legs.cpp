#include "conductor.hpp"

#include "causeway/call/leg_b.hpp"
#include "causeway/sip/grammar.hpp"

#include <utility>

/// What legs want done and what they report, translated for the transaction layer and the call.
namespace causeway::b2bua {

dialog::Leg* Conductor::leg_of(Call& call, const LegId& id) {
    if (id.is_a()) {
        return call.a ? &*call.a : nullptr;
    }
    return call.b && id == call.b_id ? &*call.b : nullptr;
}

void Conductor::handle(transaction::Response& action) {
    const auto id = book_.by_key(action.key);
    Call* call = id ? book_.find(id->call) : nullptr;
    dialog::Leg* leg = call != nullptr ? leg_of(*call, *id) : nullptr;
    if (call != nullptr) {
        note_heard(*call, *id);
    }
    if (leg == nullptr || !leg->receive_response(action.message, action.from)) {
        dismiss(action.message, action.from, Dismissal::Answered);
        return;
    }
    drain(*call, *id);
    run(*call);
}

void Conductor::handle(transaction::Stray& action) {
    // Perhaps it belongs to a live call whose INVITE transaction is gone: then only its ACK was
    // lost.
    const auto id =
        book_.by_dialog(action.message.call_id(), sip::tag_of(action.message, sip::Field::From));
    Call* call = id ? book_.find(id->call) : nullptr;
    dialog::Leg* leg = call != nullptr ? leg_of(*call, *id) : nullptr;
    if (leg != nullptr && leg->receive_response(action.message, action.from)) {
        drain(*call, *id);
        run(*call);
    } else if (dismissals_.may_answer_stray(now_)) {
        dismiss(action.message, action.from, Dismissal::Stray);
    }
}

/// Nobody waits for this answer: ACK it, then end the call it began. One that nobody asked for is
/// answered where it came from alone: its Contact could name anybody.
void Conductor::dismiss(const sip::Message& answer, const sip::Source& from, Dismissal kind) {
    const bool is_success = answer.status() >= 200 && answer.status() < 300;
    if (!is_success || answer.method() != "INVITE") {
        return;
    }
    const bool is_first =
        dismissals_.is_first(hash_of(answer.call_id(), sip::tag_of(answer, sip::Field::From),
                                     sip::tag_of(answer, sip::Field::To)));
    const sip::Target back = sip::back_to(from);
    const auto target = [&](const sip::Target& wanted) {
        return kind == Dismissal::Stray ? back : served(wanted, back);
    };
    for (dialog::Output& output :
         dialog::Leg::dismiss(answer, from, contact_on(from.interface, from.transport))) {
        if (const auto* post = std::get_if<dialog::Post>(&output)) {
            layer_.send(post->bytes, target(post->to));
        } else if (const auto* ask = std::get_if<dialog::Ask>(&output); ask && is_first) {
            layer_.request(ask->bytes, target(ask->to), now_);
        }
    }
}

/// Of a dialog that may be forgotten.
std::uint64_t Conductor::hash_of(std::string_view call_id, std::string_view local_tag,
                                 std::string_view remote_tag) const {
    std::string dialog(call_id);
    return tags_(dialog.append("\n").append(local_tag).append("\n").append(remote_tag));
}

std::string Conductor::contact_on(InterfaceId id, sip::Transport transport) const {
    return call::contact_of(interface(id), transport);
}

void Conductor::drain(Call& call, const LegId& id) {
    while (dialog::Leg* leg = leg_of(call, id)) {
        auto output = leg->poll();
        if (!output) {
            return;
        }
        std::visit([&](auto& alternative) { perform(alternative, call, id); }, *output);
    }
}

void Conductor::perform(dialog::Respond& output, Call& call, const LegId& leg) {
    if (output.key != call.a_invite) {
        note(call, leg.is_a() ? Way::ToA : Way::ToB, leg, output.bytes);
    }
    layer_.respond(output.key, output.bytes, now_);
}

void Conductor::perform(dialog::Repeat& output, Call& call, const LegId& leg) {
    note(call, leg.is_a() ? Way::ToA : Way::ToB, leg, output.bytes);
    send({}, output.to, output.bytes);
}

/// A peer may ask for a transport that we do not listen on, and could then not answer: it is
/// reached as before.
const sip::Target& Conductor::served(const sip::Target& wanted, const sip::Target& before) const {
    return interface(wanted.interface).port(wanted.transport) != 0 ? wanted : before;
}

void Conductor::perform(dialog::Ask& output, Call& call, const LegId& leg) {
    const dialog::State& state = leg_of(call, leg)->state();
    farewells_.note(hash_of(state.call_id, state.local_tag, state.remote_tag));
    note(call, leg.is_a() ? Way::ToA : Way::ToB, leg, output.bytes);
    // BYE: nobody waits for its answer
    layer_.request(output.bytes, served(output.to, state.source), now_);
}

void Conductor::perform(dialog::Post& output, Call& call, const LegId& leg) {
    note(call, leg.is_a() ? Way::ToA : Way::ToB, leg, output.bytes);
    layer_.send(output.bytes, served(output.to, leg_of(call, leg)->state().source));
}

void Conductor::perform(dialog::Progress& output, Call& call, const LegId& leg) {
    call.inbox.push_back(call::Progress{leg, std::move(output.status)});
}

void Conductor::perform(dialog::Answered& output, Call& call, const LegId& leg) {
    call.inbox.push_back(call::Answered{leg, std::move(output.body)});
}

void Conductor::perform(dialog::Refused& output, Call& call, const LegId& leg) {
    call.inbox.push_back(call::Refused{leg, std::move(output.status), call::Origin::Peer});
    drop_b(call);
}

void Conductor::perform(dialog::Acked& output, Call& call, const LegId& leg) {
    memory_.shorten(call.trail);  // the call stands
    call.inbox.push_back(call::Acked{leg, std::move(output.body)});
}

void Conductor::perform(dialog::NoAck& /*output*/, Call& call, const LegId& leg) {
    call.inbox.push_back(call::NoAck{leg});
}

void Conductor::perform(dialog::Offered& output, Call& call, const LegId& leg) {
    call.inbox.push_back(call::Offered{leg, std::move(output.body)});
}

void Conductor::perform(dialog::PeerEnded& /*output*/, Call& call, const LegId& leg) {
    call.inbox.push_back(call::Ended{leg});
}

void Conductor::perform(dialog::Closed& /*output*/, Call& call, const LegId& leg) {
    call.inbox.push_back(call::Closed{leg});
}

}  // namespace causeway::b2bua
