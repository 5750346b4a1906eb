#include "wire_text.hpp"

#include "causeway/sip/grammar.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <system_error>

namespace causeway::transaction {

namespace {

constexpr std::string_view kVersion = "SIP/2.0 ";
constexpr std::string_view kLineEnd = "\r\n";

std::optional<sip::Message> split(std::string_view text) {
    auto message = sip::Message::split(std::as_bytes(std::span(text.data(), text.size())));
    if (!message) {
        return std::nullopt;
    }
    return std::move(*message);
}

void add_line(std::string& text, std::string_view name, std::string_view value) {
    text += name;
    text += ": ";
    text += value;
    text += kLineEnd;
}

/// A request of the same transaction: start line with another method, our Via, the Route set,
/// From, `to`, Call-ID, the CSeq number.
std::string companion(const sip::Message& invite, std::string_view method, std::string_view to) {
    std::string text;
    text.reserve(512);
    text += method;
    text += ' ';
    text += invite.request_uri();
    text += " SIP/2.0\r\n";
    add_line(text, "Via", invite.first(sip::Field::Via).value_or(std::string_view{}));
    for (const sip::Line& line : invite.lines()) {
        if (line.field == sip::Field::Route) {
            add_line(text, "Route", line.value);
        }
    }
    add_line(text, "Max-Forwards", "70");
    add_line(text, "From", invite.first(sip::Field::From).value_or(std::string_view{}));
    add_line(text, "To", to);
    add_line(text, "Call-ID", invite.call_id());
    add_line(text, "CSeq", std::to_string(invite.cseq()).append(" ").append(method));
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [lower](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

Text with_via(std::string_view request, sip::Transport transport, std::string_view sent_by,
              const Branch& branch) {
    const std::size_t end = request.find(kLineEnd);
    const std::size_t start_line =
        end == std::string_view::npos ? request.size() : end + kLineEnd.size();
    const Branch::Characters characters = branch.text();
    std::string via;
    via.reserve(128);
    via += "Via: SIP/2.0/";
    via += sip::via_name(transport);
    via += ' ';
    via += sent_by;
    via += ";branch=";
    via.append(characters.data(), characters.size());
    via += ";rport\r\n";
    return {request.substr(0, start_line), via, request.substr(start_line)};
}

Text ack_of(std::string_view invite, std::string_view to) {
    const std::optional<sip::Message> message = split(invite);
    if (!message) {
        return {};
    }
    return Text(companion(*message, "ACK", to) + "Content-Length: 0\r\n\r\n");
}

Text cancel_of(std::string_view invite, std::string_view headers) {
    const std::optional<sip::Message> message = split(invite);
    if (!message) {
        return {};
    }
    std::string text =
        companion(*message, "CANCEL", message->first(sip::Field::To).value_or(std::string_view{}));
    text += headers;
    return Text(text + "Content-Length: 0\r\n\r\n");
}

std::string_view method_of(std::string_view request) {
    return request.substr(0, request.find(' '));
}

std::string_view call_id_of(std::string_view request) {
    std::size_t at = request.find(kLineEnd);
    while (at != std::string_view::npos) {
        const std::size_t begin = at + kLineEnd.size();
        at = request.find(kLineEnd, begin);
        const std::string_view line = request.substr(begin, at - begin);
        const std::size_t colon = line.find(':');
        if (line.empty() || colon == std::string_view::npos) {
            break;
        }
        const std::string_view name = trimmed(line.substr(0, colon));
        if (equal_ignoring_case(name, "Call-ID") || equal_ignoring_case(name, "i")) {
            return trimmed(line.substr(colon + 1));
        }
    }
    return {};
}

int status_of(std::string_view response) {
    int status = 0;
    if (!response.starts_with(kVersion) || response.size() < kVersion.size() + 3) {
        return 0;
    }
    const char* const begin = response.data() + kVersion.size();
    const auto [stop, error] = std::from_chars(begin, begin + 3, status);
    return error == std::errc{} && stop == begin + 3 && status >= 100 && status <= 699 ? status : 0;
}

std::string to_tag_of(std::string_view response) {
    const std::optional<sip::Message> message = split(response);
    return message ? std::string(sip::tag_of(*message, sip::Field::To)) : std::string{};
}

}  // namespace causeway::transaction
