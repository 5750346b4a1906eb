#include "formats.hpp"

#include "fields.hpp"

#include <algorithm>
#include <bitset>
#include <iterator>
#include <optional>
#include <utility>

namespace causeway::sdp {
namespace {

std::string rtpmap_text(const Codec& codec, const Mapping* mapped) {
    const std::string clock = std::to_string(codec.clock);
    if (is_same_text(codec.name, kTelephoneEvent)) {
        return std::string(kTelephoneEvent) + "/" + clock;
    }
    if (mapped != nullptr && mapped->clock == codec.clock) {
        return std::string(mapped->text);
    }
    constexpr std::uint8_t kStereoL16 = 10;  // RFC 3551 §6: static type 11 in two channels
    const bool is_stereo = codec.payload_type == kStereoL16 && mapped == nullptr;
    return codec.name + "/" + clock + (is_stereo ? "/2" : "");
}

bool is_event(const Format& format) {
    return is_same_text(format.codec.name, kTelephoneEvent);
}

bool is_named(const Format& format, const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return is_same_text(name, format.codec.name);
    });
}

/// Puts the named formats first, in the order of the names, and drops all others but events.
Formats in_order_of(const std::vector<std::string>& names, const Formats& formats) {
    Formats ordered;
    for (const Format& format : formats) {
        if (is_event(format) || is_named(format, names)) {
            ordered.push_back(format);
        }
    }
    const auto rank = [&names](const Format& format) {
        return std::find_if(names.begin(), names.end(), [&](const std::string& name) {
            return !is_event(format) && is_same_text(name, format.codec.name);
        });
    };
    std::stable_sort(ordered.begin(), ordered.end(), [&](const Format& left, const Format& right) {
        return rank(left) < rank(right);
    });
    return ordered;
}

/// Drops events whose clock no voice codec has; for a plain description also comfort noise and all
/// events but the first at 8000 Hz.
void trim(Formats& formats, bool plain) {
    const auto has_its_voice = [&formats](const Format& event) {
        return std::any_of(formats.begin(), formats.end(), [&](const Format& format) {
            return is_voice(format.codec) && format.codec.clock == event.codec.clock;
        });
    };
    bool has_event = false;
    const auto is_kept = [&](const Format& format) {
        if (is_telephone_event(format.codec)) {
            const bool is_first = !std::exchange(has_event, true);
            return is_first || !plain;
        }
        return is_event(format) ? !plain && has_its_voice(format)
                                : !plain || is_voice(format.codec);
    };
    Formats kept;
    kept.reserve(formats.size());
    std::copy_if(formats.begin(), formats.end(), std::back_inserter(kept), is_kept);
    formats = std::move(kept);
}

/// The offer's number for a codec: the same if it was offered so, else the first of its name and
/// clock; nothing if it was not offered.
std::optional<std::uint8_t> offered_as(const Audio& asked, const Codec& codec) {
    std::optional<std::uint8_t> number;
    for (const Codec& other : asked.codecs) {
        if (!is_same_codec(other, codec)) {
            continue;
        }
        if (other.payload_type == codec.payload_type) {
            return other.payload_type;
        }
        number = number.value_or(other.payload_type);
    }
    return number;
}

}  // namespace

bool has_voice(const Formats& formats) {
    return std::any_of(formats.begin(), formats.end(),
                       [](const Format& format) { return is_voice(format.codec); });
}

Formats formats_of(const Origin& origin) {
    const Mappings mapped(origin.media());
    Formats formats;
    formats.reserve(origin.audio.codecs.size());
    for (const Codec& codec : origin.audio.codecs) {
        if (codec.name.empty()) {
            continue;
        }
        std::string text = rtpmap_text(codec, mapped[codec.payload_type]);
        if (!origin.screen.reveals(text)) {
            formats.push_back({.from = codec.payload_type,
                               .to = codec.payload_type,
                               .codec = codec,
                               .rtpmap = std::move(text)});
        }
    }
    return formats;
}

Formats offered_formats(const Origin& origin) {
    const RewritePlan& plan = origin.plan;
    Formats formats = formats_of(origin);
    if (!plan.only.empty()) {
        std::erase_if(formats, [&plan](const Format& format) {
            return !is_event(format) && !is_named(format, plan.only);
        });
    }
    if (!plan.codecs.empty()) {
        formats = in_order_of(plan.codecs, formats);
    }
    trim(formats, plan.plain);
    return formats;
}

Result<Formats> renumbered(const Formats& formats, const Audio& asked) {
    Formats kept;
    kept.reserve(formats.size());
    std::bitset<kPayloadTypes> seen;
    for (const Format& format : formats) {
        const auto number = offered_as(asked, format.codec);
        if (!number || seen.test(*number)) {
            continue;
        }
        if (*number != format.from && !is_event(format)) {
            if (is_voice(format.codec) && !has_voice(kept)) {
                return fail(Errc::Unsupported, "the voice codec has two payload types");
            }
            continue;
        }
        seen.set(*number);
        kept.push_back(format);
        if (!is_event(format)) {
            kept.back().to = *number;
        }
    }
    if (!has_voice(kept)) {
        return fail(Errc::Unsupported, "no voice codec that was offered");
    }
    return kept;
}

void reduce_to_one_voice(Formats& formats) {
    trim(formats, true);
    std::stable_partition(formats.begin(), formats.end(),
                          [](const Format& format) { return is_voice(format.codec); });
    const auto second = std::find_if(formats.begin() + 1, formats.end(),
                                     [](const Format& format) { return !is_voice(format.codec); });
    formats.erase(formats.begin() + 1, second);
}

}  // namespace causeway::sdp
