#pragma once

#include "support/ua/ladder.hpp"
#include "support/ua/rtp_stream.hpp"

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::testing {

/// Terminal colours, or nothing where the output is no terminal.
struct Palette {
    std::string_view bold, dim, green, red, cyan, plain;

    static Palette for_descriptor(int descriptor);
};

/// The two outer parties of the demo's call, by their own records.
struct Witnesses {
    const Ladder& carrier;
    const Ladder& livekit;
    std::string carrier_name;  ///< address
    std::string causeway_name;
    std::string livekit_name;
    std::size_t frames{};  ///< RTP packets that arrived, both ways together
};

/// The ladder diagram: carrier, causeway, livekit; milliseconds since the INVITE.
void print_ladder(std::ostream& out, const Palette& colour, const Witnesses& call);

/// The INVITE that came in beside the one that went out, field by field: `=` the same, `-` and `+`
/// what changed.
void print_invites(std::ostream& out, const Palette& colour, std::string_view in,
                   std::string_view sent);

/// What one direction of the audio did.
struct AudioFacts {
    std::string name;
    std::uint64_t sent{};
    RtpFacts arrived;
    double level_sent{};      ///< dBFS
    double level_heard{};     ///< dBFS
    std::size_t frames{};     ///< heard
    std::size_t identical{};  ///< of them, as they were sent, bit for bit
    std::optional<std::chrono::microseconds> delay;

    [[nodiscard]] double share() const;  ///< arrived of sent, 0…1
    /// Within 1 dB, at least 99 % of the frames.
    [[nodiscard]] bool is_good() const;
};

void print_audio(std::ostream& out, const Palette& colour, const std::vector<AudioFacts>& ways);

}  // namespace causeway::testing
