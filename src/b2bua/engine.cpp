#include "causeway/b2bua/engine.hpp"

#include "conductor.hpp"
#include "sentence.hpp"

#include "causeway/base/assert.hpp"
#include "causeway/base/log.hpp"
#include "causeway/call/reasons.hpp"
#include "causeway/sip/builder.hpp"

#include <algorithm>
#include <utility>

namespace causeway::b2bua {
namespace {

constexpr std::uint64_t kIdStream = 1;       // of the ChaCha20 key: call ids, tags, Call-IDs
constexpr unsigned kOverloadAnswers = 5000;  // a second, PRODUCT §8

/// Our own Via on every listener.
std::vector<transaction::Identity> identities(const std::vector<config::Interface>& interfaces) {
    std::vector<transaction::Identity> list;
    for (const config::Interface& interface : interfaces) {
        for (const config::Listener& listener : interface.listeners) {
            list.push_back({interface.id, listener.transport,
                            uri_host(interface.advertise) + ":" + std::to_string(listener.port)});
        }
    }
    return list;
}

}  // namespace

Conductor::Conductor(Options options, const port::Clock& clock, port::EventSink& sink)
    : options_(std::move(options)),
      clock_(clock),
      sink_(sink),
      random_(options_.secret, kIdStream),
      tags_(options_.secret),
      layer_({options_.secret, identities(options_.interfaces), options_.timers, clock.now()}),
      book_(options_.secret),
      strangers_(options_.secret),
      overload_answers_(kOverloadAnswers),
      wheel_(clock.now()),
      tally_(options_.max_tenants),
      now_(clock.now()) {
    tally_.configure(*options_.config);
}

void Conductor::attach(port::Wire& wire, port::MediaRelay& media) {
    wire_ = &wire;
    media_ = &media;
}

std::shared_ptr<const config::Snapshot> Conductor::configure(
    std::shared_ptr<const config::Snapshot> config) {
    tally_.configure(*config);
    return std::exchange(options_.config, std::move(config));
}

// ── in
// ──────────────────────────────────────────────────────────────────────────────────────────────

/// PRODUCT §4.2: a source of the configuration, or the far end of a connection that we opened.
bool Conductor::is_known(const sip::Source& from) const {
    return from.is_dialled ||
           options_.config->admission.sources.find(from.interface, from.peer.ip).has_value();
}

bool Conductor::may_speak(std::span<const std::byte> bytes, const sip::Source& from) const {
    if (is_known(from)) {
        return true;
    }
    // A stranger: only an answer to a request of ours, or a request inside a live dialog (PRODUCT
    // §4.2).
    const auto glimpse = sip::glimpse(bytes);
    if (!glimpse) {
        return false;
    }
    if (glimpse->is_response) {
        return layer_.owns_branch(glimpse->branch);
    }
    const auto id =
        glimpse->to_tag.empty() ? std::nullopt : book_.by_dialog(glimpse->call_id, glimpse->to_tag);
    if (!id) {
        return false;
    }
    const Call* call = book_.find(id->call);
    const auto& leg = id->is_a() ? call->a : call->b;
    return leg && leg->state().remote_tag == glimpse->from_tag;
}

port::Wire::Standing Conductor::on_connection(const sip::Source& from) {
    if (is_known(from)) {
        return port::Wire::Standing::Known;
    }
    count_stranger();
    if (interface(from.interface).side == sip::Side::Livekit) {
        return port::Wire::Standing::Stranger;  // it may have a live dialog to speak of
    }
    now_ = clock_.now();
    name_stranger(from);
    return port::Wire::Standing::Unwelcome;
}

port::Wire::Heard Conductor::on_message(std::span<const std::byte> bytes, const sip::Source& from) {
    if (!CAUSEWAY_ASSERT(thread_.is_owner())) {
        return port::Wire::Heard::Dropped;
    }
    now_ = clock_.now();
    ++counters_.received;
    if (!may_speak(bytes, from)) {
        turn_away(bytes, from);
        return port::Wire::Heard::Dropped;
    }
    auto message = sip::Message::split(bytes);
    if (!message) {
        complain(bytes, from, message.error());
        return port::Wire::Heard::Dropped;
    }
    const auto kind = message->is_request() ? port::kind_of_request(message->method())
                                            : port::kind_of_answer(message->status());
    if (!layer_.receive(std::move(*message), from, now_)) {
        complain(bytes, from, {Errc::Malformed, "broken Via"});
        return port::Wire::Heard::Dropped;
    }
    tally_.received(kind);
    heard_ = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    heard_.remove_prefix(std::min(heard_.find_first_not_of("\r\n"), heard_.size()));
    settle();
    heard_ = {};
    return port::Wire::Heard::Taken;
}

void Conductor::count_stranger() {
    ++counters_.strangers;
    tally_.refused(Stage::Admission, "unknown_source");
}

port::Wire::Heard Conductor::on_late(std::span<const std::byte> bytes, const sip::Source& from) {
    is_late_ = true;
    const port::Wire::Heard heard = on_message(bytes, from);
    is_late_ = false;
    return heard;
}

/// PRODUCT §4.2: silence, or 403 with nothing in it that says who we are. What came over a
/// connection gets silence: it is closed.
void Conductor::turn_away(std::span<const std::byte> bytes, const sip::Source& from) {
    count_stranger();
    name_stranger(from);
    if (options_.config->admission.unknown_source != admission::UnknownSource::Reject ||
        from.transport != sip::Transport::Udp) {
        return;
    }
    const auto request = sip::Message::split(bytes);
    if (!request || !request->is_request() || request->method() == "ACK") {
        return;
    }
    auto answer = sip::Builder::response(*request, from, sip::status(403), stateless_tag(*request));
    send({}, sip::response_target(*request, from), std::move(answer).finish());
}

/// With the line that would admit it.
void Conductor::name_stranger(const sip::Source& from) {
    if (!strangers_.note(from, now_, memory_.next_order())) {
        return;
    }
    const config::Interface& at = interface(from.interface);
    log::warn("source.unknown", {{"source", from.peer.to_string()},
                                 {"interface", at.name},
                                 {"transport", sip::uri_name(from.transport)},
                                 {"code", call::code_of("unknown_source")},
                                 {"admit", admitting_line(at, from.peer.ip)}});
}

void Conductor::on_broken(std::span<const std::byte> bytes, const sip::Source& from) {
    now_ = clock_.now();
    ++counters_.received;
    complain(bytes, from, {Errc::Malformed, "cannot be framed"});
}

/// PRODUCT §4.1: 400, or 505 to another SIP version, where one can be built, to whom we know.
void Conductor::complain(std::span<const std::byte> bytes, const sip::Source& from,
                         const Error& error) {
    if (!is_known(from)) {
        count_stranger();
        return;
    }
    ++counters_.malformed;
    tally_.received(port::kMalformed);
    log::debug("message.malformed", {{"source", from.peer.to_string()}, {"error", error.what}});
    const auto request = sip::salvage(bytes);
    if (!request) {
        return;
    }
    const sip::Status status = sip::status(error.code == Errc::Unsupported ? 505 : 400);
    auto answer = sip::Builder::response(*request, from, status, stateless_tag(*request));
    answer.add("X-Causeway-Reason", "bad_request");
    send({}, sip::response_target(*request, from), std::move(answer).finish());
}

void Conductor::on_undeliverable(transaction::Key key, Errc code) {
    now_ = clock_.now();
    layer_.undeliverable(key, code, now_);
    settle();
}

void Conductor::on_closed(Ticket ticket, const port::MediaRelay::Stats& stats) {
    Call* call = book_.find(CallId{ticket});
    if (call == nullptr || call->closing_flows == 0) {
        return;
    }
    now_ = clock_.now();
    call->media = stats;  // of several the last flow's: no other has carried audio
    *call->media += call->counted_before;
    --call->closing_flows;
    complete_if_done(*call);
    settle();
}

void Conductor::on_counted(FlowId flow, const port::MediaRelay::Stats& stats) {
    if (Call* call = book_.by_flow(flow)) {
        call->media = stats;
        *call->media += call->counted_before;
    }
}

void Conductor::on_silent(FlowId flow, port::MediaRelay::End end) {
    Call* call = book_.by_flow(flow);
    if (call == nullptr) {
        return;
    }
    now_ = clock_.now();
    tell(*call, call::Silent{end == port::MediaRelay::End::A ? call::End::A : call::End::B});
    settle();
}

void Conductor::hang_up_all(std::string_view reason, call::Cause cause) {
    now_ = clock_.now();
    for (const CallId id : book_.ids()) {
        if (Call* call = book_.find(id)) {
            tell(*call, call::HangUp{reason, cause});
        }
        if (Call* waiting = book_.find(id)) {
            tell(*waiting, call::HangUp{reason, cause});  // for an ACK that may never come
        }
    }
    settle();
}

// ── time
// ────────────────────────────────────────────────────────────────────────────────────────────

std::optional<Time> Conductor::deadline() const {
    const auto first = layer_.deadline();
    const auto second = wheel_.next();
    if (first && second) {
        return std::min(*first, *second);
    }
    return first ? first : second;
}

void Conductor::advance() {
    now_ = clock_.now();
    layer_.advance(now_);
    settle();
    while (const auto node = wheel_.expire(now_)) {
        Call* call = book_.by_node(*node);
        if (call != nullptr) {
            wake(*call);
            settle();
        }
    }
}

// ── out
// ─────────────────────────────────────────────────────────────────────────────────────────────

void Conductor::send(transaction::Key key, const sip::Target& to, std::string_view bytes) {
    tally_.sent(bytes);
    wire_->send(key, to, bytes);
}

void Conductor::settle() {
    while (auto action = layer_.poll()) {
        std::visit([this](auto& alternative) { handle(alternative); }, *action);
    }
    book_.bury();
}

void Conductor::handle(transaction::Transmit& action) {
    note_sent(action);
    send(action.key, action.to, action.bytes);
}

void Conductor::handle(transaction::Cancelled& action) {
    const auto id = book_.by_key(action.invite);
    Call* call = id ? book_.find(id->call) : nullptr;
    if (call != nullptr && id->is_a()) {
        note_heard(*call, *id);
        tell(*call, call::Cancelled{});
    }
}

void Conductor::handle(transaction::Failed& action) {
    const auto id = book_.by_key(action.key);
    Call* call = id ? book_.find(id->call) : nullptr;
    if (call == nullptr || id->is_a() || *id != call->b_id || !call->b) {
        return;  // of a BYE, or of an attempt that was given up: the leg has ended already
    }
    if (call->b->state().phase != dialog::Phase::Early) {
        return;
    }
    drop_b(*call);
    tell(*call, call::Refused{*id, sip::status(action.code == Errc::Timeout ? 408 : 503),
                              call::Origin::Transport});
}

Census Conductor::census() const {
    return {book_.calls(), book_.dialogs(), book_.flows(),
            wheel_.size(), layer_.size(),   pace_.last_second(clock_.now())};
}

std::unique_ptr<Engine> make_engine(Options options, const port::Clock& clock,
                                    port::EventSink& sink) {
    return std::make_unique<Conductor>(std::move(options), clock, sink);
}

}  // namespace causeway::b2bua
