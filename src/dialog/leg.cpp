#include "causeway/dialog/leg.hpp"

#include "request.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/sip/body.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"

#include <algorithm>

namespace causeway::dialog {
namespace {

constexpr int kTransactionLife = 64;  // in T1: RFC 3261 §13.3.1.4, §17.1.1.2

}  // namespace

// ── beginning
// ───────────────────────────────────────────────────────────────────────────────────────

Result<Leg> Leg::uas(Local local, transaction::Key invite, sip::Message message,
                     const sip::Source& source) {
    State state;
    state.role = Role::Uas;
    state.call_id = message.call_id();
    state.local_tag = std::move(local.tag);
    state.remote_tag = sip::tag_of(message, sip::Field::From);
    state.local = plain_name_addr(message, sip::Field::To);
    state.remote = plain_name_addr(message, sip::Field::From);
    state.remote_target = contact_uri(message);
    if (state.remote_target.empty() && !state.remote.empty() &&
        !message.first(sip::Field::Contact)) {
        state.remote_target =
            state.remote.substr(1, state.remote.size() - 2);  // as RFC 2543 has it
    }
    if (state.local.empty() || state.remote.empty() || state.remote_target.empty()) {
        return fail(Errc::Malformed, "an INVITE without usable From, To or Contact");
    }
    state.routes = route_set(message, Role::Uas);
    state.contact = std::move(local.contact);
    state.remote_cseq = message.cseq();
    state.invite_cseq = message.cseq();
    state.source = sip::back_to(source);
    Leg leg(std::move(state));
    leg.timers_ = local.timers;
    leg.pending_.emplace(Pending{invite, std::move(message), source});
    return leg;
}

Leg Leg::uac(Invitation invitation) {
    State state;
    state.role = Role::Uac;
    state.call_id = std::move(invitation.call_id);
    state.local_tag = std::move(invitation.local_tag);
    state.local = std::move(invitation.from);
    state.remote = std::move(invitation.to);
    state.remote_target = invitation.request_uri;
    state.contact = std::move(invitation.contact);
    state.local_cseq = kOurInvite;
    state.invite_cseq = kOurInvite;
    state.source = invitation.target;

    auto builder = sip::Builder::request("INVITE", invitation.request_uri);
    builder.add("Max-Forwards", std::to_string(invitation.max_forwards));
    builder.add("From", state.local + ";tag=" + state.local_tag);
    builder.add("To", state.remote);
    builder.add("Call-ID", state.call_id);
    builder.add("CSeq", std::to_string(kOurInvite) + " INVITE");
    builder.add("Contact", state.contact);
    builder.add("Allow", kAllow);
    for (const sip::Header& header : invitation.headers) {
        builder.add(header.name, header.value);
    }
    Leg leg(std::move(state));
    leg.outputs_.push_back(
        Ask{std::move(builder).finish("application/sdp", invitation.sdp), invitation.target});
    return leg;
}

std::vector<Output> Leg::dismiss(const sip::Message& answer, const sip::Source& source,
                                 std::string_view contact) {
    State state;
    state.role = Role::Uac;
    state.call_id = answer.call_id();
    state.local_tag = sip::tag_of(answer, sip::Field::From);
    state.remote_tag = sip::tag_of(answer, sip::Field::To);
    state.local = plain_name_addr(answer, sip::Field::From);
    state.remote = plain_name_addr(answer, sip::Field::To);
    state.contact = contact;
    state.local_cseq = answer.cseq();
    state.invite_cseq = answer.cseq();
    state.remote_target =
        state.remote.size() > 2 ? state.remote.substr(1, state.remote.size() - 2) : std::string();
    state.source = sip::back_to(source);
    Leg leg(std::move(state));
    leg.confirm(answer, source);
    leg.send_bye();
    std::vector<Output> outputs;
    while (auto output = leg.poll()) {
        outputs.push_back(std::move(*output));
    }
    return outputs;
}

Leg Leg::restored(State state, const transaction::Timers& timers, Time now) {
    Leg leg(std::move(state));
    if (auto& repeating = leg.state_.repeating) {
        repeating->next = std::max(repeating->next, now);  // what was missed is not made up for
    }
    leg.timers_ = timers;
    return leg;
}

State Leg::snapshot() const {
    State state = state_;
    state.source.connection = {};
    if (auto& repeating = state.repeating) {
        repeating->to.connection = {};
        repeating->next = in_millis(repeating->next);
        repeating->give_up = in_millis(repeating->give_up);
    }
    return state;
}

bool Leg::is_answered_already(const sip::Message& invite) const {
    return state_.repeating && !repeating_key_ && invite.method() == "INVITE" &&
           invite.cseq() == state_.invite_cseq && invite.call_id() == state_.call_id &&
           is_from_peer(invite);
}

void Leg::repeat() {
    if (!state_.repeating) {
        return;
    }
    if (repeating_key_) {
        outputs_.push_back(Respond{repeating_key_, state_.repeating->bytes});
    } else {
        outputs_.push_back(Repeat{state_.repeating->bytes, state_.repeating->to});
    }
}

bool Leg::is_from_peer(const sip::Message& request) const {
    return state_.remote_tag == sip::tag_of(request, sip::Field::From);
}

std::string Leg::offer() const {
    return pending_ ? sdp_body(pending_->message) : std::string();
}

// ── what the owner wants
// ────────────────────────────────────────────────────────────────────────────

void Leg::respond(const sip::Status& status, const std::vector<sip::Header>& headers,
                  std::string_view sdp, Time now) {
    if (!pending_) {
        return;
    }
    auto builder =
        sip::Builder::response(pending_->message, pending_->source, status, state_.local_tag);
    if (status.code > 100 && status.code < 300) {
        builder.add("Contact", state_.contact);
    }
    if (status.code >= 200 && status.code < 300) {
        builder.add("Allow", kAllow);
    }
    for (const sip::Header& header : headers) {
        builder.add(header.name, header.value);
    }
    std::string bytes = std::move(builder).finish("application/sdp", sdp);
    const transaction::Key key = pending_->key;
    const sip::Target to = sip::response_target(pending_->message, pending_->source);
    if (status.code >= 200) {
        if (status.code < 300 && state_.phase != Phase::Early) {
            refresh_target(pending_->message, pending_->source);  // RFC 3261 §12.2.2
        }
        pending_.reset();
        const bool initial = state_.phase == Phase::Early;
        if (status.code < 300) {
            state_.repeating = Repeating{bytes, to, now + timers_.t1, timers_.t1,
                                         now + kTransactionLife * timers_.t1};
            repeating_key_ = key;
            state_.phase = initial ? Phase::Unacked : state_.phase;
        } else if (initial) {
            outputs_.push_back(Respond{key, std::move(bytes)});
            close();
            return;
        }
    }
    outputs_.push_back(Respond{key, std::move(bytes)});
}

void Leg::end(const std::vector<sip::Header>& headers) {
    state_.bye_headers = headers;
    switch (state_.phase) {
        case Phase::Early:
            CAUSEWAY_ASSERT(state_.phase != Phase::Early);  // the owner answers or gives up instead
            close();
            break;
        case Phase::Unacked:
            state_.phase = Phase::Closing;
            break;
        case Phase::Confirmed:
            if (pending_) {
                respond(sip::status(487), {}, {}, Time{});
            }
            state_.repeating.reset();
            send_bye();
            close();
            break;
        case Phase::Closing:
            if (state_.repeating) {
                state_.repeating.reset();  // asked twice: the ACK is not waited for
                send_bye();
                close();
            }
            break;
        case Phase::Ended:
            break;
    }
}

void Leg::give_up() {
    close();
}

void Leg::send_bye() {
    outputs_.push_back(
        Ask{in_dialog_request(state_, "BYE", ++state_.local_cseq, state_.bye_headers),
            next_hop(state_)});
}

void Leg::close() {
    state_.phase = Phase::Ended;
    outputs_.push_back(Closed{});
}

// ── time
// ────────────────────────────────────────────────────────────────────────────────────────────

std::optional<Time> Leg::deadline() const {
    if (!state_.repeating) {
        return std::nullopt;
    }
    return std::min(state_.repeating->next, state_.repeating->give_up);
}

void Leg::advance(Time now) {
    if (!state_.repeating) {
        return;
    }
    if (now >= state_.repeating->give_up) {
        state_.repeating.reset();
        if (state_.phase == Phase::Closing) {
            send_bye();  // RFC 3261 §13.3.1.4: the dialog is confirmed all the same
            close();
            return;
        }
        state_.phase = Phase::Confirmed;
        outputs_.push_back(NoAck{});
        return;
    }
    while (state_.repeating->next <= now) {
        repeat();
        state_.repeating->interval = std::min(state_.repeating->interval * 2, timers_.t2);
        state_.repeating->next += state_.repeating->interval;
    }
}

std::optional<Output> Leg::poll() {
    return outputs_.pop();
}

}  // namespace causeway::dialog
