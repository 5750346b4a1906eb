#include "request.hpp"

#include "causeway/dialog/leg.hpp"
#include "causeway/sip/body.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"

/// What the peer asks, and what it answers to our INVITE.
namespace causeway::dialog {

// ── the peer's requests
// ─────────────────────────────────────────────────────────────────────────────

void Leg::answer(transaction::Key key, const sip::Message& request, const sip::Source& source,
                 const sip::Status& status, const std::vector<sip::Header>& headers) {
    auto builder = sip::Builder::response(request, source, status, state_.local_tag);
    for (const sip::Header& header : headers) {
        builder.add(header.name, header.value);
    }
    outputs_.push_back(Respond{key, std::move(builder).finish()});
}

void Leg::receive(transaction::Key key, sip::Message request, const sip::Source& source,
                  Time /*now*/) {
    const std::string_view method = request.method();
    if (is_answered_already(request)) {
        repeating_key_ = key;  // from now on this transaction is the one that carries our 2xx
        repeat();
        return;
    }
    if (state_.remote_cseq && request.cseq() <= *state_.remote_cseq) {
        answer(key, request, source, sip::status(500));  // out of order: RFC 3261 §12.2.2
        return;
    }
    const bool too_early = state_.role == Role::Uac && state_.phase == Phase::Early;
    if (too_early || (state_.phase == Phase::Ended && method != "BYE")) {
        // A callee may not end an early dialog by BYE (RFC 3261 §15): its final answer does.
        answer(key, request, source, sip::status(481));
        return;
    }
    state_.remote_cseq = request.cseq();
    seen(source);
    if (method == "BYE") {
        const bool was_alive = state_.phase != Phase::Ended;
        answer(key, request, source, sip::status(200));
        if (pending_) {
            respond(sip::status(487), {}, {}, Time{});  // RFC 3261 §15.1.2
        }
        if (was_alive) {
            state_.repeating.reset();
            state_.phase = Phase::Ended;
            outputs_.push_back(PeerEnded{});
        }
    } else if (method == "INVITE") {
        receive_invite(key, std::move(request), source);
    } else if (method == "OPTIONS") {
        answer(key, request, source, sip::status(200),
               {{"Allow", std::string(kAllow)}, {"Accept", std::string(sip::kAcceptedBodies)}});
    } else if (method == "REFER") {
        answer(key, request, source, sip::status(603));
    } else {
        answer(key, request, source, sip::status(405), {{"Allow", std::string(kAllow)}});
    }
}

void Leg::receive_invite(transaction::Key key, sip::Message request, const sip::Source& source) {
    using Kind = sip::SessionBody::Kind;
    const sip::SessionBody body = sip::session_body(request);
    const auto required = sip::tokens(request, sip::Field::Require);
    if (!required.empty()) {
        std::string unsupported(required.front());
        for (std::size_t i = 1; i < required.size(); ++i) {
            unsupported.append(", ").append(required[i]);
        }
        answer(key, request, source, sip::status(420), {{"Unsupported", unsupported}});
    } else if (pending_) {
        // RFC 3261 §14.2: an earlier INVITE of the peer still waits for its final answer.
        answer(key, request, source, sip::status(500),
               {{"Retry-After", std::to_string(1 + request.cseq() % 9)}});
    } else if (state_.repeating || state_.phase != Phase::Confirmed) {
        answer(key, request, source, sip::status(491));
    } else if (body.kind != Kind::None && body.kind != Kind::Sdp) {
        answer(key, request, source, sip::status(415), {sip::acceptable(body.kind)});
    } else {
        state_.invite_cseq = request.cseq();
        outputs_.push_back(Offered{std::string(body.sdp)});
        pending_.emplace(Pending{key, std::move(request), source});
    }
}

void Leg::receive_ack(const sip::Message& ack, const sip::Source& source) {
    if (!state_.repeating || ack.cseq() != state_.invite_cseq) {
        return;  // of an earlier INVITE, or once more
    }
    state_.repeating.reset();
    seen(source);
    if (state_.phase == Phase::Closing) {
        send_bye();
        close();
        return;
    }
    if (state_.phase == Phase::Unacked) {
        state_.phase = Phase::Confirmed;
    }
    outputs_.push_back(Acked{sdp_body(ack)});
}

// ── answers to our INVITE
// ───────────────────────────────────────────────────────────────────────────

bool Leg::receive_response(const sip::Message& response, const sip::Source& source) {
    if (response.method() != "INVITE" || response.cseq() != kOurInvite ||
        state_.role != Role::Uac) {
        return true;  // BYE's answer says nothing we act on
    }
    const sip::Status status{response.status(), std::string(response.reason())};
    const std::string_view tag = sip::tag_of(response, sip::Field::To);
    if (status.code < 200) {
        if (state_.phase == Phase::Early) {
            if (!tag.empty()) {
                state_.remote_tag = tag;
            }
            outputs_.push_back(Progress{status});
        }
    } else if (status.code < 300) {
        return receive_success(response, source);
    } else if (state_.phase == Phase::Early) {
        if (!tag.empty()) {
            state_.remote_tag = tag;
        }
        state_.phase = Phase::Ended;
        outputs_.push_back(Refused{status, sip::retry_after(response)});
    }
    return true;
}

bool Leg::receive_success(const sip::Message& response, const sip::Source& source) {
    if (state_.phase == Phase::Early) {
        confirm(response, source);
        outputs_.push_back(Answered{sdp_body(response)});
        return true;
    }
    const bool has_acked = !state_.ack.empty() || state_.phase == Phase::Confirmed;
    if (!has_acked || sip::tag_of(response, sip::Field::To) != state_.remote_tag) {
        return false;
    }
    if (state_.ack.empty()) {  // a leg taken up from its State
        state_.ack = in_dialog_request(state_, "ACK", kOurInvite, {});
    }
    outputs_.push_back(Post{state_.ack, next_hop(state_)});  // it was lost
    return true;
}

void Leg::confirm(const sip::Message& response, const sip::Source& source) {
    state_.remote_tag = sip::tag_of(response, sip::Field::To);
    state_.routes = route_set(response, Role::Uac);
    refresh_target(response, source);
    state_.phase = Phase::Confirmed;
    state_.ack = in_dialog_request(state_, "ACK", state_.invite_cseq, {});
    outputs_.push_back(Post{state_.ack, next_hop(state_)});
}

void Leg::refresh_target(const sip::Message& message, const sip::Source& source) {
    std::string target = contact_uri(message);
    if (!target.empty()) {
        state_.remote_target = std::move(target);
    }
    seen(source);
}

/// A dialog stays on its interface: a message that came by another one (through NAT, or over a
/// route of its own) is answered there, but our Contact and the peer's way back do not lead through
/// it.
void Leg::seen(const sip::Source& source) {
    if (source.interface == state_.source.interface) {
        state_.source = sip::back_to(source);
    }
}

}  // namespace causeway::dialog
