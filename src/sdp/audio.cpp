#include "fields.hpp"

#include "causeway/sdp/session.hpp"

#include <algorithm>
#include <bitset>
#include <limits>

namespace causeway::sdp {
namespace {

struct StaticType {
    std::string_view name;
    std::uint32_t clock{};
};
/// RFC 3551 §6, table 4; holes are reserved or unassigned.
constexpr std::array<StaticType, 19> kStaticTypes{{
    {"PCMU", 8000},
    {},
    {},
    {"GSM", 8000},
    {"G723", 8000},
    {"DVI4", 8000},
    {"DVI4", 16000},
    {"LPC", 8000},
    {"PCMA", 8000},
    {"G722", 8000},
    {"L16", 44100},
    {"L16", 44100},
    {"QCELP", 8000},
    {"CN", 8000},
    {"MPA", 90000},
    {"G728", 8000},
    {"DVI4", 11025},
    {"DVI4", 22050},
    {"G729", 8000},
}};

/// A letter tells a name from a mistyped address.
bool is_host_name(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto is_other = [](char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    };
    return std::any_of(text.begin(), text.end(), is_letter) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_letter(c) || is_other(c); });
}

/// `IN IP4 a.b.c.d[/ttl[/count]]`, as in c= (RFC 8866 §5.7) and a=rtcp (RFC 3605).
Result<IpAddress> connection_address(std::string_view value) {
    const std::string_view network = take_word(value);
    const std::string_view family = take_word(value);
    const std::string_view text = take_word(value);
    const bool is_ip6 = is_same_text(family, "IP6");
    if (!is_same_text(network, "IN") || (!is_ip6 && !is_same_text(family, "IP4"))) {
        return fail(Errc::Malformed, "a connection that is neither IN IP4 nor IN IP6");
    }
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string_view literal = text.substr(0, slash);
    for (std::string_view rest = text.substr(slash); !rest.empty();) {
        rest.remove_prefix(1);
        const std::size_t next = std::min(rest.find('/'), rest.size());
        if (!number(rest.substr(0, next), std::numeric_limits<std::uint16_t>::max())) {
            return fail(Errc::Malformed, "a connection address with a bad suffix");
        }
        rest.remove_prefix(next);
    }
    // A colon tells the families apart, also for ::ffff:a.b.c.d; brackets have no place here.
    const bool has_colon = literal.find(':') != std::string_view::npos;
    const auto address = literal.starts_with('[') ? std::nullopt : IpAddress::parse(literal);
    if (address && has_colon == is_ip6) {
        return *address;
    }
    if (!address && is_host_name(literal)) {
        return fail(Errc::Unsupported, "a host name as connection address");
    }
    return fail(Errc::Malformed, "an unreadable connection address");
}

const Line* connection_line(const std::vector<Line>& lines) {
    const auto found =
        std::find_if(lines.begin(), lines.end(), [](const Line& line) { return line.type == 'c'; });
    return found == lines.end() ? nullptr : &*found;
}

Result<IpAddress> address_of(const Session& session, const Media& media) {
    const Line* line = connection_line(media.lines);
    if (line == nullptr) {
        line = connection_line(session.lines);
    }
    if (line == nullptr) {
        return fail(Errc::Malformed, "no c= line");
    }
    CAUSEWAY_TRY(const IpAddress address, connection_address(line->value));
    if (address.is_multicast()) {
        return fail(Errc::Unsupported, "a multicast connection address");
    }
    return address;
}

Endpoint rtcp_of(const Media& media, const Endpoint& rtp) {
    for (const Line& line : media.lines) {
        auto [name, value] = attribute(line);
        if (!is_same_text(name, "rtcp")) {
            continue;
        }
        const auto port = number(take_word(value), std::numeric_limits<std::uint16_t>::max());
        const bool has_address = value.find_first_not_of(" \t") != std::string_view::npos;
        const auto address = has_address ? connection_address(value) : rtp.ip;
        if (port && *port != 0 && address && !address->is_multicast()) {
            return {.ip = *address, .port = static_cast<std::uint16_t>(*port)};
        }
    }
    return {.ip = rtp.ip, .port = static_cast<std::uint16_t>(rtp.port + 1U)};
}

Result<std::vector<Codec>> codecs_of(const Media& media, std::string_view formats) {
    const Mappings mapped(media);
    std::vector<Codec> codecs;
    codecs.reserve(8);
    std::bitset<kPayloadTypes> seen;
    while (!formats.empty()) {
        const auto type = take_payload_type(formats);
        if (!type) {
            return fail(Errc::Malformed, "an audio format that is no payload type");
        }
        if (seen.test(*type)) {
            continue;
        }
        seen.set(*type);
        Codec codec{.payload_type = *type, .name = {}, .clock = 0};
        if (const Mapping* said = mapped[*type]) {
            codec.name = said->name;
            codec.clock = said->clock;
        } else if (*type < kStaticTypes.size()) {
            codec.name = kStaticTypes[*type].name;
            codec.clock = kStaticTypes[*type].clock;
        }
        if (is_same_text(codec.name, "G722")) {
            codec.clock = 8000;
        }
        codecs.push_back(std::move(codec));
    }
    return codecs;
}

/// The last of several counts, a section's own before the session's.
Direction direction_in(const Session& session, const Media& media) {
    Direction direction = Direction::SendRecv;
    for (const std::vector<Line>* lines : {&session.lines, &media.lines}) {
        for (const Line& line : *lines) {
            direction = direction_of(line).value_or(direction);
        }
    }
    return direction;
}

}  // namespace

Direction mirrored(Direction direction) {
    switch (direction) {
        case Direction::SendOnly:
            return Direction::RecvOnly;
        case Direction::RecvOnly:
            return Direction::SendOnly;
        case Direction::SendRecv:
        case Direction::Inactive:
            break;
    }
    return direction;
}

std::string_view to_string(Direction direction) {
    switch (direction) {
        case Direction::SendRecv:
            return "sendrecv";
        case Direction::SendOnly:
            return "sendonly";
        case Direction::RecvOnly:
            return "recvonly";
        case Direction::Inactive:
            break;
    }
    return "inactive";
}

bool is_same_codec(const Codec& left, const Codec& right) {
    return is_same_text(left.name, right.name) &&
           (left.clock == right.clock || is_same_text(left.name, "G722"));
}

bool is_telephone_event(const Codec& codec) {
    return codec.clock == 8000 && is_same_text(codec.name, kTelephoneEvent);
}

bool is_voice(const Codec& codec) {
    return !codec.name.empty() && !is_same_text(codec.name, kTelephoneEvent) &&
           !is_same_text(codec.name, "CN");
}

bool Audio::is_hold() const {
    return direction == Direction::SendOnly || direction == Direction::Inactive ||
           rtp.ip.is_unspecified();
}

const Codec* Audio::voice() const {
    const auto found = std::find_if(codecs.begin(), codecs.end(), is_voice);
    return found == codecs.end() ? nullptr : &*found;
}

const Codec* Audio::event() const {
    const auto found = std::find_if(codecs.begin(), codecs.end(), is_telephone_event);
    return found == codecs.end() ? nullptr : &*found;
}

Result<Audio> audio(const Session& session) {
    std::optional<std::size_t> index;
    MediaLine chosen;
    const char* reason = "no audio section";
    // Every m= line is read: one that no answer could repeat is refused before a call is built on
    // it.
    for (std::size_t i = 0; i < session.media.size(); ++i) {
        CAUSEWAY_TRY(const MediaLine line, media_line(session.media[i]));
        if (index || !is_same_text(line.type, "audio")) {
            continue;
        }
        if (line.port == 0) {
            reason = "the audio section is refused";
        } else if (is_same_text(line.protocol, "RTP/AVP") ||
                   is_same_text(line.protocol, "RTP/AVPF")) {
            index = i;
            chosen = line;
        } else {
            reason = "audio only with a profile other than RTP/AVP and RTP/AVPF";
        }
    }
    if (!index) {
        return fail(Errc::Unsupported, reason);
    }
    const Media& media = session.media[*index];
    CAUSEWAY_TRY(const IpAddress address, address_of(session, media));
    CAUSEWAY_TRY(std::vector<Codec> codecs, codecs_of(media, chosen.formats));
    const Endpoint rtp{.ip = address, .port = chosen.port};
    return Audio{.index = *index,
                 .rtp = rtp,
                 .rtcp = rtcp_of(media, rtp),
                 .codecs = std::move(codecs),
                 .direction = direction_in(session, media)};
}

}  // namespace causeway::sdp
