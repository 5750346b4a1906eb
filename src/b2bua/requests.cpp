#include "conductor.hpp"
#include "record.hpp"

#include "causeway/base/log.hpp"
#include "causeway/call/leg_b.hpp"
#include "causeway/call/reasons.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/sip/body.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

/// What peers ask: outside dialogs judged by `intake`, inside dialogs answered by the leg.
namespace causeway::b2bua {
namespace {

constexpr std::size_t kTagLength = 16;            // about 83 bits
constexpr std::uint64_t kRetryAfterShortest = 2;  // seconds, PRODUCT §4
constexpr std::uint64_t kRetryAfterSpread = 9;
/// Answered calls without ACK that one address may have: a share of all calls.
constexpr std::size_t kHalfOpenShare = 4;
constexpr std::size_t kHalfOpenAtLeast = 16;

}  // namespace

void Conductor::handle(transaction::Request& action) {
    const std::string_view to_tag = sip::tag_of(action.message, sip::Field::To);
    if (!to_tag.empty()) {
        inside_dialog(action, to_tag);
        return;
    }
    if (action.message.method() == "BYE") {
        refuse(action, {sip::status(481), Stage::Admission, "bad_request", {}});
        return;
    }
    const bool is_invite = action.message.method() == "INVITE";
    if (is_invite && !unacked_.empty() && repeat_answer(action.message)) {
        layer_.refuse(action.key, {});  // no new call: neither a full plane nor a drain stops it
        return;
    }
    const auto pass =
        admission::judge(options_.config->admission, load(action), action.from, action.message);
    if (!pass && pass.error().reason == "no_capacity" && !overload_answers_.take(now_)) {
        ++counters_.rejected;
        tally_.refused(pass.error().stage, pass.error().reason);
        layer_.refuse(action.key, {});  // it comes again by itself
    } else if (!pass) {
        refuse(action, pass.error());
    } else if (action.message.method() == "OPTIONS") {
        auto answer = sip::Builder::response(action.message, action.from, sip::status(200),
                                             stateless_tag(action.message));
        answer.add("Allow", admission::kAllow).add("Accept", sip::kAcceptedBodies);
        layer_.refuse(action.key, std::move(answer).finish());  // stateless: nothing is kept
    } else {
        invite(action, *pass);
    }
}

admission::Load Conductor::load(const transaction::Request& request) {
    admission::Load load;
    load.draining = draining_;
    load.no_capacity = is_overloaded(request);
    if (load.draining || load.no_capacity) {
        load.retry_after =
            static_cast<std::uint32_t>(kRetryAfterShortest + random_.below(kRetryAfterSpread));
    }
    return load;
}

/// Full; or it would only add to what we are behind with (PRODUCT §8); or its sender leaves too
/// many answers without ACK, which is nothing that others should suffer from.
bool Conductor::is_overloaded(const transaction::Request& request) {
    if (book_.calls() >= options_.max_calls || layer_.size() >= options_.max_transactions) {
        return true;
    }
    if (request.message.method() != "INVITE") {
        return false;
    }
    const IpAddress& source = request.from.peer.ip;
    const std::size_t half_open = half_open_.of(source);
    if (half_open < std::max(kHalfOpenAtLeast, options_.max_calls / kHalfOpenShare)) {
        return is_late_;
    }
    if (half_open_.is_news(source, now_)) {
        log::warn("source.unacknowledged", {{"source", source.to_string()}, {"calls", half_open}});
    }
    return true;
}

void Conductor::inside_dialog(transaction::Request& request, std::string_view to_tag) {
    const auto id = book_.by_dialog(request.message.call_id(), to_tag);
    Call* call = id ? book_.find(id->call) : nullptr;
    dialog::Leg* leg = call != nullptr ? leg_of(*call, *id) : nullptr;
    if (leg == nullptr || !leg->is_from_peer(request.message)) {
        if (crosses_ours(request.message, to_tag)) {
            auto answer =
                sip::Builder::response(request.message, request.from, sip::status(200), {});
            layer_.refuse(request.key, std::move(answer).finish());
            return;
        }
        refuse(request, {sip::status(481), Stage::Call, "bad_request", {}});
        return;
    }
    if (layer_.size() >= options_.max_transactions && request.message.method() != "BYE") {
        refuse(request, {sip::status(503), Stage::Call, "no_capacity", {}});
        return;
    }
    layer_.accept(request.key, now_);
    note_heard(*call, *id);
    leg->receive(request.key, std::move(request.message), request.from, now_);
    drain(*call, *id);
    run(*call);
}

/// True for the BYE of a peer that had not seen ours when it sent its own.
bool Conductor::crosses_ours(const sip::Message& request, std::string_view to_tag) {
    return request.method() == "BYE" &&
           farewells_.has(
               hash_of(request.call_id(), to_tag, sip::tag_of(request, sip::Field::From)));
}

void Conductor::handle(transaction::Ack& action) {
    const auto id =
        book_.by_dialog(action.message.call_id(), sip::tag_of(action.message, sip::Field::To));
    Call* call = id ? book_.find(id->call) : nullptr;
    dialog::Leg* leg = call != nullptr ? leg_of(*call, *id) : nullptr;
    if (leg == nullptr || !leg->is_from_peer(action.message)) {
        return;
    }
    note_heard(*call, *id);
    leg->receive_ack(action.message, action.from);
    drain(*call, *id);
    run(*call);
}

/// RFC 3261 §8.2.7: of this request nothing is kept, yet if it comes again its answer must have the
/// same tag.
std::string Conductor::stateless_tag(const sip::Message& request) const {
    std::string text("stateless");
    for (const sip::Field field : {sip::Field::Via, sip::Field::From, sip::Field::CSeq}) {
        text.append("\n").append(request.first(field).value_or(""));
    }
    return call::to_text(CallId{tags_(text.append("\n").append(request.call_id()))});
}

void Conductor::refuse(const transaction::Request& request, const Rejection& rejection) {
    layer_.refuse(request.key, refusal(request, rejection));
}

std::string Conductor::refusal(const transaction::Request& request, const Rejection& rejection) {
    ++counters_.rejected;
    tally_.refused(rejection.stage, rejection.reason);
    if (memory_.may_keep_refusal(now_)) {
        memory_.keep_refusal(record_of(request.message, request.from, rejection, clock_.wall()),
                             request.from, now_, request.message.bytes());
    }
    auto answer = sip::Builder::response(request.message, request.from, rejection.status,
                                         stateless_tag(request.message));
    for (const sip::Header& header : rejection.headers) {
        answer.add(header.name, header.value);
    }
    answer.add("X-Causeway-Reason", rejection.reason);
    return std::move(answer).finish();
}

// ── an INVITE that was let in
// ───────────────────────────────────────────────────────────────────────

void Conductor::invite(transaction::Request& request, const admission::Pass& pass) {
    if (interface(request.from.interface).side == sip::Side::Livekit) {
        refuse(request, {sip::status(403), Stage::Routing, "destination_not_allowed", {}});
        return;
    }
    const Rejection loop{sip::status(482), Stage::Admission, "loop", {}};
    if (is_merged(request)) {
        // Kept: if its answer is lost, it comes again, perhaps when its sibling is over.
        layer_.accept(request.key, now_);
        layer_.respond(request.key, refusal(request, loop), now_);
        return;
    }
    if (is_own_call(request.message)) {
        refuse(request, loop);
        return;
    }
    ++counters_.invites;
    pace_.count(now_);
    const CallId id{random_.next() | 1U};  // never zero
    layer_.accept(request.key, now_);      // 100
    const std::string carrier = pass.peer.owner == admission::Owner::Carrier
                                    ? options_.config->carriers[pass.peer.index].name
                                    : std::string();
    auto plan = intake::plan(*options_.config, pass, request.from, request.message);
    if (!plan) {
        reject(request, plan.error(), id, carrier);
        return;
    }
    begin_call(request, std::move(*plan), id);
}

/// RFC 3261 §8.2.2.2. A fork to another number is a call of its own.
bool Conductor::is_merged(const transaction::Request& request) const {
    const auto id = book_.by_key(request.sibling);
    const Call* call = id ? book_.find(id->call) : nullptr;
    const auto& uri = sip::request_uri(request.message);
    return call != nullptr && uri &&
           (uri->user.empty() || uri->user == call->machine.plan().parties.as_received);
}

/// Our own INVITE has come back to us by way of a gateway: RFC 3261 §16.3, step 4, for a B2BUA.
bool Conductor::is_own_call(const sip::Message& invite) const {
    const auto text = invite.first("X-Causeway-Call-ID");
    CallId id;
    if (!text) {
        return false;
    }
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, id.value, 16);
    return error == std::errc{} && stop == end && book_.find(id) != nullptr;
}

void Conductor::reject(transaction::Request& request, const Rejection& rejection, CallId id,
                       const std::string& carrier) {
    ++counters_.rejected;
    tally_.refused(rejection.stage, rejection.reason);
    auto answer = sip::Builder::response(request.message, request.from, rejection.status,
                                         random_.token(kTagLength));
    for (const sip::Header& header : rejection.headers) {
        answer.add(header.name, header.value);
    }
    answer.add("X-Causeway-Reason", rejection.reason);
    const std::string bytes = std::move(answer).finish();
    layer_.respond(request.key, bytes, now_);
    port::CallRecord record = record_of(request.message, request.from, rejection, clock_.wall());
    record.call_id = id;
    record.carrier = carrier;
    tally_.turned_down(record.outcome.cause);
    log::info("call.rejected", {{"call", id},
                                {"carrier", carrier},
                                {"source", record.source},
                                {"to", log::Number{record.original_to}},
                                {"stage", to_string(rejection.stage)},
                                {"reason", rejection.reason},
                                {"code", call::code_of(rejection.reason)},
                                {"status", rejection.status.code}});
    Trail trail;
    memory_.note(trail, Way::FromA, 0, now_, request.message.bytes());
    memory_.note(trail, Way::ToA, 0, now_, bytes);
    memory_.keep(record, request.from, {}, std::move(trail));
    sink_.emit(std::move(record));
}

void Conductor::begin_call(transaction::Request& request, intake::Plan plan, CallId id) {
    const std::uint64_t salt = random_.next();
    Trail trail;
    memory_.note(trail, Way::FromA, 0, now_, std::exchange(heard_, {}));
    auto leg = dialog::Leg::uas(
        {random_.token(kTagLength), contact_on(request.from.interface, request.from.transport),
         options_.timers},
        request.key, std::move(request.message), request.from);
    if (!leg) {
        memory_.shorten(trail);
        return;  // admission has looked at From, To and Contact: cannot be
    }
    Call& call = book_.open(id, salt);
    call.trail = std::move(trail);
    call.a = std::move(*leg);
    call.a_invite = request.key;
    call.a_source = request.from;
    call.a_call_id = call.a->state().call_id;
    call.tally = tally_.place_of(plan.tenant.id);
    tally_.began(call.tally);
    book_.bind(request.key, LegId{id, 0});
    book_.bind(call.a->state(), LegId{id, 0});
    log::info("call.received", {{"call", id},
                                {"tenant", plan.tenant.name},
                                {"carrier", plan.carrier},
                                {"source", request.from.peer.to_string()},
                                {"from", log::Number{plan.parties.calling}},
                                {"to", log::Number{plan.parties.called}}});
    std::string offer = call.a->offer();
    tell(call, call::Invited{std::move(plan), std::move(offer)});
}

}  // namespace causeway::b2bua
