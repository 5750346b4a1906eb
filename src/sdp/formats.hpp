#pragma once

#include "screen.hpp"

#include "causeway/base/result.hpp"
#include "causeway/sdp/session.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Which formats of a section pass to the other leg, and under which numbers.
namespace causeway::sdp {

/// Where the lines of a rewritten section come from, and how they are judged.
struct Origin {
    const Session& session;
    const Audio& audio;
    const RewritePlan& plan;
    Screen screen;

    Origin(const Session& source, const Audio& view, const RewritePlan& rules)
        : session(source), audio(view), plan(rules), screen(source, rules) {}
    [[nodiscard]] const Media& media() const { return session.media[audio.index]; }
};

/// A format that passes: its number where it comes from and where it goes.
struct Format {
    std::uint8_t from{};
    std::uint8_t to{};
    Codec codec;
    std::string rtpmap;  ///< `name/clock[/parameters]` as we write it
};
using Formats = std::vector<Format>;

bool has_voice(const Formats& formats);

/// Every named format of a section that may be shown, in its order.
Formats formats_of(const Origin& origin);

/// The formats of an offer that leg b is shown.
Formats offered_formats(const Origin& origin);

/// Leaves out what `asked` does not have. Events keep their own number: who answers says by it
/// under which one it wants to get them (RFC 3264 §6.1). Unsupported if the first voice codec among
/// them has another number there, or none is left.
[[nodiscard]] Result<Formats> renumbered(const Formats& formats, const Audio& asked);

/// Leaves the first voice codec and, behind it, the first telephone-event/8000. Requires a voice.
void reduce_to_one_voice(Formats& formats);

}  // namespace causeway::sdp
