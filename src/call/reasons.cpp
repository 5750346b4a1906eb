#include "causeway/call/reasons.hpp"

#include <algorithm>
#include <array>

namespace causeway::call {
namespace {

constexpr auto kReasons = std::to_array<Reason>({
    // ── admission ──────────────────────────────────────────────────────────────────────────────
    {"unknown_source", "CW-UNKNOWN-SOURCE", "admission", "403 or silence", Since::Now,
     "The address it came from belongs to no carrier, tenant or gateway group of that interface.",
     "Add the address to whom it belongs: `carriers: [{name: NAME, sources: [ADDRESS/32]}]`, or "
     "`gateway_groups: [{id: ID, sources: [ADDRESS/32]}]` on a livekit-side interface. If it "
     "belongs "
     "to nobody, nothing is wrong."},
    {"rate_limited", "CW-RATE-LIMITED", "admission", "silence", Since::Later,
     "A source that is no carrier's sent more INVITEs in a second than it may.",
     "If its rate is legitimate make it a carrier's source, or raise "
     "`security: {invite_rate_per_source: N}`."},
    {"auth_required", "CW-AUTH-REQUIRED", "admission", "401", Since::Later,
     "The request carried no credentials where some are asked for.",
     "Usual for a first INVITE. If no second one follows, give the peer the user name and password "
     "of `carriers[].auth` or `gateway_groups[].inbound_auth`."},
    {"auth_failed", "CW-AUTH-FAILED", "admission", "403", Since::Later,
     "The credentials of the request are wrong.",
     "Compare user name, password and realm with `carriers[].auth` or "
     "`gateway_groups[].inbound_auth`."},
    {"too_many_hops", "CW-TOO-MANY-HOPS", "admission", "483", Since::Now,
     "The request has used up its Max-Forwards: it has probably gone round in circles.",
     "Look for two systems that send this number to each other; the Via lines of the INVITE name "
     "them."},
    {"loop", "CW-LOOP", "admission", "482", Since::Now,
     "The INVITE is a copy of one that is being served, or a call of ours that came back.",
     "If it came back, a gateway routes the number to this daemon: correct its dispatch. If it is "
     "a "
     "copy, the carrier sends the call over two paths at once: let it use one."},
    {"bad_request", "CW-BAD-REQUEST", "admission", "400 or 481", Since::Now,
     "The request could not be read, or it speaks of a dialog that is not here.",
     "Nothing of ours: show the message to whoever sent it."},
    {"bad_extension", "CW-BAD-EXTENSION", "admission", "420", Since::Now,
     "The request requires (Require) an extension of SIP that is not supported.",
     "Have the peer offer the extension (Supported) instead of requiring it."},
    {"method", "CW-METHOD", "admission", "405", Since::Now,
     "The request's method is not served outside a call.",
     "Nothing to repair, unless it is REGISTER: Causeway is no registrar, so let the peer call "
     "without registration."},
    {"draining", "CW-DRAINING", "admission", "503", Since::Now,
     "The daemon takes no new calls: it is about to stop, or was told to drain.",
     "Run `causeway drain --undo` if it should take calls again; otherwise wait for its restart."},
    {"no_capacity", "CW-NO-CAPACITY", "admission", "503", Since::Now,
     "As many calls or transactions are alive as the machine has room for.",
     "The `ready` line of the log says what sets the number (`bound_by`): widen "
     "`interfaces[].rtp_ports`, or raise LimitNOFILE of the unit; otherwise add a node."},
    {"carrier_cps", "CW-CARRIER-CPS", "admission", "503", Since::Later,
     "The carrier has started more calls in a second than its limit allows.",
     "Raise `carriers: [{name: NAME, limits: {calls_per_second: N}}]`, or have the carrier pace "
     "its "
     "calls."},
    {"carrier_concurrency", "CW-CARRIER-CONCURRENCY", "admission", "503", Since::Later,
     "The carrier has as many calls up as its limit allows.",
     "Raise `carriers: [{name: NAME, limits: {concurrent_calls: N}}]`."},
    // ── tenant ─────────────────────────────────────────────────────────────────────────────────
    {"tenant_unknown", "CW-TENANT-UNKNOWN", "tenant", "403", Since::Later,
     "A trusted carrier named a tenant that does not exist.",
     "Correct the header or prefix that the carrier sends, or add the tenant: "
     "`tenants: [{id: NAME}]`."},
    {"tenant_mismatch", "CW-TENANT-MISMATCH", "tenant", "403", Since::Now,
     "The called number belongs to one tenant, and the host it was called at to another.",
     "Move the number to the tenant whose domain is dialled (`tenants: [{id: NAME, dids: "
     "[NUMBER]}]`), "
     "or have the carrier send the domain of the number's owner."},
    {"no_tenant", "CW-NO-TENANT", "tenant", "404", Since::Now,
     "Nobody owns the called number, and the host it was called at is no tenant's domain.",
     "Give the number to its tenant: `tenants: [{id: NAME, dids: [NUMBER]}]`. If the number has no "
     "leading +, the carrier's `numbers: {country: XX}` is missing."},
    {"tenant_disabled", "CW-TENANT-DISABLED", "tenant", "403", Since::Now,
     "The tenant that owns the number is switched off.",
     "Switch it on: `tenants: [{id: NAME, enabled: true}]`."},
    // ── routing ────────────────────────────────────────────────────────────────────────────────
    {"tenant_cps", "CW-TENANT-CPS", "routing", "480 or limits.status", Since::Later,
     "The tenant has started more calls in a second than its limit allows.",
     "Raise `tenants: [{id: NAME, limits: {calls_per_second: N}}]`."},
    {"tenant_concurrency", "CW-TENANT-CONCURRENCY", "routing", "480 or limits.status", Since::Later,
     "The tenant has as many calls up as its limit allows.",
     "Raise `tenants: [{id: NAME, limits: {concurrent_calls: N}}]`."},
    {"unknown_did", "CW-UNKNOWN-DID", "routing", "404", Since::Now,
     "The tenant was found by its domain, and does not take the called number.",
     "Add the number: `tenants: [{id: NAME, dids: [NUMBER]}]`."},
    {"no_gateway", "CW-NO-GATEWAY", "routing", "503", Since::Now,
     "No gateway of the tenant's groups, nor of the backup group, may be used.",
     "Enable one (`enabled: true`), or give the tenant a group that has one: "
     "`tenants: [{id: NAME, gateway_groups: [ID]}]`, `routing: {backup_group: ID}`."},
    {"self_target", "CW-SELF-TARGET", "routing", "482", Since::Later,
     "The gateway of the call is this daemon itself.",
     "Correct the gateway's `uri`; `causeway check` names it."},
    {"caller_id_not_allowed", "CW-CALLER-ID-NOT-ALLOWED", "routing", "403", Since::Later,
     "The tenant may not call under this caller number.",
     "Allow the number in `tenants[].caller_ids`, or set `default_caller_id`."},
    {"destination_not_allowed", "CW-DESTINATION-NOT-ALLOWED", "routing", "403", Since::Now,
     "Calls from the LiveKit side to this number are not allowed.",
     "This version places no outbound calls; later `tenants: [{id: NAME, destinations: [PREFIX]}]` "
     "allows them."},
    {"no_carrier", "CW-NO-CARRIER", "routing", "404", Since::Later,
     "None of the tenant's carriers takes calls to this number.",
     "Give one of them the prefix: `carriers: [{name: NAME, prefixes: [PREFIX]}]`."},
    // ── call ───────────────────────────────────────────────────────────────────────────────────
    {"no_ports", "CW-NO-PORTS", "call", "503", Since::Now,
     "No pair of RTP ports, or no descriptor, was left for the call's audio.",
     "Widen `interfaces[].rtp_ports` (four ports a call: two on each side), or raise LimitNOFILE "
     "of "
     "the unit."},
    {"media_unsupported", "CW-MEDIA-UNSUPPORTED", "call", "415 or 488", Since::Now,
     "The two sides have no audio in common that can be relayed, or the body is no SDP.",
     "Compare the codecs of the carrier's offer with those of the gateway, and see `codecs` of "
     "both; "
     "encrypted audio (SAVP) needs `srtp`."},
    {"no_response", "CW-NO-RESPONSE", "call", "480", Since::Now,
     "The gateways could not be reached, or answered nothing above 100 in time.",
     "See that the gateway runs and that its address and port are right; a firewall must let SIP "
     "through both ways. `call: {no_response: 2s, attempt_timeout: 8s}` is how long we wait."},
    {"livekit_silence", "CW-LIVEKIT-SILENCE", "call", "480", Since::Now,
     "LiveKit rang and then fell silent: it has dropped the call, usually as no dispatch rule "
     "fits.",
     "Give the LiveKit project an inbound trunk with this number and a dispatch rule, and see that "
     "an "
     "agent runs. If `sip_ringing_interval` of that server is longer, raise "
     "`call: {livekit_silence: 5s}`."},
    {"no_answer", "CW-NO-ANSWER", "call", "480", Since::Now,
     "It rang, and nobody answered in time.",
     "See that an agent joins the room; `call: {ring_timeout: 120s, setup_timeout: 150s}` is how "
     "long "
     "we wait."},
    {"upstream", "CW-UPSTREAM", "call", "the gateway's own", Since::Now,
     "The gateway refused the call; its answer was passed on.",
     "The answer's status and Reason say why: look at the gateway. 486 and 480 of LiveKit usually "
     "mean that no dispatch rule or trunk fits, 401, 403 and 407 that it asks for credentials."},
    // ── end ────────────────────────────────────────────────────────────────────────────────────
    {"bye", "CW-BYE", "end", "", Since::Now, "One side hung up.", "Nothing: calls end so."},
    {"cancelled", "CW-CANCELLED", "end", "487", Since::Now,
     "The caller gave up before the call was answered.",
     "Nothing, unless it rang for long: then see why nobody answered."},
    {"max_duration", "CW-MAX-DURATION", "end", "", Since::Now,
     "The call lasted as long as a call may.",
     "Raise `call: {max_duration: 4h}`, or 0s for no limit."},
    {"media_timeout", "CW-MEDIA-TIMEOUT", "end", "", Since::Now,
     "One side sent no audio for too long.",
     "See that its RTP can reach our `rtp_ports` at the address of `advertise`. If silence is "
     "usual "
     "there, raise `call: {media_timeout: 60s}`, or 0s to let it be."},
    {"session_expired", "CW-SESSION-EXPIRED", "end", "", Since::Later,
     "The peer did not refresh the session in time (RFC 4028).",
     "See that its re-INVITE or UPDATE reaches us; `call: {session_expires: 1800s}` is what we ask "
     "for."},
    {"no_ack", "CW-NO-ACK", "end", "", Since::Now,
     "The answer was never acknowledged, however often it was repeated.",
     "The caller does not get our 200, or its ACK does not get here: see that `advertise` of the "
     "interface is the address it can reach, and that no firewall drops it."},
    {"hangup", "CW-HANGUP", "end", "480", Since::Now, "An operator ended the call.",
     "Nothing: it was asked for (`DELETE /api/v1/calls/ID`)."},
    {"drain_deadline", "CW-DRAIN-DEADLINE", "end", "480", Since::Now,
     "The daemon was stopped before the call had ended.",
     "Raise `drain: {deadline: 1h}` to give calls longer at the next stop."},
});

char fold(char c) {
    if (c == '_') {
        return '-';
    }
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::span<const Reason> reasons() {
    return kReasons;
}

const Reason* find_reason(std::string_view token_or_code) {
    constexpr std::string_view kPrefix = "CW-";
    const auto is_same = [](std::string_view one, std::string_view code) {
        return std::equal(one.begin(), one.end(), code.begin(), code.end(),
                          [](char a, char b) { return fold(a) == b; });
    };
    const bool has_prefix = token_or_code.size() > kPrefix.size() &&
                            is_same(token_or_code.substr(0, kPrefix.size()), kPrefix);
    const std::string_view name = has_prefix ? token_or_code.substr(kPrefix.size()) : token_or_code;
    const auto* const row = std::ranges::find_if(kReasons, [&](const Reason& reason) {
        return is_same(name, reason.code.substr(kPrefix.size()));
    });
    return row == kReasons.end() ? nullptr : row;
}

std::string_view code_of(std::string_view token) {
    const auto* const row = std::ranges::find(kReasons, token, &Reason::token);
    return row == kReasons.end() ? std::string_view() : row->code;
}

}  // namespace causeway::call
