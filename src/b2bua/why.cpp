#include "conductor.hpp"
#include "record.hpp"
#include "sentence.hpp"

#include "causeway/call/explain.hpp"
#include "causeway/sip/grammar.hpp"

#include <charconv>
#include <system_error>
#include <utility>

/// What `causeway why` asks.
namespace causeway::b2bua {
namespace {

/// A call's id as it is written: 16 hex digits.
CallId id_in(std::string_view text) {
    constexpr std::size_t kDigits = 16;
    CallId id;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id.value, 16);
    const bool is_id = text.size() == kDigits && error == std::errc{} && stop == end;
    return is_id ? id : CallId{};
}

std::string peer_of(const Trail::Entry& entry, const port::CallRecord& record) {
    if (entry.way == Way::FromA || entry.way == Way::ToA) {
        return record.carrier.empty() ? record.source : record.carrier;
    }
    const std::size_t attempt = entry.attempt;
    return attempt >= 1 && attempt <= record.attempts.size() ? record.attempts[attempt - 1].gateway
                                                             : record.gateway;
}

void lay_out(const Trail& trail, Story& story) {
    trail.each([&](const Trail::Entry& entry) {
        story.messages.push_back({entry.at, entry.way, peer_of(entry, story.record),
                                  masked(entry.line), masked(entry.whole)});
    });
    story.left_out = trail.left_out();
}

}  // namespace

std::optional<Story> Conductor::why(std::string_view subject) const {
    if (subject == "last") {
        const Memory::Past* const past = memory_.last();
        const Strangers::Seen* const seen = strangers_.last();
        if (seen != nullptr && (past == nullptr || seen->order > past->order)) {
            return story_of(*seen);
        }
        return past == nullptr ? std::nullopt : std::optional(story_of(*past));
    }
    if (const auto ip = IpAddress::parse(subject)) {
        const Memory::Past* const past = memory_.by_source(*ip);
        const Strangers::Seen* const seen = strangers_.find(*ip);
        if (seen != nullptr && (past == nullptr || seen->order > past->order)) {
            return story_of(*seen);
        }
        return past == nullptr ? std::nullopt : std::optional(story_of(*past));
    }
    const CallId id = id_in(subject);
    if (const Call* const call = id ? book_.find(id) : nullptr) {
        return story_of(*call);
    }
    const Memory::Past* past = memory_.by_id(id);
    past = past == nullptr ? memory_.by_call_id(subject) : past;
    past = past == nullptr ? memory_.by_number(subject) : past;
    return past == nullptr ? std::nullopt : std::optional(story_of(*past));
}

Story Conductor::story_of(const Memory::Past& past) const {
    Story story;
    story.kind = past.record.call_id ? Story::Kind::Call : Story::Kind::Refusal;
    story.record = past.record;
    story.reason = past.record.outcome.reason;
    if (const auto peer =
            options_.config->admission.sources.find(past.source.interface, past.source.peer.ip);
        story.record.carrier.empty() && peer && peer->owner == admission::Owner::Carrier) {
        story.record.carrier = options_.config->carriers[peer->index].name;
    }
    lay_out(past.trail, story);

    // The refused request through the stages once more: what they said then was not written down.
    std::string_view bytes;
    past.trail.each([&](const Trail::Entry& entry) {
        bytes = bytes.empty() && entry.way == Way::FromA ? entry.whole : bytes;
    });
    const auto request = sip::Message::split(std::as_bytes(std::span(bytes)));
    const bool is_outside =
        request && request->is_request() && sip::tag_of(*request, sip::Field::To).empty();
    Scene scene{*options_.config, past.source, past.detail, request ? &*request : nullptr, nullptr};
    std::optional<intake::Explanation> again;
    if (is_outside && request->method() == "INVITE" && story.record.attempts.empty()) {
        again = call::explain(*options_.config, past.source, *request);
        scene.again = &*again;
    }
    finish(story, scene);
    return story;
}

Story Conductor::story_of(const Call& call) const {
    Story story;
    story.kind = Story::Kind::Live;
    story.record = record_of(call, clock_.now(), clock_.wall());
    lay_out(call.trail, story);
    finish(story, {*options_.config, call.a_source, {}, nullptr, nullptr});
    return story;
}

Story Conductor::story_of(const Strangers::Seen& seen) const {
    Story story;
    const Anchor anchor{clock_.now(), clock_.wall()};
    story.kind = Story::Kind::Stranger;
    story.times = seen.times;
    story.reason = "unknown_source";
    story.record.source = seen.source.peer.to_string();
    story.record.start = anchor.on_wall(seen.first);
    story.record.end = anchor.on_wall(seen.last);
    finish(story, {*options_.config, seen.source, {}, nullptr, nullptr});
    return story;
}

void Conductor::finish(Story& story, const Scene& scene) const {
    story.interface = interface(scene.source.interface).name;
    story.transport = scene.source.transport;
    Told told = b2bua::tell(story, scene);
    story.sentence = std::move(told.sentence);
    story.fix = std::move(told.fix);
}

// ── what is remembered ──────────────────────────────────────────────────────────────────────────

void Conductor::note(Call& call, Way way, const LegId& leg, std::string_view message) {
    if (call.recorded) {
        return;
    }
    memory_.note(call.trail, way, leg.ordinal, now_, message);
}

/// The message being read belongs to this call.
void Conductor::note_heard(Call& call, const LegId& leg) {
    if (const std::string_view message = std::exchange(heard_, {}); !message.empty()) {
        note(call, leg.is_a() ? Way::FromA : Way::FromB, leg, message);
    }
}

/// A message that leaves under the key of one of a call's INVITEs; others are noted by their legs.
/// If the transaction layer speaks first (ACK of a failure, the answer to a repeated INVITE), it
/// answers what is being read.
void Conductor::note_sent(const transaction::Transmit& action) {
    const auto id = action.key ? book_.by_key(action.key) : std::nullopt;
    if (Call* call = id ? book_.find(id->call) : nullptr) {
        note_heard(*call, *id);
        note(*call, id->is_a() ? Way::ToA : Way::ToB, *id, action.bytes);
    }
}

/// Leg b's CANCEL leaves at once if anything was heard of it (RFC 3261 §9.1), under a key of its
/// own.
void Conductor::note_cancel(Call& call) {
    std::string line;
    bool is_heard = false;
    call.trail.each([&](const Trail::Entry& entry) {
        if (entry.attempt != call.b_id.ordinal) {
            return;
        }
        is_heard = is_heard || entry.way == Way::FromB;
        if (line.empty() && entry.way == Way::ToB) {
            line = entry.line;
        }
    });
    constexpr std::string_view kInvite = "INVITE";
    if (is_heard && line.starts_with(kInvite)) {
        note(call, Way::ToB, call.b_id, line.replace(0, kInvite.size(), "CANCEL"));
    }
}

}  // namespace causeway::b2bua
