#include "server.hpp"

#include "wire_text.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace causeway::transaction {

namespace {

constexpr std::string_view kInvite = "INVITE";
/// INVITEs of one Call-ID, From tag and CSeq that are kept by these. Forks of one request are a
/// few; a peer that sends them by the thousand would make every search among them longer.
constexpr std::size_t kForks = 16;

std::string hex(std::uint64_t number) {
    std::array<char, 16> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 16).ptr;
    return {text.data(), end};
}

/// False only if both have a tag and they differ.
bool may_be_same_tag(std::string_view a, std::string_view b) {
    return a.empty() || b.empty() || a == b;
}

}  // namespace

bool Server::receive(sip::Message message, const sip::Source& from, Time now) {
    const Result<sip::Via>& via = sip::top_via(message);
    if (!via) {
        return false;
    }
    if (message.method() == "ACK") {
        on_ack(std::move(message), *via, from, now);
    } else if (message.method() == "CANCEL") {
        on_cancel(message, *via, from, now);
    } else {
        on_request(std::move(message), *via, from);
    }
    return true;
}

void Server::on_request(sip::Message message, const sip::Via& via, const sip::Source& from) {
    const Identifier id = core_.hash.identify(message, via, message.method());
    if (const std::uint32_t known = find(id); known != kNoSlot) {
        repeat(known);
        return;
    }
    offered_ = core_.slots.acquire();
    Slot& slot = core_.slots[offered_];
    slot.kind = Kind::Offered;
    slot.state = State::Trying;
    slot.id = id;
    slot.is_legacy = sip::is_legacy(via);
    slot.peer = Peer::of(sip::response_target(message, from));
    if (message.method() == kInvite) {
        slot.state = State::Proceeding;
        slot.ack_hash = core_.hash.ack(message);
        slot.text = Text(sip::Builder::response(message, from, sip::status(100), {}).finish());
    }
    const Key sibling = message.method() == kInvite ? sibling_of(message, slot.ack_hash) : Key{};
    core_.outbox.push(Request{core_.slots.key(offered_), std::move(message), from, sibling});
}

void Server::accept(std::uint32_t n, Time now) {
    if (n != offered_) {
        return;
    }
    offered_ = kNoSlot;
    Slot& slot = core_.slots[n];
    requests_.insert(slot.id.low, n);
    if (slot.state == State::Proceeding) {
        slot.kind = Kind::InviteServer;
        if (!invites_.has(slot.ack_hash, kForks)) {
            invites_.insert(slot.ack_hash, n);
        }
        core_.transmit(n);
        return;
    }
    slot.kind = Kind::NonInviteServer;
    // RFC 4320 §4.2: after this time no answer may be sent, because nobody waits for it any more.
    slot.expires_at = now + core_.lifetime();
    core_.schedule(n);
}

void Server::refuse(std::uint32_t n, std::string_view response) {
    if (n != offered_) {
        return;
    }
    if (!response.empty()) {
        const std::string_view bytes = core_.outbox.keep(Text(response));
        core_.outbox.push(Transmit{{}, core_.slots[n].peer.target(), bytes});
    }
    withdraw();
}

void Server::respond(std::uint32_t n, std::string_view response, Time now) {
    const int status = status_of(response);
    if (!CAUSEWAY_ASSERT(status != 0)) {
        return;
    }
    if (core_.slots[n].kind == Kind::InviteServer) {
        respond_to_invite(n, status, response, now);
    } else if (core_.slots[n].kind == Kind::NonInviteServer) {
        respond_to_other(n, status, response, now);
    }
}

void Server::respond_to_invite(std::uint32_t n, int status, std::string_view response, Time now) {
    Slot& slot = core_.slots[n];
    const bool is_success = status / 100 == 2;
    if (slot.state == State::Accepted && is_success) {
        core_.transmit_once(n, Text(response));
    }
    if (slot.state != State::Proceeding) {
        return;
    }
    if (is_success) {
        // RFC 6026 §8.5: the dialog repeats its 2xx, we only absorb the request (Timer L).
        core_.transmit_once(n, Text(response));
        core_.replace_text(slot, Text(to_tag_of(response)));
        slot.state = State::Accepted;
        slot.expires_at = now + core_.lifetime();
        core_.schedule(n);
        return;
    }
    core_.replace_text(slot, Text(response));
    core_.transmit(n);
    if (status < 200) {
        return;
    }
    if (keep_answer(n, now)) {
        core_.start_retransmission(slot, core_.timers.t1, now);
        core_.schedule(n);
    }
}

/// The answer stays for whoever asks again; false: too many do already, the transaction is over.
bool Server::keep_answer(std::uint32_t n, Time now) {
    Slot& slot = core_.slots[n];
    if (answered_ >= core_.max_answered) {
        end(n);
        return false;
    }
    ++answered_;
    slot.state = State::Completed;
    slot.expires_at = now + core_.lifetime();
    core_.schedule(n);
    return true;
}

void Server::respond_to_other(std::uint32_t n, int status, std::string_view response, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.state == State::Completed) {
        return;
    }
    core_.replace_text(slot, Text(response));
    core_.transmit(n);
    if (status < 200) {
        slot.state = State::Proceeding;
        return;
    }
    if (sip::is_reliable(slot.peer.transport)) {
        end(n);
        return;
    }
    keep_answer(n, now);
}

void Server::on_ack(sip::Message message, const sip::Via& via, const sip::Source& from, Time now) {
    std::uint32_t n = find(core_.hash.identify(message, via, kInvite));
    if (n == kNoSlot) {
        n = find_unacknowledged(message);
    }
    if (n == kNoSlot || core_.slots[n].state == State::Accepted) {
        core_.outbox.push(Ack{std::move(message), from});
        return;
    }
    const Slot& slot = core_.slots[n];
    if (slot.state != State::Completed) {
        return;
    }
    if (slot.is_legacy &&
        !may_be_same_tag(sip::tag_of(message, sip::Field::To), to_tag_of(slot.text.view()))) {
        return;
    }
    confirm(n, now);
}

/// RFC 3261 §17.2.1: from now on ACKs are absorbed (Timer I).
void Server::confirm(std::uint32_t n, Time now) {
    Slot& slot = core_.slots[n];
    if (sip::is_reliable(slot.peer.transport)) {
        end(n);
        return;
    }
    slot.state = State::Confirmed;
    slot.retransmit_at = kNever;
    slot.expires_at = now + core_.timers.t4;
    core_.schedule(n);
}

void Server::on_cancel(const sip::Message& message, const sip::Via& via, const sip::Source& from,
                       Time now) {
    const Identifier id = core_.hash.identify(message, via, "CANCEL");
    if (const std::uint32_t known = find(id); known != kNoSlot) {
        repeat(known);
        return;
    }
    const std::uint32_t invite = find(core_.hash.identify(message, via, kInvite));
    const std::uint32_t n = core_.slots.acquire();
    Slot& slot = core_.slots[n];
    slot.kind = Kind::NonInviteServer;
    slot.state = State::Trying;
    slot.id = id;
    slot.peer = Peer::of(sip::response_target(message, from));
    const bool is_known = invite != kNoSlot;
    slot.text = Text(sip::Builder::response(message, from, sip::status(is_known ? 200 : 481),
                                            is_known ? cancel_tag(invite) : hex(id.high))
                         .finish());
    core_.transmit(n);
    if (!is_known || sip::is_reliable(slot.peer.transport)) {
        core_.release(n);
    } else {
        requests_.insert(id.low, n);
        keep_answer(n, now);
    }
    if (is_known && core_.slots[invite].state == State::Proceeding &&
        !std::exchange(core_.slots[invite].is_cancelled, true)) {
        core_.outbox.push(Cancelled{core_.slots.key(invite)});
    }
}

/// RFC 3261 §9.2: the tag of the INVITE's own answers. Before there is one, a tag that no other
/// INVITE has and a repeated CANCEL gets again.
std::string Server::cancel_tag(std::uint32_t invite) const {
    const Slot& slot = core_.slots[invite];
    std::string tag =
        slot.state == State::Accepted ? std::string(slot.text.view()) : to_tag_of(slot.text.view());
    return tag.empty() ? hex(slot.id.high) : tag;
}

void Server::repeat(std::uint32_t n) {
    const State state = core_.slots[n].state;
    if (state == State::Proceeding || state == State::Completed) {
        core_.transmit(n);
    }
}

void Server::fire(std::uint32_t n, Time now) {
    Slot& slot = core_.slots[n];
    if (slot.expires_at <= now) {
        if (slot.kind == Kind::InviteServer && slot.state == State::Completed) {
            core_.outbox.push(Failed{core_.slots.key(n), Errc::Timeout});
        }
        end(n);
        return;
    }
    core_.transmit(n);
    core_.continue_retransmission(slot, std::min(2 * Millis(slot.interval_ms), core_.timers.t2),
                                  now);
    core_.schedule(n);
}

std::uint32_t Server::find(const Identifier& id) const {
    return requests_.find(id.low, [this, &id](std::uint32_t n) { return core_.slots[n].id == id; });
}

/// One that failed may be tried again by another way (RFC 3263 §4.3).
Key Server::sibling_of(const sip::Message& invite, std::uint64_t ack_hash) const {
    if (!sip::tag_of(invite, sip::Field::To).empty()) {
        return {};
    }
    const std::uint32_t found = invites_.find(ack_hash, [this, ack_hash](std::uint32_t n) {
        const Slot& slot = core_.slots[n];
        return slot.ack_hash == ack_hash &&
               (slot.state == State::Proceeding || slot.state == State::Accepted);
    });
    return found == kNoSlot ? Key{} : core_.slots.key(found);
}

/// Some stacks put a new branch on the ACK of a failure. Without this the peer would get our
/// answer repeated until Timer H.
std::uint32_t Server::find_unacknowledged(const sip::Message& ack) {
    const std::uint64_t hash = core_.hash.ack(ack);
    return invites_.find(hash, [this, &ack, hash](std::uint32_t n) {
        const Slot& slot = core_.slots[n];
        const bool has_failed = slot.state == State::Completed || slot.state == State::Confirmed;
        // The To tag tells a failure from the 2xx of another fork of the same INVITE.
        return has_failed && slot.ack_hash == hash &&
               may_be_same_tag(sip::tag_of(ack, sip::Field::To), to_tag_of(slot.text.view()));
    });
}

void Server::end(std::uint32_t n) {
    const Slot& slot = core_.slots[n];
    if (slot.state == State::Completed || slot.state == State::Confirmed) {
        --answered_;
    }
    requests_.erase(slot.id.low, n);
    if (slot.kind == Kind::InviteServer) {
        invites_.erase(slot.ack_hash, n);
    }
    core_.release(n);
}

void Server::withdraw() {
    if (offered_ != kNoSlot) {
        core_.release(std::exchange(offered_, kNoSlot));
    }
}

}  // namespace causeway::transaction
