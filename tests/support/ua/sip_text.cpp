#include "support/ua/sip_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace causeway::testing {
namespace {

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the next line off `text`; a missing line end closes the last one.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    return line;
}

std::string_view take_word(std::string_view& text) {
    const auto end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return word;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::string_view long_name(std::string_view name) {
    constexpr std::array<std::pair<char, std::string_view>, 7> kCompact{{{'c', "Content-Type"},
                                                                         {'f', "From"},
                                                                         {'t', "To"},
                                                                         {'m', "Contact"},
                                                                         {'i', "Call-ID"},
                                                                         {'v', "Via"},
                                                                         {'l', "Content-Length"}}};
    if (name.size() == 1) {
        const char letter = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
        for (const auto& [compact, full] : kCompact) {
            if (compact == letter) {
                return full;
            }
        }
    }
    return name;
}

bool read_headers(std::string_view& rest, SipText& message) {
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.empty()) {
            return true;
        }
        if ((line[0] == ' ' || line[0] == '\t') && !message.headers.empty()) {
            message.headers.back().second += " ";
            message.headers.back().second += trim(line);
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) {
            return false;
        }
        message.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    return false;
}

}  // namespace

bool is_complaint(std::string_view bytes) {
    const bool is_client_error = bytes.starts_with("SIP/2.0 400 ") ||
                                 bytes.starts_with("SIP/2.0 416 ") ||
                                 bytes.starts_with("SIP/2.0 505 ");
    return is_client_error &&
           bytes.find("\r\nX-Causeway-Reason: bad_request\r\n") != std::string_view::npos;
}

bool equal_nocase(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
}

std::optional<SipText> SipText::parse(std::string_view bytes) {
    SipText message;
    message.bytes = bytes;
    message.start_line = take_line(bytes);
    const bool is_sip =
        message.start_line.starts_with("SIP/2.0 ") || message.start_line.ends_with(" SIP/2.0");
    if (!is_sip || !read_headers(bytes, message)) {
        return std::nullopt;
    }
    for (const std::string_view needed : {"Via", "From", "To", "Call-ID", "CSeq"}) {
        if (!message.has(needed)) {
            return std::nullopt;
        }
    }
    const auto length = number<std::size_t>(message.header("Content-Length"));
    message.body = bytes.substr(0, length.value_or(bytes.size()));
    return message;
}

bool SipText::is_request() const {
    return !start_line.starts_with("SIP/2.0 ");
}

int SipText::status() const {
    if (is_request() || start_line.size() < 11) {
        return 0;
    }
    return number<int>(std::string_view(start_line).substr(8, 3)).value_or(0);
}

std::string SipText::reason() const {
    return start_line.size() > 12 ? start_line.substr(12) : std::string{};
}

std::string SipText::method() const {
    std::string_view text = is_request() ? std::string_view(start_line) : header("CSeq");
    if (!is_request()) {
        take_word(text);
    }
    return std::string(take_word(text));
}

std::string SipText::request_uri() const {
    std::string_view text = start_line;
    take_word(text);
    return std::string(take_word(text));
}

std::string_view SipText::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (equal_nocase(long_name(key), name)) {
            return value;
        }
    }
    return {};
}

bool SipText::has(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(), [name](const auto& header) {
        return equal_nocase(long_name(header.first), name);
    });
}

std::vector<std::string_view> SipText::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : headers) {
        if (equal_nocase(long_name(key), name)) {
            values.emplace_back(value);
        }
    }
    return values;
}

std::uint32_t SipText::cseq() const {
    std::string_view text = header("CSeq");
    return number<std::uint32_t>(take_word(text)).value_or(0);
}

std::string SipText::from_tag() const {
    return param(header("From"), "tag");
}

std::string SipText::to_tag() const {
    return param(header("To"), "tag");
}

std::string SipText::branch() const {
    return param(header("Via"), "branch");
}

std::string param(std::string_view value, std::string_view name) {
    const auto bracket = value.rfind('>');
    if (bracket != std::string_view::npos) {
        value.remove_prefix(bracket + 1);
    }
    value = value.substr(0, value.find(','));
    auto start = value.find(';');
    while (start != std::string_view::npos) {
        const auto end = value.find(';', start + 1);
        const std::string_view item = trim(value.substr(start + 1, end - start - 1));
        const auto equals = item.find('=');
        if (equal_nocase(trim(item.substr(0, equals)), name)) {
            return equals == std::string_view::npos ? std::string{}
                                                    : std::string(trim(item.substr(equals + 1)));
        }
        start = end;
    }
    return {};
}

std::string uri_of(std::string_view value) {
    const auto open = value.find('<');
    if (open == std::string_view::npos) {
        return std::string(trim(value.substr(0, value.find(';'))));
    }
    return std::string(value.substr(open + 1, value.find('>', open) - open - 1));
}

std::string user_of(std::string_view uri) {
    const auto scheme = uri.find(':');
    const auto at = uri.find('@');
    const bool is_sip = uri.starts_with("sip:") || uri.starts_with("sips:");
    if (!is_sip || at == std::string_view::npos) {
        return {};
    }
    return std::string(uri.substr(scheme + 1, at - scheme - 1));
}

std::optional<Endpoint> endpoint_of(std::string_view uri) {
    if (!uri.starts_with("sip:")) {
        return std::nullopt;
    }
    const auto at = uri.find('@');
    uri.remove_prefix(at == std::string_view::npos ? 4 : at + 1);
    uri = uri.substr(0, uri.find_first_of(";?"));
    const auto colon = uri.find(':', uri.starts_with('[') ? uri.find(']') : 0);
    const auto ip = IpAddress::parse(uri.substr(0, colon));
    if (!ip) {
        return std::nullopt;
    }
    std::optional<std::uint16_t> port{5060};
    if (colon != std::string_view::npos) {
        port = number<std::uint16_t>(uri.substr(colon + 1));
    }
    return port ? std::optional(Endpoint{*ip, *port}) : std::nullopt;
}

namespace {

void read_origin(std::string_view value, SdpText& sdp) {
    take_word(value);
    sdp.session_id = take_word(value);
    sdp.version = take_word(value);
    take_word(value);
    if (sdp.address.empty()) {
        sdp.address_type = take_word(value);
        sdp.address = value;
    }
}

void read_connection(std::string_view value, SdpText& sdp) {
    take_word(value);
    sdp.address_type = take_word(value);
    sdp.address = value;
}

void read_media(std::string_view value, SdpText& sdp) {
    take_word(value);
    sdp.port = number<std::uint16_t>(take_word(value)).value_or(0);
    sdp.profile = take_word(value);
    while (!value.empty()) {
        const int type = number<int>(take_word(value)).value_or(-1);
        std::string name;
        if (type == 0) {
            name = "PCMU/8000";
        } else if (type == 8) {
            name = "PCMA/8000";
        } else if (type == 9) {
            name = "G722/8000";
        }
        sdp.formats.push_back({.payload_type = type, .name = std::move(name)});
    }
}

void read_attribute(std::string_view value, SdpText& sdp) {
    for (const std::string_view direction : {"sendrecv", "sendonly", "recvonly", "inactive"}) {
        if (value == direction) {
            sdp.direction = direction;
        }
    }
    if (!value.starts_with("rtpmap:")) {
        return;
    }
    value.remove_prefix(7);
    const int type = number<int>(take_word(value)).value_or(-1);
    for (auto& format : sdp.formats) {
        if (format.payload_type == type) {
            format.name = trim(value);
        }
    }
}

}  // namespace

std::optional<SdpText> SdpText::parse(std::string_view text) {
    SdpText sdp;
    bool is_audio = true;  // session level and the first audio section are ours to read
    bool found = false;
    if (!text.starts_with("v=0")) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.size() < 2 || line[1] != '=') {
            return std::nullopt;
        }
        const std::string_view value = line.substr(2);
        if (line[0] == 'm') {
            ++sdp.sections;
            is_audio = !found && value.starts_with("audio ");
            found = found || is_audio;
        }
        if (!is_audio) {
            continue;
        }
        switch (line[0]) {
            case 'o':
                read_origin(value, sdp);
                break;
            case 'c':
                read_connection(value, sdp);
                break;
            case 'm':
                read_media(value, sdp);
                break;
            case 'a':
                read_attribute(value, sdp);
                break;
            default:
                break;
        }
    }
    return found && !sdp.session_id.empty() ? std::optional(sdp) : std::nullopt;
}

std::string sdp_address(const IpAddress& ip) {
    return (ip.is_v4() ? "IN IP4 " : "IN IP6 ") + ip.to_string();
}

std::optional<Endpoint> SdpText::rtp() const {
    const auto ip = IpAddress::parse(address);
    if (!ip || address_type != (ip->is_v4() ? "IP4" : "IP6")) {
        return std::nullopt;
    }
    return Endpoint{*ip, port};
}

const SdpText::Format* SdpText::format(int payload_type) const {
    for (const auto& item : formats) {
        if (item.payload_type == payload_type) {
            return &item;
        }
    }
    return nullptr;
}

std::optional<int> SdpText::find(std::string_view name) const {
    for (const auto& item : formats) {
        if (item.name == name) {
            return item.payload_type;
        }
    }
    return std::nullopt;
}

}  // namespace causeway::testing
