#include "client.hpp"

#include "wire_text.hpp"

#include "causeway/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace causeway::transaction {

namespace {

/// Timer D over an unreliable transport: "at least 32 seconds", whatever T1 is.
constexpr Millis kTimerD{32000};
/// The slot number in branches without a transaction.
constexpr std::uint32_t kNoTransaction = kNoSlot;

constexpr std::string_view kInvite = "INVITE";
constexpr std::string_view kCancel = "CANCEL";

}  // namespace

Key Client::request(std::string_view message, const sip::Target& to, Time now) {
    const std::string_view method = method_of(message);
    if (!CAUSEWAY_ASSERT(method != "ACK" && method != kCancel)) {
        return {};
    }
    const std::uint32_t n = core_.slots.acquire();
    const Key key = core_.slots.key(n);
    const Identity* const identity = core_.identity(to);
    if (identity == nullptr) {
        core_.outbox.push(Failed{key, Errc::Io});
        core_.release(n);
        return key;
    }
    const bool is_invite = method == kInvite;
    Slot& slot = core_.slots[n];
    slot.kind = is_invite ? Kind::InviteClient : Kind::NonInviteClient;
    slot.state = is_invite ? State::Calling : State::Trying;
    slot.id = {core_.random.next(), core_.hash.text(call_id_of(message))};
    slot.peer = Peer::of(to);
    slot.text = with_via(message, to.transport, identity->sent_by, {n, slot.id.low});
    slot.expires_at = now + core_.lifetime();
    core_.start_retransmission(slot, core_.timers.t1, now);
    core_.schedule(n);
    core_.transmit(n);
    return key;
}

void Client::send(std::string_view message, const sip::Target& to) {
    const Identity* const identity = core_.identity(to);
    if (identity == nullptr) {
        return;
    }
    // The same message repeated has the same branch: to its receiver it is a retransmission.
    const Branch branch{kNoTransaction, core_.hash.text(message)};
    const std::string_view bytes =
        core_.outbox.keep(with_via(message, to.transport, identity->sent_by, branch));
    core_.outbox.push(Transmit{{}, to, bytes});
}

void Client::cancel(std::uint32_t n, std::string_view headers, Time now) {
    Slot& invite = core_.slots[n];
    const bool is_open = invite.state == State::Calling || invite.state == State::Proceeding;
    if (invite.kind != Kind::InviteClient || !is_open || invite.is_cancelled) {
        return;
    }
    Text text = cancel_of(invite.text.view(), headers);
    if (!CAUSEWAY_ASSERT(!text.empty())) {
        return;
    }
    const std::uint32_t m = core_.slots.acquire();
    Slot& slot = core_.slots[m];
    slot.kind = Kind::NonInviteClient;
    slot.state = State::Held;
    slot.id = {core_.random.next(), invite.id.high};  // never on the wire: nothing matches it
    slot.peer = Peer::of(invite.peer.target());
    slot.text = std::move(text);
    slot.partner = n;
    invite.partner = m;
    invite.is_cancelled = true;
    if (invite.state == State::Proceeding) {
        start_cancel(n, now);
    }
}

void Client::start_cancel(std::uint32_t invite, Time now) {
    const std::uint32_t n = core_.slots[invite].partner;
    Slot& slot = core_.slots[n];
    slot.state = State::Trying;
    slot.expires_at = now + core_.lifetime();
    core_.start_retransmission(slot, core_.timers.t1, now);
    core_.schedule(n);
    core_.transmit(n);
    // RFC 3261 §9.1: without a final answer by then the INVITE counts as cancelled.
    core_.slots[invite].expires_at = now + core_.lifetime();
    core_.schedule(invite);
}

std::uint32_t Client::find(const Branch& branch) const {
    if (!core_.slots.has(branch.slot)) {
        return kNoSlot;
    }
    const Slot& slot = core_.slots[branch.slot];
    const bool is_client = slot.kind == Kind::InviteClient || slot.kind == Kind::NonInviteClient;
    return is_client && slot.id.low == branch.cookie ? branch.slot : kNoSlot;
}

void Client::receive(sip::Message message, const sip::Source& from, Time now) {
    const std::optional<Branch> branch = branch_of(message);
    const std::uint32_t n = branch ? find(*branch) : kNoSlot;
    if (n == kNoSlot) {
        // Of a former life of ours, or of nobody: only our Via tells (RFC 3261 §18.1.2).
        if (message.status() / 100 == 2 && message.method() == kInvite &&
            core_.has_our_via(message)) {
            core_.outbox.push(Stray{std::move(message), from});
        }
        return;
    }
    const Slot& slot = core_.slots[n];
    if (slot.id.high != core_.hash.text(message.call_id())) {
        return;
    }
    if (slot.kind == Kind::InviteClient && message.method() == kInvite) {
        on_invite_response(n, std::move(message), from, now);
    } else if (slot.kind == Kind::InviteClient && message.method() == kCancel) {
        if (slot.partner != kNoSlot) {
            on_other_response(slot.partner, message.status(), now);
        }
    } else if (message.method() == method_of(slot.text.view())) {
        const Key key = core_.slots.key(n);
        if (on_other_response(n, message.status(), now)) {
            core_.outbox.push(Response{key, std::move(message), from});
        }
    }
}

void Client::on_invite_response(std::uint32_t n, sip::Message message, const sip::Source& from,
                                Time now) {
    const State state = core_.slots[n].state;
    const Key key = core_.slots.key(n);
    const int kind = message.status() / 100;
    if (state == State::Completed) {
        if (kind == 2) {
            // Another fork answered after the failure that ended this INVITE for its owner.
            core_.outbox.push(Stray{std::move(message), from});
        } else if (kind > 2) {
            core_.transmit(n);
        }
        return;
    }
    if (state == State::Accepted) {
        if (kind == 2) {
            core_.outbox.push(Response{key, std::move(message), from});
        }
        return;
    }
    if (kind == 1) {
        on_provisional(n, now);
    } else if (kind == 2) {
        on_success(n, now);
    } else {
        on_failure(n, message, now);
    }
    core_.outbox.push(Response{key, std::move(message), from});
}

void Client::on_provisional(std::uint32_t n, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.state != State::Calling) {
        return;
    }
    slot.state = State::Proceeding;
    slot.retransmit_at = kNever;
    slot.expires_at = kNever;
    core_.schedule(n);
    if (slot.partner != kNoSlot) {
        start_cancel(n, now);
    }
}

/// RFC 6026 §8.4: Timer M; the request is not needed any more, the ACKs are the dialog's.
void Client::on_success(std::uint32_t n, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.partner != kNoSlot && core_.slots[slot.partner].state == State::Held) {
        drop_partner(n);
    }
    slot.state = State::Accepted;
    slot.retransmit_at = kNever;
    slot.expires_at = now + core_.lifetime();
    slot.peer.tls_name.reset();
    core_.replace_text(slot, {});
    core_.schedule(n);
}

void Client::on_failure(std::uint32_t n, const sip::Message& message, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.partner != kNoSlot && core_.slots[slot.partner].state == State::Held) {
        drop_partner(n);
    }
    slot.state = State::Completed;
    slot.retransmit_at = kNever;
    core_.replace_text(
        slot, ack_of(slot.text.view(), message.first(sip::Field::To).value_or(std::string_view{})));
    core_.transmit(n);
    if (sip::is_reliable(slot.peer.transport)) {
        end(n);
        return;
    }
    slot.expires_at = now + kTimerD;
    core_.schedule(n);
}

bool Client::on_other_response(std::uint32_t n, int status, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.state != State::Trying && slot.state != State::Proceeding) {
        return false;
    }
    if (status < 200) {
        slot.state = State::Proceeding;
        return true;
    }
    if (sip::is_reliable(slot.peer.transport)) {
        end(n);
        return true;
    }
    slot.state = State::Completed;
    slot.retransmit_at = kNever;
    slot.expires_at = now + core_.timers.t4;
    slot.peer.tls_name.reset();
    core_.replace_text(slot, {});
    core_.schedule(n);
    return true;
}

void Client::undeliverable(std::uint32_t n, Errc code) {
    const Slot& slot = core_.slots[n];
    const bool is_invite = slot.kind == Kind::InviteClient;
    // Over UDP the report is of a repeated INVITE whose first had its answer; a connection that
    // broke takes with it the final that would have come on it.
    const bool is_waiting =
        slot.state == State::Proceeding && (!is_invite || sip::is_reliable(slot.peer.transport));
    if (slot.state == State::Calling || slot.state == State::Trying || is_waiting) {
        fail(n, code);
    } else if (is_invite && slot.state == State::Completed) {
        end(n);  // an ACK was lost; the owner has had its answer long ago
    }
}

void Client::fire(std::uint32_t n, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.expires_at <= now) {
        const bool is_open = slot.state == State::Calling || slot.state == State::Trying ||
                             slot.state == State::Proceeding;
        if (is_open) {
            fail(n, Errc::Timeout);
        } else {
            end(n);
        }
        return;
    }
    core_.transmit(n);
    const Millis interval{slot.interval_ms};
    if (slot.kind == Kind::InviteClient) {
        core_.continue_retransmission(slot, 2 * interval, now);
    } else if (slot.state == State::Trying) {
        core_.continue_retransmission(slot, std::min(2 * interval, core_.timers.t2), now);
    } else {
        core_.continue_retransmission(slot, core_.timers.t2, now);
    }
    core_.schedule(n);
}

/// The end without an answer. A CANCEL's own fate interests nobody.
void Client::fail(std::uint32_t n, Errc code) {
    const bool is_cancel =
        core_.slots[n].kind == Kind::NonInviteClient && core_.slots[n].partner != kNoSlot;
    if (!is_cancel) {
        core_.outbox.push(Failed{core_.slots.key(n), code});
    }
    end(n);
}

void Client::drop_partner(std::uint32_t n) {
    const std::uint32_t partner = std::exchange(core_.slots[n].partner, kNoSlot);
    if (partner != kNoSlot) {
        core_.slots[partner].partner = kNoSlot;
        core_.release(partner);
    }
}

/// An INVITE takes its CANCEL with it: nothing could find that one any more. A CANCEL only leaves.
void Client::end(std::uint32_t n) {
    if (core_.slots[n].kind == Kind::InviteClient) {
        drop_partner(n);
    } else if (const std::uint32_t invite = core_.slots[n].partner; invite != kNoSlot) {
        core_.slots[invite].partner = kNoSlot;
    }
    core_.release(n);
}

}  // namespace causeway::transaction
