#include "secret.hpp"
#include "text.hpp"
#include "value.hpp"

#include "causeway/sip/uri.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace causeway::store {
namespace {

using Read = Result<Scalar, std::string>;

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 1024;

tl::unexpected<std::string> wrong(std::string what) {
    return tl::unexpected<std::string>(std::move(what));
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_made_of(std::string_view text, std::string_view extra) {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_alphanumeric(c) || extra.find(c) != std::string_view::npos;
    });
}

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && !text.empty() && is_digit(text.front()) ? std::optional(number) : std::nullopt;
}

std::optional<std::uint16_t> to_port(std::string_view text) {
    const auto number = to_number(text);
    return number && *number >= 1 && *number <= 65535
               ? std::optional(static_cast<std::uint16_t>(*number))
               : std::nullopt;
}

Read read_text(std::string_view text) {
    const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (has_control || text.size() > kLongestText) {
        return wrong(has_control ? "a control character in it" : "longer than 1024 bytes");
    }
    return Scalar(std::string(text));
}

Read read_name(std::string_view text, std::string_view extra) {
    if (text.empty() || text.size() > kLongestName || !is_alphanumeric(text.front()) ||
        !is_made_of(text, extra)) {
        return wrong("no name: at most 64 letters, digits and " + std::string(extra) +
                     ", a letter or digit first");
    }
    return Scalar(std::string(text));
}

Read read_host(std::string_view text) {
    constexpr std::size_t kLongestHost = 253;  // RFC 1035 §2.3.4
    if (const auto ip = IpAddress::parse(text)) {
        return Scalar(ip->to_string());
    }
    if (text.empty() || text.size() > kLongestHost || !is_made_of(text, "-._") ||
        text.front() == '.' || text.find("..") != std::string_view::npos) {
        return wrong("no host name and no address");
    }
    return Scalar(lower_case(text));
}

Read read_address(std::string_view text) {
    const auto ip = IpAddress::parse(text);
    if (!ip) {
        return wrong("no IPv4 or IPv6 address");
    }
    if (ip->is_unspecified() || ip->is_multicast()) {
        return wrong("not one concrete address");
    }
    return Scalar(*ip);
}

/// The blocks that no host sends from, or that hold half the world.
std::optional<std::string> complaint_about(const Cidr& block, const IpAddress& written) {
    constexpr unsigned kV4 = 96;  // a v4-mapped block's length is 96 more
    const bool is_v4 = written.is_v4();
    if (block.network != written) {
        return "has host bits set: the network is " + block.to_string();
    }
    if (block.length < (is_v4 ? kV4 + 8 : 24U)) {
        return std::string("is wider than ") + (is_v4 ? "/8" : "/24") +
               ": name the addresses that calls come from";
    }
    if (is_v4 && block.network.bytes[12] == 0) {
        return "matches no host: all of 0.0.0.0/8 is \"this network\" (RFC 1122 §3.2.1.3)";
    }
    if (block.network.is_unspecified()) {
        return "matches no host: it is the unspecified address";
    }
    if (block.network.is_multicast()) {
        return std::string("matches no host: all of ") + (is_v4 ? "224.0.0.0/4" : "ff00::/8") +
               " is multicast";
    }
    return std::nullopt;
}

Read read_block(std::string_view text) {
    const auto block = Cidr::parse(text);
    const auto written = IpAddress::parse(text.substr(0, text.find('/')));
    if (!block || !written) {
        return wrong("no address and no block (10.0.1.10, 10.0.1.0/24, 2001:db8::/48)");
    }
    if (auto complaint = complaint_about(*block, *written)) {
        return wrong(*std::move(complaint));
    }
    return Scalar(*block);
}

Read read_listener(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const auto port =
        colon == std::string_view::npos ? std::nullopt : to_port(text.substr(colon + 1));
    for (const auto transport : {sip::Transport::Udp, sip::Transport::Tcp, sip::Transport::Tls}) {
        if (port && name == sip::uri_name(transport)) {
            return Scalar(ListenerText{transport, *port});
        }
    }
    return wrong("no listener (udp:5060, tcp:5060, tls:5061)");
}

Read read_socket(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const auto port =
        colon == std::string_view::npos ? std::nullopt : to_port(text.substr(colon + 1));
    const auto ip = port ? IpAddress::parse(text.substr(0, colon)) : std::nullopt;
    if (!ip || (text.front() == '[') == ip->is_v4()) {
        return wrong("no ADDRESS:PORT (127.0.0.1:8080, [::1]:8080)");
    }
    return Scalar(Endpoint{*ip, *port});
}

/// `values` are the schemes.
Read read_url(std::string_view text, std::string_view values) {
    const std::size_t colon = text.find("://");
    const auto schemes = split(values, "|");
    const bool is_known =
        colon != std::string_view::npos &&
        std::find(schemes.begin(), schemes.end(), text.substr(0, colon)) != schemes.end();
    const std::string_view rest = is_known ? text.substr(colon + 3) : std::string_view{};
    if (rest.empty() || rest.front() == '/' || rest.find(' ') != std::string_view::npos) {
        return wrong("no URL (" + std::string(schemes.back()) + "://HOST…)");
    }
    return read_text(text);
}

/// Only how it is written; what it refers to is the host's affair (host.cpp).
Read read_secret(std::string_view text) {
    if (const auto source = parse_secret(text); !source) {
        return wrong(source.error());
    }
    return read_text(text);
}

Read read_port_range(std::string_view text) {
    constexpr std::uint16_t kLeast = 1024;
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return wrong("no range of ports (10000-19999)");
    }
    const auto first = to_port(text.substr(0, dash));
    const auto last = to_port(text.substr(dash + 1));
    if (!first || !last || *first < kLeast || *first >= *last) {
        return wrong("no range of ports within 1024-65535 (10000-19999)");
    }
    const int even = *first + *first % 2;
    const int odd = *last - (*last + 1) % 2;
    if (even != *first || odd != *last) {
        std::string advice =
            odd > even ? " (" + std::to_string(even) + "-" + std::to_string(odd) + ")" : "";
        return wrong("must begin with an even port and end with an odd one" + advice +
                     ": RTP and RTCP come in pairs");
    }
    return Scalar(PortRange{*first, *last});
}

/// `values` is `LEAST..MOST`, or `WORD|LEAST..MOST`; the word reads as 0.
Read read_integer(std::string_view text, std::string_view values) {
    const std::size_t bar = values.find('|');
    if (bar != std::string_view::npos && text == values.substr(0, bar)) {
        return Scalar(std::int64_t{0});
    }
    const std::string_view range = bar == std::string_view::npos ? values : values.substr(bar + 1);
    const std::size_t dots = range.find("..");
    const auto number = to_number(text);
    if (!number || *number < *to_number(range.substr(0, dots)) ||
        *number > *to_number(range.substr(dots + 2))) {
        return wrong("not within " + std::string(values));
    }
    return Scalar(*number);
}

Read read_switch(std::string_view text) {
    if (text != "true" && text != "false") {
        return wrong("neither true nor false");
    }
    return Scalar(text == "true");
}

Read read_choice(std::string_view text, std::string_view values) {
    const auto choices = split(values, "|");
    const std::string wanted = lower_case(text);
    for (const std::string_view choice : choices) {
        if (lower_case(choice) == wanted) {
            return Scalar(std::string(choice));
        }
    }
    std::string all;
    for (const std::string_view choice : choices) {
        all.append(all.empty() ? "" : ", ").append(choice);
    }
    return wrong("not known in this version (" + all + ")");
}

/// `values` is `0` where zero is allowed.
Read read_duration(std::string_view text, std::string_view values) {
    struct Unit {
        std::string_view name;
        std::int64_t ms;
    };
    constexpr Unit kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    constexpr std::int64_t kMost = 30 * std::int64_t{86'400'000};
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const std::string_view name = text.substr(digits.size());
    const auto number = to_number(digits);
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const Unit& one) { return one.name == name; });
    if (number && *number == 0 && (name.empty() || unit != std::end(kUnits))) {
        return values == "0" ? Read(Scalar(Millis{0})) : wrong("must be longer than nothing");
    }
    if (!number || unit == std::end(kUnits)) {
        return wrong("no duration (500ms, 30s, 5m, 1h, 1d)");
    }
    if (*number > kMost / unit->ms) {
        return wrong("longer than 30d");
    }
    return Scalar(Millis{*number * unit->ms});
}

Read read_header(std::string_view text) {
    if (text.empty() || text.size() > kLongestName || !is_made_of(text, "-.!%*_+`'~")) {
        return wrong("no header field name");
    }
    return Scalar(std::string(text));
}

Read read_did(std::string_view text) {
    constexpr std::size_t kMostDigits = 15;  // E.164 §6
    const bool is_pattern = text.ends_with('*');
    const std::string_view number = text.substr(0, text.size() - (is_pattern ? 1 : 0));
    const bool is_international = number.starts_with('+');
    if ((number.empty() && !is_pattern) || number.size() > kLongestName ||
        !is_made_of(number, "-_.!~'()&=+$,?/#%")) {
        return wrong("no number, and no prefix that ends in *");
    }
    const std::string_view digits = number.substr(1 - (is_international ? 0 : 1));
    if (is_international && (!std::all_of(digits.begin(), digits.end(), is_digit) ||
                             digits.size() > kMostDigits || digits.starts_with('0'))) {
        return wrong("not E.164: + and at most 15 digits, the country code first");
    }
    return Scalar(std::string(text));
}

Read read_prefix(std::string_view text) {
    if (text.size() < 2 || text.front() != '+' || text.back() == '*') {
        return wrong("no prefix of numbers (+49)");
    }
    return read_did(text);
}

Read read_caller_id(std::string_view text) {
    if (text == "own" || text == "any") {
        return Scalar(std::string(text));
    }
    return read_did(text);
}

Read read_digits(std::string_view text) {
    if (text.empty() || text.size() > 32 || !std::all_of(text.begin(), text.end(), is_digit)) {
        return wrong("no digits");
    }
    return Scalar(std::string(text));
}

Read read_uri(std::string_view text) {
    auto uri = sip::parse_uri(text);
    if (!uri) {
        return wrong(uri.error().what);
    }
    return read_text(text);
}

Read read_form(const Key& key, std::string_view text) {
    switch (key.form) {
        case Form::Name:
            return read_name(text, "._-");
        case Form::TenantId:
            return read_name(text, ".-");
        case Form::Host:
            return read_host(text);
        case Form::Address:
            return read_address(text);
        case Form::Block:
            return read_block(text);
        case Form::Listener:
            return read_listener(text);
        case Form::Socket:
            return read_socket(text);
        case Form::Url:
            return read_url(text, key.values);
        case Form::Secret:
            return read_secret(text);
        case Form::Prefix:
            return read_prefix(text);
        case Form::CallerId:
            return read_caller_id(text);
        case Form::PortRange:
            return read_port_range(text);
        case Form::Integer:
            return read_integer(text, key.values);
        case Form::Switch:
            return read_switch(text);
        case Form::Choice:
            return read_choice(text, key.values);
        case Form::Duration:
            return read_duration(text, key.values);
        case Form::Header:
            return read_header(text);
        case Form::Uri:
            return read_uri(text);
        case Form::Did:
            return read_did(text);
        case Form::Digits:
            return read_digits(text);
        case Form::Text:
        case Form::Path:
        case Form::None:
            break;
    }
    return read_text(text);
}

}  // namespace

Read parse_scalar(const Key& key, std::string_view text) {
    if (text.empty() && key.presence == Presence::Required) {
        return wrong("empty");
    }
    const bool may_be_empty = key.form == Form::Socket || key.form == Form::Url;
    if (text.empty() && may_be_empty) {
        return Scalar(std::string{});
    }
    auto read = read_form(key, text);
    constexpr std::size_t kQuoted = 80;
    if (!read && !text.empty() && key.form != Form::Secret && read_text(text)) {
        const bool is_long = text.size() > kQuoted;
        return wrong(std::string(text.substr(0, kQuoted)) + (is_long ? "…: " : ": ") +
                     read.error());
    }
    return read;
}

}  // namespace causeway::store
