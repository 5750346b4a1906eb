#include "fields.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace causeway::sdp {
namespace {

constexpr std::string_view kBlanks = " \t";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::optional<Mapping> mapping(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view name = text.substr(0, slash);
    const std::string_view rest = text.substr(slash + 1);
    const auto clock =
        number(rest.substr(0, rest.find('/')), std::numeric_limits<std::uint32_t>::max());
    if (!is_token(name) || !clock || *clock == 0) {
        return std::nullopt;
    }
    return Mapping{.text = text, .name = name, .clock = static_cast<std::uint32_t>(*clock)};
}

}  // namespace

bool is_same_text(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view take_word(std::string_view& rest) {
    // By hand: the searches of string_view for a set of characters cost several times as much.
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    const char* const end = rest.data() + rest.size();
    const char* const first = std::find_if_not(rest.data(), end, is_blank);
    const char* const last = std::find_if(first, end, is_blank);
    rest = {last, static_cast<std::size_t>(end - last)};
    return {first, static_cast<std::size_t>(last - first)};
}

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t limit) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stop != end || value > limit) {
        return std::nullopt;
    }
    return value;
}

bool is_token(std::string_view text) {
    constexpr std::string_view kSeparators = "\"(),/:;<=>?@[\\]";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return c > ' ' && c < 0x7f && kSeparators.find(c) == std::string_view::npos;
    });
}

Attribute attribute(const Line& line) {
    if (line.type != 'a') {
        return {};
    }
    const std::string_view text = line.value;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return {.name = text, .value = {}};
    }
    return {.name = text.substr(0, colon), .value = text.substr(colon + 1)};
}

std::optional<std::uint8_t> take_payload_type(std::string_view& value) {
    const auto type = number(take_word(value), kPayloadTypes - 1);
    if (!type) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(*type);
}

Result<MediaLine> media_line(const Media& media) {
    if (media.lines.empty() || media.lines.front().type != 'm') {
        return fail(Errc::Malformed, "a media section without m= line");
    }
    std::string_view rest = media.lines.front().value;
    MediaLine line{.type = take_word(rest), .port = 0, .protocol = {}, .formats = {}};
    const std::string_view ports = take_word(rest);
    const std::size_t slash = std::min(ports.find('/'), ports.size());
    const auto port = number(ports.substr(0, slash), std::numeric_limits<std::uint16_t>::max());
    const bool is_counted = slash < ports.size();
    if (!port || (is_counted &&
                  !number(ports.substr(slash + 1), std::numeric_limits<std::uint16_t>::max()))) {
        return fail(Errc::Malformed, "an m= line without a valid port");
    }
    line.port = static_cast<std::uint16_t>(*port);
    line.protocol = take_word(rest);
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
    line.formats = rest.substr(0, rest.find_last_not_of(kBlanks) + 1);
    if (line.formats.empty()) {
        return fail(Errc::Malformed, "an m= line without formats");
    }
    return line;
}

Mappings::Mappings(const Media& media) {
    found_.reserve(8);
    for (const Line& line : media.lines) {
        auto [name, value] = attribute(line);
        if (!is_same_text(name, "rtpmap")) {
            continue;
        }
        const auto type = take_payload_type(value);
        if (!type || (*this)[*type] != nullptr) {
            continue;
        }
        if (const auto read = mapping(take_word(value))) {
            places_[*type] = static_cast<std::uint8_t>(found_.size() + 1);
            found_.push_back(*read);
        }
    }
}

std::optional<Direction> direction_of(const Line& line) {
    constexpr std::size_t kSize = 8;  // of all four
    if (line.value.size() < kSize || line.value.size() > kSize + 1) {
        return std::nullopt;
    }
    const auto [name, value] = attribute(line);
    if (!value.empty()) {
        return std::nullopt;
    }
    for (const Direction direction :
         {Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive}) {
        if (is_same_text(name, to_string(direction))) {
            return direction;
        }
    }
    return std::nullopt;
}

}  // namespace causeway::sdp
