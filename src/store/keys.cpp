#include "causeway/store/keys.hpp"

#include <algorithm>
#include <array>

namespace causeway::store {
namespace {

using enum Shape;
using enum Form;
using enum Presence;
using enum Effect;
using enum Applies;

constexpr std::string_view kCodecs =
    "PCMU|PCMA|G722|G729|GSM|iLBC|opus|speex|AMR|AMR-WB|telephone-event";

// Columns: path, shape, form, presence, default, values, sentence, effect if not full, when it
// applies if not at a reload; the last two hold for what stands in a map as well. A row is a line:
// it is read as a table.
// clang-format off
constexpr std::array kKeys = std::to_array<Key>({
    {"node", Scalar, Name, Required, "", "", "Name of this daemon in logs and metrics.", Full, Restart},

    {"interfaces", Maps, None, Required, "", "", "Local addresses with their SIP listeners and RTP ports.", Full, Restart},
    {"interfaces[].name", Scalar, Name, Required, "", "", "Unique name."},
    {"interfaces[].side", Scalar, Choice, Required, "", "carrier|livekit", "Which world it faces; decides a call's direction."},
    {"interfaces[].bind", Scalar, Address, Required, "", "", "The one address of this host that it listens on."},
    {"interfaces[].advertise", Scalar, Address, Optional, "", "", "The address that peers are told (behind NAT); default: `bind`."},
    {"interfaces[].names", List, Host, Optional, "", "", "Host names of ours, by which peers may address us."},
    {"interfaces[].contact", Scalar, Choice, Optional, "address", "address|name", "What stands in our Contact: `advertise`, or the first of `names`.", Later},
    {"interfaces[].sip", List, Listener, Required, "", "", "SIP listeners, at most one a transport: `udp:PORT`, `tcp:PORT`, `tls:PORT`."},
    {"interfaces[].rtp_ports", Scalar, PortRange, Required, "", "", "Ports for RTP and RTCP: an even first and an odd last one."},

    {"tls", Map, None, Optional, "", "", "TLS of every listener and connection, unless a carrier or a gateway has its own.", Later},
    {"tls.certificate", Scalar, Path, Optional, "", "", "PEM file with our certificate and its chain."},
    {"tls.private_key", Scalar, Path, Optional, "", "", "PEM file with its key."},
    {"tls.ca", Scalar, Text, Optional, "system", "", "Whom we believe: `system`, or a PEM file."},
    {"tls.verify_peer", Scalar, Switch, Optional, "true", "", "Whether servers we connect to must prove their name."},
    {"tls.verify_clients", Scalar, Switch, Optional, "false", "", "Whether those who connect must show a certificate."},
    {"tls.minimum", Scalar, Choice, Optional, "1.2", "1.2|1.3", "The oldest version that is spoken."},
    {"tls.alpn", List, Text, Optional, "", "", "Protocols to negotiate (RFC 7301)."},

    {"carriers", Maps, None, Required, "", "", "Telecom companies' trunks that may send us calls."},
    {"carriers[].name", Scalar, Name, Required, "", "", "Unique name."},
    {"carriers[].interface", Scalar, Name, Optional, "", "", "The carrier-side interface it reaches us on; default: the only one."},
    {"carriers[].sources", List, Block, Required, "", "", "Addresses or blocks that may send calls as this carrier; the longest prefix wins."},
    {"carriers[].numbers", Map, None, Optional, "", "", "How this carrier writes numbers; default: international ones only."},
    {"carriers[].numbers.country", Scalar, Text, Optional, "", "", "Country whose national plan applies (two capital letters, as DE)."},
    {"carriers[].numbers.rules", Maps, None, Optional, "", "", "Rewriting rules, tried before anything else; the first that matches is the result."},
    {"carriers[].numbers.rules[].match", Scalar, Text, Required, "", "", "RE2 pattern, as '^0(\\d+)$'."},
    {"carriers[].numbers.rules[].replace", Scalar, Text, Required, "", "", "What takes the matched part's place; '\\1' is the first group."},
    {"carriers[].trust_headers", List, Header, Optional, "", "", "Identity headers that are believed from it; all others are stripped.", Later},
    {"carriers[].trust_prefix", Scalar, Switch, Optional, "false", "", "Whether TENANT_NUMBER user parts are believed.", Later},
    {"carriers[].pass_headers", List, Header, Optional, "", "", "Header fields of its INVITE that are copied to LiveKit, besides the provider headers."},
    {"carriers[].ringing", Scalar, Choice, Optional, "immediate", "immediate|confirmed", "When it hears 180: at LiveKit's first, or at its second or the 200.", Later},
    {"carriers[].default_tenant", Scalar, TenantId, Optional, "", "", "Whose its calls are when nothing else says so.", Later},
    {"carriers[].auth", Map, None, Optional, "", "", "Digest challenge of its INVITEs.", Unsafe},
    {"carriers[].auth.username", Scalar, Text, Required, "", "", "User name."},
    {"carriers[].auth.password", Scalar, Secret, Required, "", "", "Password."},
    {"carriers[].limits", Map, None, Optional, "", "", "How many calls it may send.", Unsafe},
    {"carriers[].limits.calls_per_second", Scalar, Integer, Optional, "", "1..100000", "New calls in any second."},
    {"carriers[].limits.calls_per_minute", Scalar, Integer, Optional, "", "1..1000000", "New calls in any minute."},
    {"carriers[].limits.concurrent_calls", Scalar, Integer, Optional, "", "1..1000000", "Calls at a time."},
    {"carriers[].media", Map, None, Optional, "", "", "Its RTP."},
    {"carriers[].media.sources", List, Block, Optional, "", "", "Further addresses or blocks that its RTP may come from.", Later},
    {"carriers[].media.latch", Scalar, Choice, Optional, "sdp", "sdp|any", "Whose RTP is accepted first: the SDP's address, or anybody's.", Later},
    {"carriers[].media.srtp", Scalar, Choice, Optional, "off", "off|require", "Whether its RTP is encrypted (SDES).", Unsafe},
    {"carriers[].media.codecs", List, Choice, Optional, "", kCodecs, "Codecs that it may use, best first; default: its own list.", Later},
    {"carriers[].media.inband_dtmf", Scalar, Switch, Optional, "false", "", "Whether tones in its audio become telephone-event.", Later},
    {"carriers[].on_redirect", Scalar, Choice, Optional, "refuse", "refuse|follow", "What becomes of its 3xx.", Later},
    {"carriers[].gateways", Maps, None, Optional, "", "", "Where calls toward it go.", Later},
    {"carriers[].gateways[].uri", Scalar, Uri, Required, "", "", "SIP URI."},
    {"carriers[].gateways[].priority", Scalar, Integer, Optional, "0", "0..65535", "Higher is tried first."},
    {"carriers[].gateways[].weight", Scalar, Integer, Optional, "50", "0..100", "Share among equal priorities."},
    {"carriers[].prefixes", List, Prefix, Optional, "", "", "Called prefixes that go to it; the longest wins.", Later},
    {"carriers[].number_format", Scalar, Choice, Optional, "e164", "e164|e164_no_plus|national", "How it wants numbers.", Later},
    {"carriers[].register", Map, None, Optional, "", "", "Our registration with it.", Later},
    {"carriers[].register.registrar", Scalar, Uri, Required, "", "", "SIP URI of its registrar."},
    {"carriers[].register.username", Scalar, Text, Required, "", "", "User name."},
    {"carriers[].register.password", Scalar, Secret, Required, "", "", "Password."},
    {"carriers[].register.expires", Scalar, Duration, Optional, "3600s", "", "How long a registration is asked for."},
    {"carriers[].tls", Map, None, Optional, "", "", "TLS toward this carrier, where it differs from `tls`.", Later},
    {"carriers[].tls.certificate", Scalar, Path, Optional, "", "", "PEM file with our certificate and its chain."},
    {"carriers[].tls.private_key", Scalar, Path, Optional, "", "", "PEM file with its key."},
    {"carriers[].tls.ca", Scalar, Text, Optional, "system", "", "Whom we believe: `system`, or a PEM file."},
    {"carriers[].tls.verify_peer", Scalar, Switch, Optional, "true", "", "Whether it must prove its name."},
    {"carriers[].tls.verify_clients", Scalar, Switch, Optional, "false", "", "Whether it must show a certificate when it connects."},
    {"carriers[].tls.minimum", Scalar, Choice, Optional, "1.2", "1.2|1.3", "The oldest version that is spoken."},
    {"carriers[].tls.alpn", List, Text, Optional, "", "", "Protocols to negotiate (RFC 7301)."},

    {"gateway_groups", Maps, None, Required, "", "", "Where inbound calls go."},
    {"gateway_groups[].id", Scalar, Integer, Required, "", "1..1000000", "Unique number."},
    {"gateway_groups[].name", Scalar, Name, Optional, "", "", "Unique name; default: the id."},
    {"gateway_groups[].interface", Scalar, Name, Optional, "", "", "The livekit-side interface that its calls leave by; default: the only one."},
    {"gateway_groups[].gateways", Maps, None, Required, "", "", "The group's gateways: higher `priority` first, equal ones in the order of the file."},
    {"gateway_groups[].gateways[].name", Scalar, Name, Optional, "", "", "Unique in the group; default: HOST[:PORT] of its URI."},
    {"gateway_groups[].gateways[].kind", Scalar, Choice, Optional, "livekit", "livekit|generic", "What the far end is."},
    {"gateway_groups[].gateways[].uri", Scalar, Uri, Required, "", "", "SIP URI; a user part that it brings stays."},
    {"gateway_groups[].gateways[].priority", Scalar, Integer, Optional, "0", "0..65535", "Higher is tried first."},
    {"gateway_groups[].gateways[].weight", Scalar, Integer, Optional, "50", "0..100", "Share among equal priorities; 0: only when all others are down.", Later},
    {"gateway_groups[].gateways[].srtp", Scalar, Choice, Optional, "off", "off|require", "Whether its RTP is encrypted (SDES).", Unsafe},
    {"gateway_groups[].gateways[].number_format", Scalar, Choice, Optional, "e164", "e164|e164_no_plus|national", "How it wants numbers.", Later},
    {"gateway_groups[].gateways[].codecs", List, Choice, Optional, "", kCodecs, "Codecs that it is offered, best first; default: the caller's, toward LiveKit those it knows."},
    {"gateway_groups[].gateways[].auth", Map, None, Optional, "", "", "Credentials that it may ask for.", Unsafe},
    {"gateway_groups[].gateways[].auth.username", Scalar, Text, Required, "", "", "User name."},
    {"gateway_groups[].gateways[].auth.password", Scalar, Secret, Required, "", "", "Password."},
    {"gateway_groups[].gateways[].limits", Map, None, Optional, "", "", "How many calls it gets.", Unsafe},
    {"gateway_groups[].gateways[].limits.calls_per_second", Scalar, Integer, Optional, "", "1..100000", "New calls in any second."},
    {"gateway_groups[].gateways[].limits.calls_per_minute", Scalar, Integer, Optional, "", "1..1000000", "New calls in any minute."},
    {"gateway_groups[].gateways[].limits.concurrent_calls", Scalar, Integer, Optional, "", "1..1000000", "Calls at a time."},
    {"gateway_groups[].gateways[].enabled", Scalar, Switch, Optional, "true", "", "Whether it gets calls."},
    {"gateway_groups[].gateways[].description", Scalar, Text, Optional, "", "", "For people."},
    {"gateway_groups[].gateways[].tls", Map, None, Optional, "", "", "TLS toward this gateway, where it differs from `tls`.", Later},
    {"gateway_groups[].gateways[].tls.certificate", Scalar, Path, Optional, "", "", "PEM file with our certificate and its chain."},
    {"gateway_groups[].gateways[].tls.private_key", Scalar, Path, Optional, "", "", "PEM file with its key."},
    {"gateway_groups[].gateways[].tls.ca", Scalar, Text, Optional, "system", "", "Whom we believe: `system`, or a PEM file."},
    {"gateway_groups[].gateways[].tls.verify_peer", Scalar, Switch, Optional, "true", "", "Whether it must prove its name."},
    {"gateway_groups[].gateways[].tls.verify_clients", Scalar, Switch, Optional, "false", "", "Whether it must show a certificate when it connects."},
    {"gateway_groups[].gateways[].tls.minimum", Scalar, Choice, Optional, "1.2", "1.2|1.3", "The oldest version that is spoken."},
    {"gateway_groups[].gateways[].tls.alpn", List, Text, Optional, "", "", "Protocols to negotiate (RFC 7301)."},
    {"gateway_groups[].probe", Map, None, Optional, "", "", "OPTIONS toward its gateways.", Later},
    {"gateway_groups[].probe.interval", Scalar, Duration, Optional, "10s", "0", "Time between two probes; 0: none."},
    {"gateway_groups[].probe.timeout", Scalar, Duration, Optional, "2s", "", "Failure if no answer came for this long."},
    {"gateway_groups[].probe.down_after", Scalar, Integer, Optional, "2", "1..100", "Failures in a row that take it down."},
    {"gateway_groups[].probe.up_after", Scalar, Integer, Optional, "2", "1..100", "Answers in a row that bring it back."},
    {"gateway_groups[].sources", List, Block, Optional, "", "", "Addresses or blocks that may talk to us, besides the gateways' own; public ones need `inbound_auth`."},
    {"gateway_groups[].inbound_auth", Maps, None, Optional, "", "", "Digest users of calls from LiveKit.", Unsafe},
    {"gateway_groups[].inbound_auth[].username", Scalar, Text, Required, "", "", "User name."},
    {"gateway_groups[].inbound_auth[].password", Scalar, Secret, Required, "", "", "Password."},
    {"gateway_groups[].inbound_auth[].tenant", Scalar, TenantId, Required, "", "", "Whose calls these are."},
    {"gateway_groups[].trust_headers", List, Header, Optional, "", "", "Identity headers that are believed from private sources.", Later},

    {"tenants", Maps, None, Required, "", "", "Customers whose numbers live here."},
    {"tenants[].id", Scalar, TenantId, Required, "", "", "Unique id."},
    {"tenants[].domain", Scalar, Host, Optional, "", "", "Its SIP domain."},
    {"tenants[].domains", List, Host, Optional, "", "", "Further domains."},
    {"tenants[].sources", List, Block, Optional, "", "", "Addresses or blocks of its own, admitted on carrier sides, with nothing trusted.", Later},
    {"tenants[].limits", Map, None, Optional, "", "", "How many calls it may have.", Unsafe},
    {"tenants[].limits.calls_per_second", Scalar, Integer, Optional, "", "1..100000", "New calls in any second."},
    {"tenants[].limits.calls_per_minute", Scalar, Integer, Optional, "", "1..1000000", "New calls in any minute."},
    {"tenants[].limits.concurrent_calls", Scalar, Integer, Optional, "", "1..1000000", "Calls at a time."},
    {"tenants[].limits.status", Scalar, Integer, Optional, "480", "400..699", "What a call beyond them is answered."},
    {"tenants[].gateway_groups", List, Text, Optional, "", "", "Groups its calls go to, in order, by id or name; default: the only one."},
    {"tenants[].dids", ShortMaps, None, Optional, "", "", "Its numbers; without this key it takes any number that nobody else owns, `[]` takes none. A plain value stands for its `number`."},
    {"tenants[].dids[].number", Scalar, Did, Required, "", "", "A number in E.164, or a prefix that ends in `*`."},
    {"tenants[].dids[].uri", Scalar, Uri, Optional, "", "", "The SIP URI that its calls go to instead of the groups.", Later},
    {"tenants[].carriers", List, Name, Optional, "", "", "Outbound: carriers it may use; default: all.", Later},
    {"tenants[].destinations", List, Prefix, Optional, "", "", "Outbound: prefixes it may call; default: none.", Later},
    {"tenants[].caller_ids", OneOrList, CallerId, Optional, "own", "", "Outbound: caller ids it may show: `own` (its numbers), `any`, or a list.", Later},
    {"tenants[].default_caller_id", Scalar, Did, Optional, "", "", "Outbound: what is shown in place of one it may not show.", Later},
    {"tenants[].transfer", Scalar, Choice, Optional, "consume", "consume", "What becomes of a REFER of LiveKit's.", Later},
    {"tenants[].enabled", Scalar, Switch, Optional, "true", "", "Whether it gets calls."},

    {"routing", Map, None, Optional, "", "", "Routing of all tenants."},
    {"routing.backup_group", Scalar, Text, Optional, "", "", "The group that is tried after a tenant's own, by id or name."},
    {"did_files", List, Path, Optional, "", "", "CSV files of more numbers: number,tenant[,group][,uri].", Later},

    {"call", Map, None, Optional, "", "", "Timers of a call."},
    {"call.no_response", Scalar, Duration, Optional, "2s", "", "Next gateway if not even a 100 came for this long."},
    {"call.attempt_timeout", Scalar, Duration, Optional, "8s", "", "Next gateway if nothing above 100 came for this long."},
    {"call.livekit_silence", Scalar, Duration, Optional, "5s", "", "Next gateway if LiveKit, having sent 180, did not repeat it for this long."},
    {"call.ring_timeout", Scalar, Duration, Optional, "120s", "", "End of a call that rings unanswered."},
    {"call.setup_timeout", Scalar, Duration, Optional, "150s", "", "End of all attempts together; longer than `ring_timeout`."},
    {"call.max_duration", Scalar, Duration, Optional, "4h", "0", "End of an answered call; 0: never."},
    {"call.media_timeout", Scalar, Duration, Optional, "60s", "0", "End of a call of which a leg has sent no packet for this long; 0: never."},
    {"call.session_expires", Scalar, Duration, Optional, "1800s", "0", "Session timer that carriers are asked for (RFC 4028); 0: none.", Later},

    {"control", Map, None, Optional, "", "", "The control interface: REST, `/healthz`, `/readyz`.", Full, Restart},
    {"control.listen", Scalar, Socket, Optional, "127.0.0.1:8080", "", "Where it listens; without tokens a loopback address; empty: nowhere."},
    {"control.tokens", Maps, None, Optional, "", "", "Who may use it."},
    {"control.tokens[].name", Scalar, Name, Required, "", "", "Unique name."},
    {"control.tokens[].token", Scalar, Secret, Required, "", "", "What a request bears."},
    {"control.tokens[].role", Scalar, Choice, Optional, "admin", "admin", "What it may do."},
    {"webhook", Map, None, Optional, "", "", "A listener for LiveKit's webhooks alone.", Later, Restart},
    {"webhook.listen", Scalar, Socket, Optional, "", "", "Where it listens; empty: only at `control`."},
    {"metrics", Map, None, Optional, "", "", "Prometheus metrics (docs/METRICS.md).", Full, Restart},
    {"metrics.listen", Scalar, Socket, Optional, "127.0.0.1:9494", "", "Where they are served, at `/metrics`; empty: nowhere."},
    {"metrics.max_tenants", Scalar, Integer, Optional, "1000", "0..1000000", "Tenants with a label of their own; the others count as `other`."},
    {"hooks", Map, None, Optional, "", "", "SIP webhooks.", Later},
    {"hooks.secret", Scalar, Secret, Optional, "", "", "Key of their signatures."},
    {"hooks.room_prefix", Scalar, Text, Optional, "sip-", "", "What rooms of SIP calls begin with."},
    {"hooks.fire", Scalar, Choice, Optional, "livekit", "livekit", "What makes them fire: LiveKit's webhook."},
    {"hooks.allow_private", Scalar, Switch, Optional, "false", "", "Whether private addresses may be called."},
    {"hooks.entries", Maps, None, Optional, "", "", "Which host's calls go where."},
    {"hooks.entries[].host", Scalar, Host, Required, "", "", "A tenant's domain."},
    {"hooks.entries[].url", Scalar, Url, Required, "", "http|https", "Where it is posted."},
    {"livekit", Map, None, Optional, "", "", "LiveKit projects, for what is read and changed there.", Later},
    {"livekit.projects", Maps, None, Optional, "", "", "Projects."},
    {"livekit.projects[].name", Scalar, Name, Required, "", "", "Unique name."},
    {"livekit.projects[].url", Scalar, Url, Required, "", "http|https", "Its address."},
    {"livekit.projects[].api_key", Scalar, Secret, Required, "", "", "API key."},
    {"livekit.projects[].api_secret", Scalar, Secret, Required, "", "", "API secret."},
    {"routing_webhook", Map, None, Optional, "", "", "A server that is asked where a call goes.", Later},
    {"routing_webhook.url", Scalar, Url, Required, "", "http|https", "Its address."},
    {"routing_webhook.dialect", Scalar, Choice, Optional, "causeway", "causeway|jambonz", "How it is asked."},
    {"routing_webhook.timeout", Scalar, Duration, Optional, "400ms", "", "How long it is waited for."},
    {"routing_webhook.cache", Scalar, Duration, Optional, "30s", "0", "How long an answer holds; 0: once."},
    {"routing_webhook.secret", Scalar, Secret, Optional, "", "", "Key of the request's signature."},
    {"routing_webhook.on_failure", Scalar, Choice, Optional, "table", "table", "What happens without an answer: the tables decide."},
    {"routing_webhook.targets", Scalar, Choice, Optional, "configured", "configured", "Which gateways it may name: those of this file."},
    {"hep", Map, None, Optional, "", "", "Copies of SIP messages to a HEP collector.", Later},
    {"hep.address", Scalar, Socket, Required, "", "", "The collector."},
    {"hep.capture_id", Scalar, Integer, Optional, "2001", "0..4294967295", "Our number there."},
    {"hep.password", Scalar, Secret, Optional, "", "", "Its password."},
    {"otlp", Map, None, Optional, "", "", "Traces to an OpenTelemetry collector.", Later},
    {"otlp.url", Scalar, Url, Optional, "", "http|https", "Its address; empty: none."},

    {"cdr", Map, None, Required, "", "", "Call detail records."},
    {"cdr.file", Scalar, Path, Required, "", "", "File they are appended to, a JSON object a line; a missing last folder is made."},
    {"cdr.webhook", Scalar, Url, Optional, "", "http|https", "Where each is posted; empty: nowhere.", Later},
    {"cdr.csv", Scalar, Path, Optional, "", "", "File they are appended to as CSV; empty: none.", Later},
    {"state", Map, None, Optional, "", "", "What outlives a restart.", Later, Restart},
    {"state.directory", Scalar, Path, Optional, "/var/lib/causeway", "", "Folder of runtime changes and live calls."},
    {"state.redis", Scalar, Url, Optional, "", "redis|rediss", "Redis or Valkey shared by several nodes; empty: none."},

    {"media", Map, None, Optional, "", "", "The RTP relay."},
    {"media.threads", Scalar, Integer, Optional, "auto", "auto|1..64", "Relay threads; auto: a core less than there are, at least one.", Full, Restart},
    {"media.fast_path", Scalar, Choice, Optional, "auto", "auto|off", "The kernel fast path, which this version does not have: audio always takes the relay threads."},
    {"media.transmit", Scalar, Choice, Optional, "socket", "socket|packet", "How packets leave: by sockets, or by a packet ring.", Later},
    {"media.dscp", Scalar, Integer, Optional, "46", "0..63", "DSCP mark of RTP (RFC 2474); 46: expedited forwarding."},

    {"security", Map, None, Optional, "", "", "What strangers may do."},
    {"security.unknown_source", Scalar, Choice, Optional, "drop", "drop|reject", "What a source that is nobody's gets: nothing, or 403 (over UDP; over TCP nothing)."},
    {"security.invite_rate_per_source", Scalar, Integer, Optional, "20", "0..100000", "INVITEs a second of one source that is no carrier's; 0: any.", Later},
    {"security.invite_rate_total", Scalar, Integer, Optional, "0", "0..1000000", "INVITEs a second of all such sources; 0: any.", Later},
    {"security.emergency_numbers", List, Digits, Optional, "110, 112", "", "Numbers that are never rewritten."},

    {"log", Map, None, Optional, "", "", "The log, on standard error."},
    {"log.level", Scalar, Choice, Optional, "info", "debug|info|warn|error|off", "The least level that is written."},
    {"log.format", Scalar, Choice, Optional, "text", "text|json", "How a line looks."},
    {"log.numbers", Scalar, Choice, Optional, "masked", "masked|full", "Whether numbers show only their last four digits at info and above."},

    {"drain", Map, None, Optional, "", "", "How the daemon stops."},
    {"drain.deadline", Scalar, Duration, Optional, "1h", "", "How long live calls may go on after SIGTERM."},
});
// clang-format on

}  // namespace

std::string_view Key::name() const {
    const std::size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string_view Key::parent() const {
    const std::size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::span<const Key> keys() {
    return kKeys;
}

}  // namespace causeway::store
