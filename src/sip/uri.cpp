#include "causeway/sip/uri.hpp"

#include "scan.hpp"
#include "sofia.hpp"

#include "causeway/sip/message.hpp"

#include <algorithm>
#include <array>

namespace causeway::sip {
namespace {

constexpr std::size_t kParams = 32;

using CharSet = std::array<bool, 256>;

constexpr CharSet chars(std::string_view extra) {
    CharSet set{};
    for (const std::string_view group :
         {std::string_view(
              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()"),
          extra}) {
        for (const char c : group) {
            set[static_cast<unsigned char>(c)] = true;
        }
    }
    return set;
}

/// RFC 3261 §25.1 `user-unreserved`, and `#`: phones dial it unescaped.
constexpr CharSet kUser = chars("&=+$,;?/#");
constexpr CharSet kParam = chars("[]/:&+$");

bool has(const CharSet& set, char c) {
    return set[static_cast<unsigned char>(c)];
}

int hex(char c) {
    const char l = scan::lower(c);
    if (scan::is_digit(l)) {
        return l - '0';
    }
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// The octet escaped at the front of `text`, or -1.
int escaped(std::string_view text) {
    if (text.size() < 3 || text[0] != '%' || hex(text[1]) < 0 || hex(text[2]) < 0) {
        return -1;
    }
    return hex(text[1]) * 16 + hex(text[2]);
}

bool is_made_of(std::string_view text, const CharSet& set) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && escaped(text.substr(i)) >= 0) {
            i += 2;
        } else if (!has(set, text[i])) {
            return false;
        }
    }
    return true;
}

void append_escaped(std::string& out, std::string_view text, const CharSet& set) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    if (std::ranges::all_of(text, [&set](char c) { return has(set, c); })) {
        out += text;
        return;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto code = static_cast<unsigned char>(text[i]);
        if (has(set, text[i]) || escaped(text.substr(i)) >= 0) {
            out += text[i];
        } else {
            out += '%';
            out += kHex[code >> 4U];
            out += kHex[code & 0xfU];
        }
    }
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), scan::lower);
    return out;
}

std::string_view view(const char* text) {
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

Result<std::vector<Parameter>> to_params(std::string_view text) {
    std::vector<Parameter> params;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const scan::Param param = scan::to_param(text.substr(0, end));
        text = text.substr(std::min(end + 1, text.size()));
        if (param.name.empty() && param.value.empty()) {
            continue;  // `;;` is harmless
        }
        if (params.size() == kParams || param.name.empty() || !is_made_of(param.name, kParam) ||
            !is_made_of(param.value, kParam)) {
            return fail(Errc::Malformed, "broken URI parameter");
        }
        params.push_back({std::string(param.name), std::string(param.value)});
    }
    return params;
}

Result<std::uint16_t> to_port(const char* text) {
    if (text == nullptr) {
        return std::uint16_t{0};
    }
    const auto port = scan::number(text, 65535);
    if (!port || *port == 0) {
        return fail(Errc::Malformed, "broken port in URI");
    }
    return static_cast<std::uint16_t>(*port);
}

}  // namespace

bool is_host(std::string_view text) {
    if (text.starts_with('[')) {
        return text.find(':') != std::string_view::npos && IpAddress::parse(text).has_value();
    }
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        return scan::is_digit(c) || (scan::lower(c) >= 'a' && scan::lower(c) <= 'z') || c == '.' ||
               c == '-' || c == '_';
    });
}

Result<Uri> to_uri(const url_t& url) {
    Uri uri;
    uri.scheme = lower_case(view(url.url_scheme));
    const bool tel = uri.scheme == "tel";
    if (uri.scheme != "sip" && uri.scheme != "sips" && !tel) {
        return fail(Errc::Unsupported, "URI scheme is not sip, sips or tel");
    }
    if (url.url_headers != nullptr || url.url_fragment != nullptr || url.url_path != nullptr) {
        return fail(Errc::Malformed, "URI with headers, path or fragment");
    }
    uri.user = view(url.url_user);
    if (!is_made_of(uri.user, kUser) || uri.user.empty() != (url.url_user == nullptr)) {
        return fail(Errc::Malformed, "broken user part in URI");
    }
    const std::string_view host = view(url.url_host);
    if (tel ? uri.user.empty() || !host.empty() : !is_host(host)) {
        return fail(Errc::Malformed, "broken host in URI");
    }
    uri.host = lower_case(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
    CAUSEWAY_TRY(uri.port, to_port(url.url_port));
    CAUSEWAY_TRY(uri.params, to_params(view(url.url_params)));
    return uri;
}

Result<Uri> parse_uri(std::string_view text) {
    if (text.empty() || text.size() > kLimits.value) {
        return fail(Errc::Malformed, "no URI, or one that is too long");
    }
    if (std::ranges::any_of(text, [](unsigned char c) { return c <= 0x20 || c >= 0x7f; })) {
        return fail(Errc::Malformed, "URI with characters outside of ASCII's visible ones");
    }
    std::array<char, kLimits.value + 1> buffer;  // NOLINT: filled up to its terminator
    *std::ranges::copy(text, buffer.begin()).out = '\0';
    url_t url{};
    if (url_d(&url, buffer.data()) != 0) {
        return fail(Errc::Malformed, "broken URI");
    }
    return to_uri(url);
}

std::optional<std::string_view> Uri::param(std::string_view name) const {
    for (const Parameter& parameter : params) {
        if (scan::equals(parameter.name, name)) {
            return parameter.value;
        }
    }
    return std::nullopt;
}

std::string Uri::to_string() const {
    std::string out;
    out.reserve(scheme.size() + user.size() + host.size() + 32);
    out += scheme;
    out += ':';
    append_escaped(out, user, kUser);
    if (!host.empty()) {
        out += user.empty() ? "" : "@";
        const bool v6 = host.find(':') != std::string::npos;
        out += v6 ? "[" : "";
        out += host;
        out += v6 ? "]" : "";
    }
    if (port != 0) {
        out += ':';
        out += std::to_string(port);
    }
    for (const Parameter& parameter : params) {
        out += ';';
        append_escaped(out, parameter.name, kParam);
        if (!parameter.value.empty()) {
            out += '=';
            append_escaped(out, parameter.value, kParam);
        }
    }
    return out;
}

std::string unescaped_user(const Uri& uri) {
    std::string out;
    const std::string_view user = uri.user;
    for (std::size_t i = 0; i < user.size(); ++i) {
        const int code = escaped(user.substr(i));
        if (code >= 0x20 && code < 0x7f) {
            out += static_cast<char>(code);
            i += 2;
        } else {
            out += user[i];
        }
    }
    return out;
}

std::optional<IpAddress> host_ip(const Uri& uri) {
    return IpAddress::parse(uri.host);
}

}  // namespace causeway::sip
