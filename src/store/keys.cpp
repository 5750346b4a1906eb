#include "causeway/store/keys.hpp"

#include <algorithm>
#include <array>

namespace causeway::store {
namespace {

using enum Presence;

// Columns: path, shape, form, presence, default, values, sentence.
constexpr std::array kKeys = std::to_array<Key>({
    {"node", Shape::Scalar, Form::Name, Required, "", "",
     "Name of this daemon in logs and metrics."},

    {"interfaces", Shape::Maps, Form::None, Required, "", "",
     "Local addresses with their SIP listeners and RTP ports."},
    {"interfaces[].name", Shape::Scalar, Form::Name, Required, "", "", "Unique name."},
    {"interfaces[].side", Shape::Scalar, Form::Choice, Required, "", "carrier|livekit",
     "Which world it faces; decides a call's direction."},
    {"interfaces[].bind", Shape::Scalar, Form::Address, Required, "", "",
     "The one address of this host that it listens on."},
    {"interfaces[].advertise", Shape::Scalar, Form::Address, Optional, "", "",
     "The address that peers are told (behind NAT); default: `bind`."},
    {"interfaces[].names", Shape::List, Form::Host, Optional, "", "",
     "Host names of ours, by which peers may address us."},
    {"interfaces[].sip", Shape::List, Form::Listener, Required, "", "",
     "SIP listeners, `udp:PORT`."},
    {"interfaces[].rtp_ports", Shape::Scalar, Form::PortRange, Required, "", "",
     "Ports for RTP and RTCP: an even first and an odd last one."},

    {"carriers", Shape::Maps, Form::None, Required, "", "",
     "Telecom companies' trunks that may send us calls."},
    {"carriers[].name", Shape::Scalar, Form::Name, Required, "", "", "Unique name."},
    {"carriers[].interface", Shape::Scalar, Form::Name, Optional, "", "",
     "The carrier-side interface it reaches us on; default: the only one."},
    {"carriers[].sources", Shape::List, Form::Block, Required, "", "",
     "Addresses or blocks that may send calls as this carrier; the longest prefix wins."},
    {"carriers[].numbers", Shape::Map, Form::None, Optional, "", "",
     "How this carrier writes numbers; default: international ones only."},
    {"carriers[].numbers.country", Shape::Scalar, Form::Text, Optional, "", "",
     "Country whose national plan applies (two capital letters, as DE)."},
    {"carriers[].numbers.rules", Shape::Maps, Form::None, Optional, "", "",
     "Rewriting rules, tried before anything else; the first that matches is the result."},
    {"carriers[].numbers.rules[].match", Shape::Scalar, Form::Text, Required, "", "",
     "RE2 pattern, as '^0(\\d+)$'."},
    {"carriers[].numbers.rules[].replace", Shape::Scalar, Form::Text, Required, "", "",
     "What takes the matched part's place; '\\1' is the first group."},
    {"carriers[].pass_headers", Shape::List, Form::Header, Optional, "", "",
     "Header fields of its INVITE that are copied to LiveKit, besides the provider headers."},

    {"gateway_groups", Shape::Maps, Form::None, Required, "", "",
     "Where inbound calls go; this version takes exactly one group."},
    {"gateway_groups[].id", Shape::Scalar, Form::Integer, Required, "", "1..1000000",
     "Unique number."},
    {"gateway_groups[].name", Shape::Scalar, Form::Name, Optional, "", "",
     "Unique name; default: the id."},
    {"gateway_groups[].interface", Shape::Scalar, Form::Name, Optional, "", "",
     "The livekit-side interface that its calls leave by; default: the only one."},
    {"gateway_groups[].gateways", Shape::Maps, Form::None, Required, "", "",
     "The group's gateways, in order of trial."},
    {"gateway_groups[].gateways[].name", Shape::Scalar, Form::Name, Optional, "", "",
     "Unique in the group; default: HOST[:PORT] of its URI."},
    {"gateway_groups[].gateways[].kind", Shape::Scalar, Form::Choice, Optional, "livekit",
     "livekit|generic", "What the far end is."},
    {"gateway_groups[].gateways[].uri", Shape::Scalar, Form::Uri, Required, "", "",
     "SIP URI with an address as its host."},
    {"gateway_groups[].gateways[].codecs", Shape::List, Form::Choice, Optional, "",
     "PCMU|PCMA|G722|G729|GSM|iLBC|opus|speex|AMR|AMR-WB|telephone-event",
     "Codecs that it is offered, best first; default: the caller's, toward LiveKit those it "
     "knows."},
    {"gateway_groups[].gateways[].enabled", Shape::Scalar, Form::Switch, Optional, "true", "",
     "Whether it gets calls."},
    {"gateway_groups[].gateways[].description", Shape::Scalar, Form::Text, Optional, "", "",
     "For people."},
    {"gateway_groups[].sources", Shape::List, Form::Block, Optional, "", "",
     "Private addresses or blocks that may talk to us, besides the gateways' own."},

    {"tenants", Shape::Maps, Form::None, Required, "", "", "Customers whose numbers live here."},
    {"tenants[].id", Shape::Scalar, Form::TenantId, Required, "", "", "Unique id."},
    {"tenants[].domain", Shape::Scalar, Form::Host, Optional, "", "", "Its SIP domain."},
    {"tenants[].domains", Shape::List, Form::Host, Optional, "", "", "Further domains."},
    {"tenants[].gateway_groups", Shape::List, Form::Text, Optional, "", "",
     "Groups its calls go to, in order, by id or name; default: the only one."},
    {"tenants[].dids", Shape::List, Form::Did, Optional, "", "",
     "Its numbers in E.164, or prefixes that end in `*`; without this key it takes any number "
     "that nobody else owns, `[]` takes none."},
    {"tenants[].enabled", Shape::Scalar, Form::Switch, Optional, "true", "",
     "Whether it gets calls."},

    {"call", Shape::Map, Form::None, Optional, "", "", "Timers of a call."},
    {"call.no_response", Shape::Scalar, Form::Duration, Optional, "2s", "",
     "Next gateway if not even a 100 came for this long."},
    {"call.attempt_timeout", Shape::Scalar, Form::Duration, Optional, "8s", "",
     "Next gateway if nothing above 100 came for this long."},
    {"call.livekit_silence", Shape::Scalar, Form::Duration, Optional, "5s", "",
     "Next gateway if LiveKit, having sent 180, did not repeat it for this long."},
    {"call.ring_timeout", Shape::Scalar, Form::Duration, Optional, "120s", "",
     "End of a call that rings unanswered."},
    {"call.setup_timeout", Shape::Scalar, Form::Duration, Optional, "150s", "",
     "End of all attempts together; longer than `ring_timeout`."},
    {"call.max_duration", Shape::Scalar, Form::Duration, Optional, "4h", "0",
     "End of an answered call; 0: never."},
    {"call.media_timeout", Shape::Scalar, Form::Duration, Optional, "60s", "0",
     "End of a call of which a leg has sent no packet for this long; 0: never."},

    {"cdr", Shape::Map, Form::None, Required, "", "", "Call detail records."},
    {"cdr.file", Shape::Scalar, Form::Text, Required, "", "",
     "File they are appended to, a JSON object a line; a missing last folder is made."},

    {"media", Shape::Map, Form::None, Optional, "", "", "The RTP relay."},
    {"media.threads", Shape::Scalar, Form::Integer, Optional, "auto", "auto|1..64",
     "Relay threads; auto: a core less than there are, at least one."},
    {"media.dscp", Shape::Scalar, Form::Integer, Optional, "46", "0..63",
     "DSCP mark of RTP (RFC 2474); 46: expedited forwarding."},

    {"security", Shape::Map, Form::None, Optional, "", "", "What strangers may do."},
    {"security.unknown_source", Shape::Scalar, Form::Choice, Optional, "drop", "drop",
     "What a source that is nobody's gets: nothing."},
    {"security.emergency_numbers", Shape::List, Form::Digits, Optional, "110, 112", "",
     "Numbers that are never rewritten."},

    {"log", Shape::Map, Form::None, Optional, "", "", "The log, on standard error."},
    {"log.level", Shape::Scalar, Form::Choice, Optional, "info", "debug|info|warn|error|off",
     "The least level that is written."},
    {"log.format", Shape::Scalar, Form::Choice, Optional, "text", "text|json", "How a line looks."},
    {"log.numbers", Shape::Scalar, Form::Choice, Optional, "masked", "masked|full",
     "Whether numbers show only their last four digits at info and above."},
});

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
