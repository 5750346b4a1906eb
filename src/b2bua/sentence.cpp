#include "sentence.hpp"

#include "causeway/call/reasons.hpp"
#include "causeway/sip/grammar.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace causeway::b2bua {
namespace {

std::string quoted(std::string_view text) {
    return '"' + std::string(text) + '"';
}

/// `320 ms`, `12.4 s`, `2 min 5 s`.
std::string lasting(std::int64_t ms) {
    constexpr std::int64_t kSecond = 1000;
    constexpr std::int64_t kMinute = 60 * kSecond;
    if (ms < kSecond) {
        return std::to_string(ms) + " ms";
    }
    if (ms < kMinute) {
        return std::to_string(ms / kSecond) + "." + std::to_string(ms % kSecond / 100) + " s";
    }
    return std::to_string(ms / kMinute) + " min " + std::to_string(ms % kMinute / kSecond) + " s";
}

std::string caller_of(const Story& story) {
    return story.record.carrier.empty() ? story.record.source : "carrier " + story.record.carrier;
}

/// The called number as the stages understood it, with what was dialled if that differs.
std::string called_in(const Story& story, const Scene& scene) {
    const bool is_known = scene.again != nullptr && !scene.again->trace.parties.called.empty();
    const std::string& called = is_known ? scene.again->trace.parties.called : story.record.to;
    const std::string& dialled = story.record.original_to;
    return called == dialled || dialled.empty() ? called : called + " (dialled " + dialled + ")";
}

std::string number_in(const Story& story, const Scene& scene) {
    const bool is_known = scene.again != nullptr && !scene.again->trace.parties.called.empty();
    return is_known ? scene.again->trace.parties.called : story.record.to;
}

/// Who is meant by a host of the request: a tenant whose domain it is.
const tenant::Tenant* tenant_by_host(const Scene& scene) {
    if (scene.request == nullptr) {
        return nullptr;
    }
    const auto& uri = sip::request_uri(*scene.request);
    const auto& to = sip::to(*scene.request);
    for (const std::string& host : {uri ? uri->host : std::string(), to ? to->uri.host : ""}) {
        if (const auto id = scene.config.tenants.by_domain(host)) {
            return &scene.config.tenants.get(*id);
        }
    }
    return nullptr;
}

const tenant::Tenant* owner_of(const Story& story, const Scene& scene) {
    const auto id = scene.config.tenants.owner(number_in(story, scene));
    return id ? &scene.config.tenants.get(*id) : nullptr;
}

std::string add_number(std::string_view tenant, std::string_view number) {
    return "tenants: [{id: " + std::string(tenant) + ", dids: [" + quoted(number) + "]}]";
}

// ── refusals before the call ────────────────────────────────────────────────────────────────────

Told unknown_source(const Story& story, const Scene& scene) {
    const config::Interface& at = scene.config.interface(scene.source.interface);
    const bool is_carrier_side = at.side == sip::Side::Carrier;
    const std::string times = story.times == 1 ? "" : ", " + std::to_string(story.times) + " times";
    const std::string ip = scene.source.peer.ip.to_string();
    Told told{ip + " is " + (is_carrier_side ? "no carrier's source" : "in no gateway group") +
                  " on interface " + at.name + ": what it sent over " +
                  std::string(sip::uri_name(scene.source.transport)) + " was refused" + times + ".",
              admitting_line(at, ip.empty() ? IpAddress{} : scene.source.peer.ip)};
    for (const config::Interface& other : scene.config.interfaces) {
        if (other.id != at.id &&
            scene.config.admission.sources.find(other.id, scene.source.peer.ip)) {
            told.sentence +=
                " It is known on interface " + other.name + ": perhaps it sends there.";
        }
    }
    return told;
}

Told no_tenant(const Story& story, const Scene& scene) {
    const std::string number = number_in(story, scene);
    Told told{"Nobody owns " + called_in(story, scene) + ", which " + caller_of(story) +
                  " called, and its host is no tenant's domain.",
              add_number("NAME", number)};
    const std::string near = nearest_owned(scene.config.tenants, number);
    if (!near.empty()) {
        told.sentence += " Nearest: " + near + ".";
    } else if (!number.starts_with('+')) {
        told.sentence += " It could not be read as an international number.";
        told.fix =
            "carriers: [{name: " + (story.record.carrier.empty() ? "NAME" : story.record.carrier) +
            ", numbers: {country: XX}}]";
    }
    return told;
}

Told unknown_did(const Story& story, const Scene& scene) {
    const tenant::Tenant* const tenant = tenant_by_host(scene);
    const std::string name = tenant == nullptr ? "NAME" : tenant->name;
    const std::string number = number_in(story, scene);
    Told told{(tenant == nullptr ? "The tenant" : "Tenant " + name) +
                  ", found by the domain that was called, does not take " +
                  called_in(story, scene) + ".",
              add_number(name, number)};
    const std::string near = nearest_owned(scene.config.tenants, number);
    told.sentence += near.empty() ? "" : " Nearest: " + near + ".";
    return told;
}

Told tenant_mismatch(const Story& story, const Scene& scene) {
    const tenant::Tenant* const owner = owner_of(story, scene);
    const tenant::Tenant* const host = tenant_by_host(scene);
    if (owner == nullptr || host == nullptr) {
        return {};
    }
    return {called_in(story, scene) + " belongs to tenant " + owner->name +
                ", but it was called at a domain of tenant " + host->name + ".",
            add_number(host->name, number_in(story, scene))};
}

Told tenant_disabled(const Story& story, const Scene& scene) {
    const tenant::Tenant* tenant = owner_of(story, scene);
    tenant = tenant == nullptr ? tenant_by_host(scene) : tenant;
    if (tenant == nullptr) {
        return {};
    }
    return {"Tenant " + tenant->name + ", whose number " + called_in(story, scene) +
                " is, is switched off.",
            "tenants: [{id: " + tenant->name + ", enabled: true}]"};
}

Told no_gateway(const Story& story, const Scene& scene) {
    const tenant::Tenant* const tenant = owner_of(story, scene);
    Told told{"No gateway may be tried for " + called_in(story, scene) +
                  (tenant == nullptr ? "" : " of tenant " + tenant->name),
              {}};
    std::string separator = ": ";
    if (scene.again != nullptr) {
        for (const routing::Skipped& one : scene.again->trace.skipped) {
            told.sentence += separator + one.gateway + " is " + std::string(one.why);
            separator = ", ";
        }
    }
    told.sentence += ".";
    return told;
}

Told destination_not_allowed(const Story& story, const Scene& scene) {
    return {story.record.source + " on interface " +
                scene.config.interface(scene.source.interface).name + " called " + story.record.to +
                ": this version places no calls from there.",
            {}};
}

Told bad_extension(const Story& story, const Scene& scene) {
    if (scene.request == nullptr) {
        return {};
    }
    std::string tokens;
    for (const std::string_view token : sip::tokens(*scene.request, sip::Field::Require)) {
        tokens.append(tokens.empty() ? "" : ", ").append(token);
    }
    return {caller_of(story) + " requires " + tokens + ", which is not supported.", {}};
}

Told method(const Story& story, const Scene& scene) {
    const std::string name(scene.request == nullptr ? "a request" : scene.request->method());
    return {caller_of(story) + " sent " + name + ", which is not served outside a call.", {}};
}

Told bad_request(const Story& story, const Scene& scene) {
    const std::string name(scene.request == nullptr ? "message" : scene.request->method());
    const bool is_lost = story.record.outcome.sip_status == 481;
    return {
        "The " + name + " of " + caller_of(story) +
            (is_lost ? " speaks of a call that is not here (any more)." : " could not be read."),
        {}};
}

// ── calls ───────────────────────────────────────────────────────────────────────────────────────

/// What became of every attempt, in order.
std::string attempts_in(const Story& story) {
    std::string text;
    for (const port::AttemptRecord& attempt : story.record.attempts) {
        text.append(text.empty() ? "" : "; ").append(attempt.gateway);
        if (attempt.status != 0) {
            text.append(" answered ").append(std::to_string(attempt.status));
            text.append(attempt.reason.empty() ? "" : " ").append(attempt.reason);
        } else {
            const call::Reason* const reason = call::find_reason(attempt.reason);
            text.append(": ").append(reason == nullptr ? attempt.reason : reason->token);
        }
        text.append(" after ").append(lasting(attempt.ms));
    }
    return text.empty() ? "no gateway was tried" : text;
}

std::string gateway_of(const Story& story) {
    return story.record.gateway.empty() ? "The gateway" : "Gateway " + story.record.gateway;
}

Told upstream(const Story& story, const Scene& /*scene*/) {
    return {gateway_of(story) + " refused the call: " + attempts_in(story) + "; " +
                caller_of(story) + " got " + std::to_string(story.record.outcome.sip_status) + ".",
            {}};
}

Told no_response(const Story& story, const Scene& /*scene*/) {
    return {gateway_of(story) + " gave no answer in time: " + attempts_in(story) + ".", {}};
}

Told livekit_silence(const Story& story, const Scene& /*scene*/) {
    return {gateway_of(story) + " rang for " + story.record.to +
                " and fell silent, so it has dropped the call: " + attempts_in(story) + ".",
            {}};
}

Told no_answer(const Story& story, const Scene& /*scene*/) {
    return {gateway_of(story) + " rang and nobody answered: " + attempts_in(story) + ".", {}};
}

Told no_ports(const Story& story, const Scene& scene) {
    return {"No port pair or descriptor was left for the call of " + caller_of(story) +
                (scene.detail.empty() ? "" : ": " + scene.detail) + ".",
            {}};
}

Told media_unsupported(const Story& story, const Scene& scene) {
    std::string why;
    if (scene.again != nullptr && !scene.again->verdict) {
        why = ": " + scene.again->trace.steps.back().detail;
    } else if (!story.record.attempts.empty()) {
        why = ": " + attempts_in(story);
    }
    return {"The audio that " + caller_of(story) + " offered could not be agreed on" + why + ".",
            {}};
}

Told cancelled(const Story& story, const Scene& /*scene*/) {
    const port::CallRecord& record = story.record;
    const std::int64_t ms = record.end ? (*record.end - record.start).count() : 0;
    const std::string rang =
        record.ringing ? " while " + record.gateway + " rang" : ", before anything had rung";
    return {"The caller gave up after " + lasting(ms) + rang + ".", {}};
}

Told bye(const Story& story, const Scene& /*scene*/) {
    const bool by_a = story.record.outcome.side == call::By::A;
    return {(by_a ? "The caller" : gateway_of(story)) + " hung up after " +
                lasting(story.record.duration_ms.value_or(0)) + ": a good call.",
            {}};
}

/// Whose doing it was, where the cause alone says it.
std::string side_of(const Story& story) {
    return story.record.outcome.cause == call::Cause::Client ? caller_of(story)
                                                             : "gateway " + story.record.gateway;
}

Told media_timeout(const Story& story, const Scene& /*scene*/) {
    const port::CallRecord& record = story.record;
    const bool is_a = record.outcome.cause == call::Cause::Client;
    std::string packets;
    if (record.media) {
        const std::uint64_t count = is_a ? record.media->a.packets : record.media->b.packets;
        packets = count == 0 ? ", not one packet in the whole call"
                             : ", " + std::to_string(count) + " packets before";
    }
    return {"No audio came from " + side_of(story) + " any more" + packets + ": ended after " +
                lasting(record.duration_ms.value_or(0)) + ".",
            {}};
}

Told no_ack(const Story& story, const Scene& /*scene*/) {
    return {"Our answer to " + side_of(story) + " was repeated and never acknowledged.", {}};
}

Told max_duration(const Story& story, const Scene& /*scene*/) {
    return {"The call was ended after " + lasting(story.record.duration_ms.value_or(0)) +
                ", as long as a call may last.",
            {}};
}

std::string live(const Story& story) {
    const port::CallRecord& record = story.record;
    const std::string legs =
        caller_of(story) + " to " + (record.gateway.empty() ? "no gateway yet" : record.gateway);
    if (record.answer) {
        return "The call is up: " + legs + ", " + record.codec + ", for " +
               lasting(record.duration_ms.value_or(0)) + ".";
    }
    return "The call is being set up: " + legs + (record.ringing ? ", ringing." : ".");
}

struct Row {
    std::string_view token;
    Told (*tell)(const Story&, const Scene&);
};

constexpr auto kRows = std::to_array<Row>({
    {"unknown_source", unknown_source},
    {"no_tenant", no_tenant},
    {"unknown_did", unknown_did},
    {"tenant_mismatch", tenant_mismatch},
    {"tenant_disabled", tenant_disabled},
    {"no_gateway", no_gateway},
    {"destination_not_allowed", destination_not_allowed},
    {"bad_extension", bad_extension},
    {"method", method},
    {"bad_request", bad_request},
    {"upstream", upstream},
    {"no_response", no_response},
    {"livekit_silence", livekit_silence},
    {"no_answer", no_answer},
    {"no_ports", no_ports},
    {"media_unsupported", media_unsupported},
    {"cancelled", cancelled},
    {"bye", bye},
    {"media_timeout", media_timeout},
    {"no_ack", no_ack},
    {"max_duration", max_duration},
});

/// True if nothing but the configuration was against it.
bool is_of_configuration(const Story& story) {
    const call::Reason* const reason = call::find_reason(story.reason);
    return reason != nullptr && (reason->stage == "tenant" || reason->stage == "routing");
}

}  // namespace

Told tell(const Story& story, const Scene& scene) {
    if (story.kind == Story::Kind::Live) {
        return {live(story), {}};
    }
    const auto* const row = std::ranges::find(kRows, story.reason, &Row::token);
    Told told = row == kRows.end() ? Told{} : row->tell(story, scene);
    if (const call::Reason* const reason = call::find_reason(story.reason)) {
        told.sentence = told.sentence.empty() ? std::string(reason->meaning) : told.sentence;
        told.fix = told.fix.empty() ? std::string(reason->remedy) : told.fix;
    }
    if (is_of_configuration(story) && scene.again != nullptr && scene.again->verdict) {
        told.sentence += " With the configuration as it is now it would be placed.";
    }
    if (!told.sentence.empty() && told.sentence[0] >= 'a' && told.sentence[0] <= 'z') {
        told.sentence[0] = static_cast<char>(told.sentence[0] - 'a' + 'A');
    }
    return told;
}

std::string admitting_line(const config::Interface& interface, const IpAddress& ip) {
    const std::string block = ip.to_string() + (ip.is_v4() ? "/32" : "/128");
    return interface.side == sip::Side::Carrier
               ? "carriers: [{name: NAME, interface: " + interface.name + ", sources: [" + block +
                     "]}]"
               : "gateway_groups: [{id: ID, sources: [" + block + "]}]";
}

std::string nearest_owned(const tenant::Directory& tenants, std::string_view number) {
    constexpr std::size_t kShortest = 4;  // fewer digits are near to everything
    const auto owned = [&](const std::string& candidate) -> std::string {
        const auto id = tenants.owner(candidate);
        return id ? candidate + " of tenant " + tenants.get(*id).name : std::string();
    };
    if (number.size() < kShortest) {
        return {};
    }
    const std::string bare(number.substr(number.starts_with('+') ? 1 : 0));
    std::string found = owned(number.starts_with('+') ? bare : "+" + bare);
    for (const unsigned digits : {1U, 2U}) {
        const unsigned last = digits == 1 ? 10 : 100;
        std::string candidate(number);
        for (unsigned i = 0; found.empty() && i < last; ++i) {
            std::string end = std::to_string(i);
            end.insert(0, digits - end.size(), '0');
            candidate.replace(candidate.size() - digits, digits, end);
            found = owned(candidate);
        }
    }
    return found.empty() ? owned(std::string(number.substr(0, number.size() - 1))) : found;
}

}  // namespace causeway::b2bua
