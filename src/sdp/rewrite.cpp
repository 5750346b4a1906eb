#include "fields.hpp"
#include "formats.hpp"
#include "screen.hpp"

#include "causeway/sdp/session.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

namespace causeway::sdp {
namespace {

/// What a section is to be.
struct Shape {
    std::string_view type;
    std::string_view protocol;
    Direction direction{};
    bool plain{};
};

/// RFC 2543's hold as RFC 3264 says it (§8.4).
Direction effective_direction(const Audio& view) {
    if (!view.rtp.ip.is_unspecified()) {
        return view.direction;
    }
    const bool is_sending =
        view.direction == Direction::SendRecv || view.direction == Direction::SendOnly;
    return is_sending ? Direction::SendOnly : Direction::Inactive;
}

/// `IN IP4 192.0.2.1`
std::string connection(const IpAddress& ip) {
    return (ip.is_v4() ? "IN IP4 " : "IN IP6 ") + ip.to_string();
}

/// The lines of ours that stand above the first section.
std::vector<Line> head(const RewritePlan& plan, std::string times) {
    const std::string where = connection(plan.local.ip);
    return {{'v', "0"},
            {'o', "- " + std::to_string(plan.session_id) + " " +
                      std::to_string(plan.session_version) + " " + where},
            {'s', "-"},
            {'c', where},
            {'t', std::move(times)}};
}

void append_session_attributes(std::vector<Line>& lines, const Origin& origin) {
    if (origin.plan.plain) {
        return;
    }
    for (const Line& line : origin.session.lines) {
        if (origin.screen.passes(line)) {
            lines.push_back(line);
        }
    }
}

/// `AS:64`; anything else in b= is not passed on.
bool is_bandwidth(std::string_view value) {
    const std::size_t colon = value.find(':');
    return colon != std::string_view::npos && is_token(value.substr(0, colon)) &&
           number(value.substr(colon + 1), UINT64_MAX).has_value();
}

bool is_ptime(const Attribute& attribute) {
    constexpr std::uint64_t kLongest = 200;  // RFC 3551 §4.2: receivers take packets of 0 to 200 ms
    const auto milliseconds = number(attribute.value, kLongest);
    return is_same_text(attribute.name, "ptime") && milliseconds && *milliseconds > 0;
}

/// The lines of one section's source on their way to the other leg.
class Passage {
public:
    Passage(const Origin& origin, const Formats& formats, bool plain)
        : origin_(origin), plain_(plain) {
        to_.fill(-1);
        for (const Format& format : formats) {
            to_[format.from] = format.to;
        }
    }

    /// The line as the other leg reads it; nothing if it must not.
    [[nodiscard]] std::optional<Line> carry(const Line& line) const {
        if (line.type == 'b') {
            const bool is_kept =
                !plain_ && is_bandwidth(line.value) && !origin_.screen.reveals(line.value);
            return is_kept ? std::optional(line) : std::nullopt;
        }
        if (!origin_.screen.passes(line)) {
            return std::nullopt;
        }
        const Attribute read = attribute(line);
        const bool is_fmtp = is_same_text(read.name, "fmtp");
        if (is_fmtp || is_same_text(read.name, "rtcp-fb")) {
            return is_fmtp || !plain_ ? carry_numbered(line, read) : std::nullopt;
        }
        return !plain_ || is_ptime(read) ? std::optional(line) : std::nullopt;
    }

private:
    /// An attribute of one payload type follows its format, or goes with it.
    [[nodiscard]] std::optional<Line> carry_numbered(const Line& line,
                                                     const Attribute& read) const {
        std::string_view rest = read.value;
        const auto type = take_payload_type(rest);
        if (!type) {
            const bool is_wild = is_same_text(read.name, "rtcp-fb") && read.value.starts_with("* ");
            return is_wild ? std::optional(line) : std::nullopt;
        }
        const int to = to_[*type];
        if (to < 0) {
            return std::nullopt;
        }
        if (to == *type) {
            return line;
        }
        return Line{.type = 'a',
                    .value = std::string(read.name) + ":" + std::to_string(to) + std::string(rest)};
    }

    const Origin& origin_;
    bool plain_;
    std::array<int, kPayloadTypes> to_{};
};

/// The audio section: m=, b=, rtpmap by preference (some peers take the first they read), the rest
/// in its order, direction.
Media audio_section(const Origin& origin, const Formats& formats, const Shape& shape) {
    Line first{.type = 'm',
               .value = std::string(shape.type) + " " + std::to_string(origin.plan.local.port) +
                        " " + std::string(shape.protocol)};
    std::vector<Line> bandwidth;
    std::vector<Line> attributes;
    attributes.reserve(formats.size() + origin.media().lines.size() + 1);
    for (const Format& format : formats) {
        const std::string type = std::to_string(format.to);
        first.value += " " + type;
        attributes.push_back({.type = 'a', .value = "rtpmap:" + type + " " + format.rtpmap});
    }
    const Passage passage(origin, formats, shape.plain);
    for (const Line& line : origin.media().lines) {
        if (auto carried = passage.carry(line)) {
            (carried->type == 'b' ? bandwidth : attributes).push_back(std::move(*carried));
        }
    }
    attributes.push_back({.type = 'a', .value = std::string(to_string(shape.direction))});
    Media media;
    media.lines.reserve(1 + bandwidth.size() + attributes.size());
    media.lines.push_back(std::move(first));
    std::move(bandwidth.begin(), bandwidth.end(), std::back_inserter(media.lines));
    std::move(attributes.begin(), attributes.end(), std::back_inserter(media.lines));
    return media;
}

/// The offer's t=, which the answer repeats (RFC 3264 §6).
std::string times_of(const Session& offer) {
    for (const Line& line : offer.lines) {
        std::string_view rest = line.value;
        const auto is_number = [&rest] { return number(take_word(rest), UINT64_MAX).has_value(); };
        if (line.type == 't' && is_number() && is_number() && take_word(rest).empty()) {
            return line.value;
        }
    }
    return "0 0";
}

/// What we write must be readable by our own measure, whatever our lines added.
Result<Session> within_limits(Session session) {
    const Measure size = measure(session);
    if (size.bytes > kMaxBytes || size.lines > kMaxLines) {
        return fail(Errc::Malformed, "a description too long to pass on");
    }
    return session;
}

/// An answer to `offer` whose section `asked.index` is `section`.
Result<Session> answer_with(const Session& offer, const Audio& asked, const Origin& origin,
                            Media section) {
    Session answer{.lines = head(origin.plan, times_of(offer)), .media = {}};
    append_session_attributes(answer.lines, origin);
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        if (i == asked.index) {
            answer.media.emplace_back();
            continue;
        }
        CAUSEWAY_TRY(const MediaLine line, media_line(offer.media[i]));
        std::string refused = std::string(line.type) + " 0 " + std::string(line.protocol) + " " +
                              std::string(line.formats);
        if (origin.screen.is_hidden(refused)) {
            return fail(Errc::Malformed, "an m= line that names what we hide");
        }
        answer.media.push_back({.lines = {{.type = 'm', .value = std::move(refused)}}});
    }
    answer.media[asked.index] = std::move(section);
    return within_limits(std::move(answer));
}

}  // namespace

Result<Session> make_offer(const Session& offer, const RewritePlan& plan) {
    CAUSEWAY_TRY(const Audio view, audio(offer));
    return make_offer(View{offer, view}, plan);
}

Result<Session> make_offer(const View& offer, const RewritePlan& plan) {
    const Audio& view = offer.audio;
    const Origin origin(offer.session, view, plan);
    const Formats formats = offered_formats(origin);
    if (!has_voice(formats)) {
        return fail(Errc::Unsupported, "no voice codec is left to offer");
    }
    Session rewritten{.lines = head(plan, "0 0"), .media = {}};
    append_session_attributes(rewritten.lines, origin);
    rewritten.media.push_back(audio_section(origin, formats,
                                            {.type = "audio",
                                             .protocol = "RTP/AVP",
                                             .direction = effective_direction(view),
                                             .plain = plan.plain}));
    return within_limits(std::move(rewritten));
}

Result<Session> make_answer(const Session& offer, const Session& other_answer, Direction direction,
                            const RewritePlan& plan) {
    CAUSEWAY_TRY(const Audio asked, audio(offer));
    CAUSEWAY_TRY(const Audio answered, audio(other_answer));
    return make_answer(View{offer, asked}, View{other_answer, answered}, direction, plan);
}

Result<Session> make_answer(const View& offer, const View& other_answer, Direction direction,
                            const RewritePlan& plan) {
    const Audio& asked = offer.audio;
    const Origin origin(other_answer.session, other_answer.audio, plan);
    CAUSEWAY_TRY(Formats formats, renumbered(formats_of(origin), asked));
    if (plan.plain) {
        reduce_to_one_voice(formats);
    }
    CAUSEWAY_TRY(const MediaLine line, media_line(offer.session.media[asked.index]));
    return answer_with(offer.session, asked, origin,
                       audio_section(origin, formats,
                                     {.type = line.type,
                                      .protocol = line.protocol,
                                      .direction = direction,
                                      .plain = plan.plain}));
}

Result<Session> make_local_answer(const Session& offer, const std::vector<Codec>& agreed,
                                  const RewritePlan& plan) {
    CAUSEWAY_TRY(const Audio asked, audio(offer));
    RewritePlan rules = plan;
    rules.plain = true;
    const Origin origin(offer, asked, rules);
    Formats in_use;
    for (const Codec& codec : agreed) {
        in_use.push_back(
            {.from = codec.payload_type, .to = codec.payload_type, .codec = codec, .rtpmap = {}});
    }
    CAUSEWAY_TRY(const Formats kept, renumbered(in_use, asked));
    const Formats offered = formats_of(origin);
    Formats formats;
    for (const Format& format : kept) {
        const auto found = std::find_if(offered.begin(), offered.end(), [&](const Format& other) {
            return is_same_codec(other.codec, format.codec) &&
                   (other.from == format.to || !is_voice(format.codec));
        });
        if (found != offered.end()) {
            formats.push_back(*found);
            formats.back().to = format.to;
        }
    }
    const auto voice = std::find_if(agreed.begin(), agreed.end(), is_voice);
    const auto first = std::find_if(formats.begin(), formats.end(),
                                    [](const Format& format) { return is_voice(format.codec); });
    if (voice == agreed.end() || first == formats.end() || !is_same_codec(first->codec, *voice)) {
        return fail(Errc::Unsupported, "the voice codec in use is not offered");
    }
    if (plan.plain) {
        reduce_to_one_voice(formats);
    }
    CAUSEWAY_TRY(const MediaLine line, media_line(offer.media[asked.index]));
    return answer_with(offer, asked, origin,
                       audio_section(origin, formats,
                                     {.type = line.type,
                                      .protocol = line.protocol,
                                      .direction = mirrored(effective_direction(asked)),
                                      .plain = true}));
}

}  // namespace causeway::sdp
