#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sdp/session.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// The parts of a line's value (RFC 8866 §5). Views live as long as the line they came from.
namespace causeway::sdp {

inline constexpr std::size_t kMaxBytes = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxLines = 500;
inline constexpr std::size_t kMaxMedia = 16;
inline constexpr std::size_t kPayloadTypes = 128;
inline constexpr std::string_view kTelephoneEvent = "telephone-event";

/// The size of a description as printed.
struct Measure {
    std::size_t bytes{};
    std::size_t lines{};
};
Measure measure(const Session& session);

/// Compared without case, ASCII only.
bool is_same_text(std::string_view left, std::string_view right);

/// Removes and returns the first run of non-blanks; empty if there is none.
std::string_view take_word(std::string_view& rest);

/// An unsigned decimal that is the whole text and at most `limit`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t limit);

/// One or more of RFC 8866's token characters.
bool is_token(std::string_view text);

/// `name` or `name:value`; both empty unless the line is an a= line.
struct Attribute {
    std::string_view name;
    std::string_view value;
};
Attribute attribute(const Line& line);

/// The number that rtpmap, fmtp and rtcp-fb begin with; removes it from `value`.
std::optional<std::uint8_t> take_payload_type(std::string_view& value);

/// An m= line.
struct MediaLine {
    std::string_view type;
    std::uint16_t port{};
    std::string_view protocol;
    std::string_view formats;  ///< the rest; never empty
};
/// Malformed if a field is missing or the port is not one.
[[nodiscard]] Result<MediaLine> media_line(const Media& media);

/// What an a=rtpmap says of one payload type.
struct Mapping {
    std::string_view text;  ///< `name/clock[/parameters]`
    std::string_view name;
    std::uint32_t clock{};
};
/// The readable rtpmaps of a section by payload type; the first of a number counts.
class Mappings {
public:
    explicit Mappings(const Media& media);
    /// Nullptr: there is none. The type is below `kPayloadTypes`.
    [[nodiscard]] const Mapping* operator[](std::uint8_t type) const {
        return places_[type] == 0 ? nullptr : &found_[places_[type] - 1U];
    }

private:
    std::array<std::uint8_t, kPayloadTypes> places_{};  ///< in `found_`, counted from 1; 0: none
    std::vector<Mapping> found_;
};

/// A direction attribute, if the line is one.
std::optional<Direction> direction_of(const Line& line);

}  // namespace causeway::sdp
