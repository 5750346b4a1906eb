#include "screen.hpp"

#include "fields.hpp"

#include <algorithm>

namespace causeway::sdp {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Sorted. ICE (RFC 8839), SRTP and DTLS keys (RFC 4568, 8122, 8842), RTCP's place (RFC 3605, 5761,
/// 8858), grouping and identities (RFC 5888, 5576, 8830, 8843), alternative addresses (RFC 4570,
/// 6947) and capabilities a peer could switch to behind our back (RFC 5939, 6871, 7006): all of it
/// speaks of a transport that ends at us.
constexpr std::array<std::string_view, 46> kOfTheLeg{
    "acap",          "acfg",
    "alt",           "altc",
    "bcap",          "bundle-only",
    "candidate",     "ccap",
    "connection",    "creq",
    "crypto",        "csup",
    "dtls-id",       "end-of-candidates",
    "fingerprint",   "group",
    "icap",          "ice-lite",
    "ice-mismatch",  "ice-options",
    "ice-pacing",    "ice-pwd",
    "ice-ufrag",     "key-mgmt",
    "lcfg",          "mcap",
    "mfcap",         "mid",
    "mscap",         "msid",
    "msid-semantic", "omcap",
    "pcfg",          "remote-candidates",
    "rmcap",         "rtcp",
    "rtcp-mux",      "rtcp-mux-only",
    "rtpmap",        "sescap",
    "setup",         "source-filter",
    "ssrc",          "ssrc-group",
    "tcap",          "tls-id",
};

static_assert(std::is_sorted(kOfTheLeg.begin(), kOfTheLeg.end()));

bool is_of_the_leg(std::string_view name) {
    constexpr std::size_t kLongest = std::string_view("end-of-candidates").size();
    std::array<char, kLongest> copy{};
    if (name.size() > kLongest) {
        return false;
    }
    std::transform(name.begin(), name.end(), copy.begin(), lower);
    return std::binary_search(kOfTheLeg.begin(), kOfTheLeg.end(),
                              std::string_view(copy.data(), name.size()));
}

std::string lowered(std::string_view text) {
    std::string copy(text);
    std::transform(copy.begin(), copy.end(), copy.begin(), lower);
    return copy;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// True for four groups of digits joined by dots, in range or not: a garbled address is no less of
/// a hint.
bool names_ip4(std::string_view text) {
    int groups = 0;
    bool is_in_group = false;
    for (const char c : text) {
        if (is_digit(c)) {
            groups += is_in_group ? 0 : 1;
            is_in_group = true;
        } else {
            groups = c == '.' && is_in_group ? groups : 0;
            is_in_group = false;
        }
        if (groups == 4) {
            return true;
        }
    }
    return false;
}

/// True if the word, or what follows one of its colons, is an IPv6 address: `key:2001:db8::1`.
bool ends_with_ip6(std::string_view word) {
    constexpr std::size_t kLongest = 45;
    for (;;) {
        if (word.size() <= kLongest && IpAddress::parse(word)) {
            return true;
        }
        const std::size_t colon = word.find(':');
        if (colon == std::string_view::npos) {
            return false;
        }
        word.remove_prefix(colon + 1);
    }
}

bool is_of_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ':';
}

bool names_ip6(std::string_view text) {
    if (std::count(text.begin(), text.end(), ':') < 2) {
        return false;
    }
    for (const char *at = text.data(), *const end = at + text.size(); at != end;) {
        at = std::find_if(at, end, is_of_word);
        const char* const stop = std::find_if_not(at, end, is_of_word);
        if (std::count(at, stop, ':') >= 2 &&
            ends_with_ip6({at, static_cast<std::size_t>(stop - at)})) {
            return true;
        }
        at = stop;
    }
    return false;
}

/// The host name in o=, lower-case; empty for an address (found by its form) or a bare word, which
/// names nothing outside its machine.
std::string origin_host(const Session& source) {
    constexpr std::size_t kLongest = 255;  // RFC 1035 §2.3.4; also bounds the search
    const auto origin = std::find_if(source.lines.begin(), source.lines.end(),
                                     [](const Line& line) { return line.type == 'o'; });
    if (origin == source.lines.end()) {
        return {};
    }
    std::string_view rest = origin->value;
    for (int field = 0; field < 5; ++field) {
        take_word(rest);
    }
    const std::string_view host = take_word(rest);
    const std::size_t dot = host.find('.');
    const bool is_name = dot != std::string_view::npos && dot > 0 && dot + 1 < host.size();
    return is_name && host.size() <= kLongest ? lowered(host) : std::string{};
}

}  // namespace

Screen::Screen(const Session& source, const RewritePlan& plan) : origin_(origin_host(source)) {
    for (const std::string& text : plan.hidden) {
        if (!text.empty()) {
            hidden_.push_back(lowered(text));
        }
    }
}

bool Screen::is_hidden(std::string_view text) const {
    if (hidden_.empty()) {
        return false;
    }
    const std::string copy = lowered(text);
    return std::any_of(hidden_.begin(), hidden_.end(), [&](const std::string& hidden) {
        return copy.find(hidden) != std::string::npos;
    });
}

bool Screen::reveals(std::string_view text) const {
    return is_hidden(text) || names_ip4(text) || names_ip6(text) ||
           (!origin_.empty() && lowered(text).find(origin_) != std::string::npos);
}

bool Screen::passes(const Line& line) const {
    const std::string_view name = attribute(line).name;
    if (name.empty() || direction_of(line)) {
        return false;
    }
    return !is_of_the_leg(name) && !reveals(line.value);
}

}  // namespace causeway::sdp
