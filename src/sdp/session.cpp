#include "causeway/sdp/session.hpp"

#include "fields.hpp"

#include <algorithm>

namespace causeway::sdp {
namespace {

constexpr std::size_t kUsualLines = 12;  ///< of a part; more cost another allocation

/// Removes the first line with its end.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool is_line(std::string_view text) {
    return text.size() >= 2 && text[0] >= 'a' && text[0] <= 'z' && text[1] == '=' &&
           std::none_of(text.begin(), text.end(), is_control);
}

/// Appends a line where it belongs; a reason if it may not stand there.
const char* add(Session& session, Line line) {
    if (session.lines.empty() && (line.type != 'v' || line.value != "0")) {
        return "the first is not v=0";
    }
    if (line.type == 'm') {
        if (session.media.size() == kMaxMedia) {
            return "too many media sections";
        }
        session.media.emplace_back().lines.reserve(kUsualLines);
    }
    const auto is_there = [&] {
        return std::any_of(session.lines.begin(), session.lines.end(),
                           [&](const Line& other) { return other.type == line.type; });
    };
    const bool is_single = line.type == 'v' || line.type == 'o';
    if (is_single && is_there()) {
        return "v= or o= a second time";
    }
    std::vector<Line>& lines = session.media.empty() ? session.lines : session.media.back().lines;
    lines.push_back(std::move(line));
    return nullptr;
}

void append(std::string& text, const std::vector<Line>& lines) {
    for (const Line& line : lines) {
        text.push_back(line.type);
        text.push_back('=');
        text += line.value;
        text += "\r\n";
    }
}

}  // namespace

Measure measure(const Session& session) {
    Measure total;
    const auto count = [&total](const std::vector<Line>& lines) {
        constexpr std::size_t kAround = 4;  // `x=` and CRLF
        total.lines += lines.size();
        for (const Line& line : lines) {
            total.bytes += line.value.size() + kAround;
        }
    };
    count(session.lines);
    for (const Media& media : session.media) {
        count(media.lines);
    }
    return total;
}

Result<Session> parse(std::string_view text) {
    if (text.size() > kMaxBytes) {
        return fail(Errc::Malformed, "a description of more than 16 KiB");
    }
    // Some stacks end with an empty line too many.
    text = text.substr(0, text.find_last_not_of("\r\n") + 1);
    Session session;
    session.lines.reserve(kUsualLines);
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto refuse = [number](const char* reason) {
            return fail(Errc::Malformed, "line " + std::to_string(number) + ": " + reason);
        };
        if (number > kMaxLines) {
            return refuse("too many lines");
        }
        const std::string_view line = take_line(text);
        if (!is_line(line)) {
            return refuse("not of the form x=value");
        }
        if (const char* reason =
                add(session, {.type = line[0], .value = std::string(line.substr(2))})) {
            return refuse(reason);
        }
    }
    if (std::none_of(session.lines.begin(), session.lines.end(),
                     [](const Line& line) { return line.type == 'o'; })) {
        return fail(Errc::Malformed, "no o= line");
    }
    return session;
}

std::string print(const Session& session) {
    std::string text;
    text.reserve(measure(session).bytes);
    append(text, session.lines);
    for (const Media& media : session.media) {
        append(text, media.lines);
    }
    return text;
}

}  // namespace causeway::sdp
