#include "causeway/sip/body.hpp"

#include "scan.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace causeway::sip {
namespace {

using Kind = SessionBody::Kind;

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kLongestBoundary = 70;  // RFC 2046 §5.1.1

/// The value of a parameter without its quotes.
std::string_view unquoted(std::string_view text) {
    const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// RFC 3261 §25.1 `media-type`: white space may stand around the slash.
struct MediaType {
    std::string_view type;
    std::string_view subtype;
};

MediaType media_type(std::string_view content_type) {
    const std::string_view text = content_type.substr(0, content_type.find(';'));
    const std::size_t slash = std::min(text.find('/'), text.size());
    return {scan::trim(text.substr(0, slash)),
            scan::trim(text.substr(std::min(slash + 1, text.size())))};
}

bool is_sdp(std::string_view content_type) {
    const MediaType read = media_type(content_type);
    return scan::equals(read.type, "application") && scan::equals(read.subtype, "sdp");
}

bool is_multipart(std::string_view content_type) {
    return scan::equals(media_type(content_type).type, "multipart");
}

bool is_plain(std::string_view encoding) {
    return encoding.empty() || scan::equals(encoding, "identity");
}

bool handling_is(std::string_view disposition, std::string_view what) {
    const auto handling = scan::param(scan::params_of(disposition), "handling");
    return handling && scan::equals(unquoted(*handling), what);
}

/// One part: what its own header fields say, and its content.
struct Part {
    std::string_view type;
    std::string_view disposition;
    std::string_view encoding;
    std::string_view content;
};

void read_field(std::string_view line, Part& part) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return;
    }
    const std::string_view name = scan::trim(line.substr(0, colon));
    const std::string_view value = scan::trim(line.substr(colon + 1));
    if (scan::field_of(name) == Field::ContentType) {
        part.type = value;
    } else if (scan::field_of(name) == Field::ContentEncoding) {
        part.encoding = value;
    } else if (scan::equals(name, "Content-Disposition")) {
        part.disposition = value;
    } else if (scan::equals(name, "Content-Transfer-Encoding")) {
        const bool is_as_it_stands = scan::equals(value, "7bit") || scan::equals(value, "8bit") ||
                                     scan::equals(value, "binary");
        part.encoding = is_as_it_stands ? part.encoding : value;
    }
}

Part to_part(std::string_view text) {
    Part part;
    while (!text.empty()) {
        const std::size_t end = text.find(kLineEnd);
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
        if (line.empty()) {
            part.content = text;
            break;
        }
        read_field(line, part);
    }
    return part;
}

/// The parts of a multipart body, one after the other (RFC 2046 §5.1).
class Parts {
public:
    Parts(std::string_view body, std::string_view boundary) : rest_(body), boundary_(boundary) {
        skip_line(find_delimiter());
    }

    std::optional<Part> next() {
        if (is_at_end_) {
            return std::nullopt;
        }
        const std::size_t end = find_delimiter();
        if (end == std::string_view::npos) {
            is_at_end_ = true;  // cut short
            return std::nullopt;
        }
        std::string_view text = rest_.substr(0, end);
        if (text.ends_with(kLineEnd)) {
            text.remove_suffix(kLineEnd.size());  // belongs to the delimiter
        }
        skip_line(end);
        return to_part(text);
    }

private:
    /// `--boundary` or `--boundary--`, then blanks alone: a longer one is another's.
    [[nodiscard]] bool is_delimiter(std::string_view line) const {
        if (!line.starts_with("--") || !line.substr(2).starts_with(boundary_)) {
            return false;
        }
        std::string_view behind = line.substr(2 + boundary_.size());
        behind.remove_prefix(behind.starts_with("--") ? 2 : 0);
        return behind.find_first_not_of(" \t") == std::string_view::npos;
    }

    /// Where the next delimiter begins.
    [[nodiscard]] std::size_t find_delimiter() const {
        std::size_t at = 0;
        while (at < rest_.size()) {
            const std::string_view line = rest_.substr(at);
            const std::size_t end = line.find(kLineEnd);
            if (is_delimiter(line.substr(0, end))) {
                return at;
            }
            if (end == std::string_view::npos) {
                break;
            }
            at += end + kLineEnd.size();
        }
        return std::string_view::npos;
    }

    /// Goes on behind the delimiter at this place; `--boundary--` is the last.
    void skip_line(std::size_t at) {
        if (at == std::string_view::npos) {
            is_at_end_ = true;
            return;
        }
        rest_.remove_prefix(at + 2 + boundary_.size());
        is_at_end_ = rest_.starts_with("--");
        const std::size_t end = rest_.find(kLineEnd);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + kLineEnd.size());
    }

    std::string_view rest_;
    std::string_view boundary_;
    bool is_at_end_{};
};

SessionBody in_multipart(std::string_view body, std::string_view content_type) {
    const std::string_view boundary =
        unquoted(scan::param(scan::params_of(content_type), "boundary").value_or(""));
    if (boundary.empty() || boundary.size() > kLongestBoundary) {
        return {Kind::UnknownType, {}};
    }
    SessionBody found{Kind::UnknownType, {}};
    Parts parts(body, boundary);
    while (const auto part = parts.next()) {
        if (is_sdp(part->type) && is_plain(part->encoding)) {
            if (found.kind != Kind::Sdp) {
                found = {Kind::Sdp, part->content};
            }
        } else if (handling_is(part->disposition, "required")) {
            return {Kind::UnknownType, {}};
        }
    }
    return found;
}

}  // namespace

SessionBody session_body(const Message& message) {
    if (message.body().empty()) {
        return {};
    }
    const std::string_view disposition = message.first("Content-Disposition").value_or("");
    const Kind otherwise = handling_is(disposition, "optional") ? Kind::None : Kind::UnknownType;
    if (!is_plain(message.first(Field::ContentEncoding).value_or(""))) {
        return {otherwise == Kind::None ? otherwise : Kind::UnknownEncoding, {}};
    }
    const std::string_view type = message.first(Field::ContentType).value_or("");
    if (is_sdp(type)) {
        return {Kind::Sdp, message.body()};
    }
    if (is_multipart(type)) {
        const SessionBody found = in_multipart(message.body(), type);
        return found.kind == Kind::Sdp ? found : SessionBody{otherwise, {}};
    }
    return {otherwise, {}};
}

Header acceptable(SessionBody::Kind kind) {
    if (kind == Kind::UnknownEncoding) {
        return {"Accept-Encoding", "identity"};
    }
    return {"Accept", std::string(kAcceptedBodies)};
}

}  // namespace causeway::sip
