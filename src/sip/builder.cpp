#include "causeway/sip/builder.hpp"

#include "scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

namespace causeway::sip {
namespace {

constexpr std::size_t kSpare = 640;  ///< for what follows the copied fields, a small body included
constexpr std::uint16_t kDefaultPort = 5060;  // RFC 3261 §18.2.2
constexpr std::uint16_t kDefaultTlsPort = 5061;

bool is_control(char c) {
    const auto code = static_cast<unsigned char>(c);
    return code < 0x20 || code == 0x7f;
}

void append_number(std::string& out, std::uint64_t value) {
    std::array<char, 20> digits{};
    out.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), value).ptr);
}

/// True if one of eight characters is a control character: below 0x20, or 0x7f.
bool has_control(std::uint64_t eight) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHigh = kOnes << 7U;
    const std::uint64_t is_ascii = ~eight & kHigh;
    const std::uint64_t below_space = (eight - kOnes * 0x20) & is_ascii;
    const std::uint64_t delete_is_zero = eight ^ (kOnes * 0x7f);
    const std::uint64_t is_delete = (delete_is_zero - kOnes) & ~delete_is_zero & kHigh;
    return (below_space | is_delete) != 0;
}

bool is_clean(std::string_view text) {
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data(), sizeof eight);
        if (has_control(eight)) {
            return false;
        }
    }
    return std::none_of(text.begin(), text.end(), is_control);
}

/// Appends a value that can neither end its line nor the message.
void append_value(std::string& out, std::string_view value) {
    out += value;
    if (!is_clean(value)) {
        std::replace_if(out.end() - static_cast<std::ptrdiff_t>(value.size()), out.end(),
                        is_control, ' ');
    }
}

/// Appends one word of the start line; what could end it is escaped.
void append_word(std::string& out, std::string_view word) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    if (is_clean(word) && word.find(' ') == std::string_view::npos) {
        out += word;
        return;
    }
    for (const char c : word) {
        const auto code = static_cast<unsigned char>(c);
        if (is_control(c) || c == ' ') {
            out += '%';
            out += kHex[code >> 4U];
            out += kHex[code & 0xfU];
        } else {
            out += c;
        }
    }
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    append_value(out, value);
    out += "\r\n";
}

/// The top Via as it goes back: what the peer wrote but for `received` and `rport`, which are ours
/// to fill in (RFC 3261 §18.2.1, RFC 3581 §4). A `received` that came with the request is a lie.
void append_top_via(std::string& out, std::string_view line, const Source& source) {
    const scan::TopVia via = scan::top_via(line);
    bool asks_rport = false;
    out += "Via: ";
    append_value(out, scan::trim(via.element.substr(0, scan::find_outside(via.element, ';'))));
    std::string_view rest = via.params;
    while (!rest.empty()) {
        const std::string_view text = scan::take(rest, ';');
        const scan::Param param = scan::to_param(text);
        if (scan::equals(param.name, "rport")) {
            asks_rport = true;
        } else if (!text.empty() && !scan::equals(param.name, "received")) {
            out += ';';
            append_value(out, text);
        }
    }
    if (asks_rport || IpAddress::parse(via.host) != source.peer.ip) {
        out += ";received=";
        out += source.peer.ip.to_string();
    }
    if (asks_rport) {
        out += ";rport=";
        append_number(out, source.peer.port);
    }
    append_value(out, via.rest);
    out += "\r\n";
}

void append_to(std::string& out, const Message& request, int code, std::string_view to_tag) {
    const std::string_view value = request.first(Field::To).value_or("");
    out += "To: ";
    append_value(out, value);
    if (code != 100 && !to_tag.empty() && !scan::tag(value)) {
        out += ";tag=";
        append_value(out, to_tag);
    }
    out += "\r\n";
}

/// RFC 3261 §8.2.6.2 and §12.1.1.
bool is_copied(Field field, int code) {
    switch (field) {
        case Field::From:
        case Field::CallId:
        case Field::CSeq:
            return true;
        case Field::RecordRoute:
            return code > 100 && code < 300;
        default:
            return false;
    }
}

std::string_view long_name(Field field) {
    switch (field) {
        case Field::From:
            return "From";
        case Field::CallId:
            return "Call-ID";
        case Field::CSeq:
            return "CSeq";
        default:
            return "Record-Route";
    }
}

}  // namespace

Builder Builder::request(std::string_view method, std::string_view uri) {
    Builder builder;
    builder.text_.reserve(2 * kSpare);
    append_word(builder.text_, method);
    builder.text_ += ' ';
    append_word(builder.text_, uri);
    builder.text_ += " SIP/2.0\r\n";
    return builder;
}

Builder Builder::response(const Message& request, const Source& source, const Status& status,
                          std::string_view to_tag) {
    Builder builder;
    std::string& out = builder.text_;
    std::size_t copied = 0;
    for (const Line& line : request.lines()) {
        if (line.field == Field::Via || line.field == Field::To ||
            is_copied(line.field, status.code)) {
            copied += line.value.size() + 16;
        }
    }
    out.reserve(copied + kSpare);
    out += "SIP/2.0 ";
    append_number(out, static_cast<std::uint64_t>(std::clamp(status.code, 100, 699)));
    out += ' ';
    append_value(out, status.reason);
    out += "\r\n";
    bool is_top = true;
    for (const Line& line : request.lines()) {
        if (line.field == Field::Via && std::exchange(is_top, false)) {
            append_top_via(out, line.value, source);
        } else if (line.field == Field::Via) {
            append_line(out, "Via", line.value);
        } else if (line.field == Field::To) {
            append_to(out, request, status.code, to_tag);
        } else if (is_copied(line.field, status.code)) {
            append_line(out, long_name(line.field), line.value);
        }
    }
    if (status.code == 100) {
        if (const auto timestamp = request.first("Timestamp")) {  // RFC 3261 §8.2.6.1
            append_line(out, "Timestamp", *timestamp);
        }
    }
    return builder;
}

Builder& Builder::add(std::string_view name, std::string_view value) & {
    const std::size_t start = text_.size();
    text_ += name;
    if (!scan::is_token(name)) {
        std::replace_if(
            text_.begin() + static_cast<std::ptrdiff_t>(start), text_.end(),
            [](char c) {
                return !scan::is_token({&c, 1});
            },
            '-');
    }
    text_ += ": ";
    append_value(text_, value);
    text_ += "\r\n";
    return *this;
}

std::string Builder::finish(std::string_view type, std::string_view body) && {
    if (!body.empty() && !type.empty()) {
        append_line(text_, "Content-Type", type);
    }
    text_ += "Content-Length: ";
    append_number(text_, body.size());
    text_ += "\r\n\r\n";
    text_ += body;
    return std::move(text_);
}

Target response_target(const Message& request, const Source& source) {
    Target target = back_to(source);
    target.connection = source.connection;
    const scan::TopVia via = scan::top_via(request.first(Field::Via).value_or(""));
    if (is_reliable(source.transport) || !scan::param(via.params, "rport")) {
        const std::uint16_t fallback =
            source.transport == Transport::Tls ? kDefaultTlsPort : kDefaultPort;
        const std::uint32_t port = scan::number(via.port, 65535).value_or(0);
        target.peer.port = port == 0 ? fallback : static_cast<std::uint16_t>(port);
    }
    return target;
}

}  // namespace causeway::sip
