#include "causeway/sip/message.hpp"

#include "scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace causeway::sip {
namespace {

constexpr std::uint32_t kMaxCseq = 0x7fffffff;  ///< RFC 3261 §8.1.1.5
constexpr std::size_t kUsualLines = 32;
constexpr std::string_view kVersion = "SIP/2.0";

constexpr bool is_break(char c) {
    return c == '\r' || c == '\n' || c == '\0';
}

/// The first CR, LF or NUL, or `end`. Eight bytes a step: nearly all text is above 0x0d, and where
/// no byte is below 0x0e the subtraction leaves every top bit of ASCII clear.
const char* find_break(const char* at, const char* end) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::uint64_t word = 0;
    while (end - at >= static_cast<std::ptrdiff_t>(sizeof word)) {
        std::memcpy(&word, at, sizeof word);
        const std::uint64_t suspects = (word - kOnes * 0x0e) & (kOnes * 0x80);
        if (suspects == 0 || (suspects & ~word) == 0) {
            at += sizeof word;
            continue;
        }
        if constexpr (std::endian::native == std::endian::little) {
            at += std::countr_zero(suspects & ~word) / 8;
        }
        if (is_break(*at)) {
            return at;
        }
        ++at;
    }
    while (at != end && !is_break(*at)) {
        ++at;
    }
    return at;
}

/// What a Request-URI cannot do without breaking the start line. The rest is for the grammar: a
/// message with a bad URI can be answered.
constexpr auto kUriChars = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x21; c < table.size(); ++c) {
        table[c] = c != 0x7f && c != '<' && c != '>' && c != '"';
    }
    return table;
}();

bool is_visible(char c) {
    const auto code = static_cast<unsigned char>(c);
    return code > 0x20 && code != 0x7f;
}

bool is_uri_char(char c) {
    return kUriChars[static_cast<unsigned char>(c)];
}

}  // namespace

/// Splits one message; lives for one call of Message::split. Each step returns false once the
/// message is refused, with the reason in `why_`.
class Splitter {
public:
    explicit Splitter(const Limits& limits) : limits_(limits) {}

    Result<Message> run(std::string_view text) {
        while (text.starts_with("\r\n")) {  // RFC 3261 §7.5
            text.remove_prefix(2);
        }
        if (copy(text) && start_line() && header_lines() && mandatory() && body()) {
            return std::move(message_);
        }
        return fail(errc_, why_);
    }

private:
    bool refuse(const char* why) {
        why_ = why;
        return false;
    }

    bool copy(std::string_view text) {
        if (text.empty()) {
            return refuse("no message");
        }
        if (text.size() > limits_.bytes) {
            return refuse("message too long");
        }
        message_.bytes_ = std::make_unique_for_overwrite<char[]>(text.size());
        message_.size_ = text.size();
        std::copy(text.begin(), text.end(), message_.bytes_.get());
        at_ = message_.bytes_.get();
        end_ = at_ + text.size();
        head_end_ = at_ + std::min(text.size(), limits_.head);
        message_.lines_.reserve(kUsualLines);
        return true;
    }

    /// Ends the line at `at_` at its CRLF and moves behind it.
    bool take_line(std::string_view& line) {
        const char* const start = at_;
        const char* const stop = find_break(at_, head_end_);
        if (head_end_ - stop < 2) {
            return refuse(head_end_ < end_ ? "head too long" : "no end of the head");
        }
        if (stop[0] != '\r' || stop[1] != '\n') {
            return refuse("bare CR, LF or NUL in the head");
        }
        line = {start, static_cast<std::size_t>(stop - start)};
        at_ += line.size() + 2;
        return true;
    }

    bool start_line() {
        std::string_view line;
        if (!take_line(line)) {
            return false;
        }
        const std::size_t space = line.find(' ');
        const std::string_view first = line.substr(0, space);
        if (space == std::string_view::npos) {
            return refuse("broken start line");
        }
        line.remove_prefix(space + 1);
        return scan::equals(first, kVersion) ? status_line(line) : request_line(first, line);
    }

    bool status_line(std::string_view rest) {
        const std::string_view code = rest.substr(0, 3);
        if (code.size() < 3 || (rest.size() > 3 && rest[3] != ' ')) {
            return refuse("broken status line");
        }
        const auto status = scan::number(code, 699);
        if (!status || *status < 100) {
            return refuse("status code out of range");
        }
        message_.status_ = static_cast<int>(*status);
        message_.reason_ = rest.substr(std::min<std::size_t>(4, rest.size()));
        return true;
    }

    bool request_line(std::string_view method, std::string_view rest) {
        const std::size_t space = rest.find(' ');
        const std::string_view uri = rest.substr(0, space);
        if (!scan::is_token(method)) {
            return refuse("broken request line: method");
        }
        if (uri.empty() || !std::ranges::all_of(uri, is_uri_char)) {
            return refuse("broken request line: Request-URI");
        }
        const std::string_view version = rest.substr(std::min(space, rest.size() - 1) + 1);
        if (!scan::equals(version, kVersion)) {
            errc_ = scan::is_version(version) ? Errc::Unsupported : Errc::Malformed;
            return refuse("broken request line: version");
        }
        message_.method_ = method;
        message_.request_uri_ = uri;
        return true;
    }

    bool header_lines() {
        for (;;) {
            std::string_view text;
            if (!take_line(text)) {
                return false;
            }
            if (text.empty()) {
                return true;
            }
            if (message_.lines_.size() == limits_.lines) {
                return refuse("too many header fields");
            }
            if (!unfold(text) || !header_line(text)) {
                return false;
            }
        }
    }

    /// RFC 3261 §7.3.1: a line that begins with white space continues the one before. The line
    /// break becomes two spaces, in place.
    bool unfold(std::string_view& line) {
        while (at_ < head_end_ && (*at_ == ' ' || *at_ == '\t')) {
            at_[-2] = ' ';
            at_[-1] = ' ';
            const char* const start = line.data();
            std::string_view more;
            if (!take_line(more)) {
                return false;
            }
            line = {start, static_cast<std::size_t>(more.data() + more.size() - start)};
        }
        return true;
    }

    bool header_line(std::string_view text) {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos) {
            return refuse("header line without colon");
        }
        std::string_view name = text.substr(0, colon);
        while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) {
            name.remove_suffix(1);
        }
        const Field field = scan::field_of(name);
        if (field == Field::Other && !scan::is_token(name)) {
            return refuse("header field name is not a token");
        }
        const std::string_view value = scan::trim(text.substr(colon + 1));
        message_.lines_.push_back({field, name, value});
        return note(field, value);
    }

    /// Looks at the fields that decide what this message is.
    bool note(Field field, std::string_view value) {
        switch (field) {
            case Field::Via:
                has_via_ = true;
                return true;
            case Field::From:
                return once(has_from_, "repeated From");
            case Field::To:
                return once(has_to_, "repeated To");
            case Field::CallId:
                message_.call_id_ = value;
                return once(has_call_id_, "repeated Call-ID");
            case Field::CSeq:
                return once(has_cseq_, "repeated CSeq") && cseq(value);
            case Field::ContentLength:
                return same(content_length_, value, "contradicting Content-Length");
            case Field::MaxForwards:
                return same(max_forwards_, value, "contradicting Max-Forwards");
            default:
                return true;
        }
    }

    bool once(bool& has, const char* why) { return std::exchange(has, true) ? refuse(why) : true; }

    bool same(std::optional<std::string_view>& kept, std::string_view value, const char* why) {
        if (kept && *kept != value) {
            return refuse(why);
        }
        kept = value;
        return true;
    }

    bool cseq(std::string_view value) {
        const auto* const digits_end = std::ranges::find_if_not(value, scan::is_digit);
        const auto digits = static_cast<std::size_t>(digits_end - value.begin());
        const auto number = scan::number(value.substr(0, digits), kMaxCseq);
        const std::string_view method = scan::trim(value.substr(digits));
        if (!number || digits == value.size() || !scan::is_space(*digits_end) ||
            !scan::is_token(method)) {
            return refuse("broken CSeq");
        }
        if (message_.is_request() && method != message_.method_) {
            return refuse("CSeq of another method");
        }
        message_.cseq_ = *number;
        message_.method_ = method;
        return true;
    }

    bool mandatory() {
        if (!has_via_) {
            return refuse("no Via");
        }
        if (!has_from_ || !has_to_ || !has_call_id_ || !has_cseq_) {
            return refuse("no From, To, Call-ID or CSeq");
        }
        const std::string_view id = message_.call_id_;
        if (id.empty() || !std::ranges::all_of(id, is_visible)) {
            return refuse("broken Call-ID");
        }
        return true;
    }

    bool body() {
        std::size_t length = static_cast<std::size_t>(end_ - at_);
        if (content_length_) {
            const auto given = scan::number(*content_length_, 0xffffffff);
            if (!given) {
                return refuse("broken Content-Length");
            }
            if (*given > length) {
                return refuse("Content-Length beyond the message");
            }
            length = *given;
        }
        message_.body_ = {at_, length};
        message_.size_ = static_cast<std::size_t>(at_ - message_.bytes_.get()) + length;
        return true;
    }

    const Limits& limits_;
    const char* why_{""};
    Errc errc_{Errc::Malformed};
    Message message_;
    char* at_{};        ///< what comes next
    char* end_{};       ///< of the message
    char* head_end_{};  ///< of what the head may occupy
    std::optional<std::string_view> content_length_;
    std::optional<std::string_view> max_forwards_;
    bool has_via_{};
    bool has_from_{};
    bool has_to_{};
    bool has_call_id_{};
    bool has_cseq_{};
};

Result<Message> Message::split(std::span<const std::byte> bytes, const Limits& limits) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of text
    return Splitter(limits).run({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::string_view> Message::first(Field field) const {
    for (const Line& line : lines_) {
        if (line.field == field) {
            return line.value;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> Message::first(std::string_view name) const {
    const Field field = scan::field_of(name);
    if (field != Field::Other) {
        return first(field);
    }
    const char compact = scan::compact_form(name);
    for (const Line& line : lines_) {
        const bool is_compact = line.name.size() == 1 && scan::lower(line.name.front()) == compact;
        if (is_compact || scan::equals(line.name, name)) {
            return line.value;
        }
    }
    return std::nullopt;
}

}  // namespace causeway::sip
