#include "scan.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace causeway::sip::scan {
namespace {

struct Known {
    std::string_view name;
    Field field;
};

/// In lower case and by length, so that a name is compared with three candidates at most.
constexpr std::array<Known, 26> kKnown{{
    {"to", Field::To},
    {"via", Field::Via},
    {"from", Field::From},
    {"cseq", Field::CSeq},
    {"allow", Field::Allow},
    {"route", Field::Route},
    {"accept", Field::Accept},
    {"min-se", Field::MinSe},
    {"reason", Field::Reason},
    {"call-id", Field::CallId},
    {"contact", Field::Contact},
    {"require", Field::Require},
    {"supported", Field::Supported},
    {"retry-after", Field::RetryAfter},
    {"unsupported", Field::Unsupported},
    {"content-type", Field::ContentType},
    {"max-forwards", Field::MaxForwards},
    {"record-route", Field::RecordRoute},
    {"authorization", Field::Authorization},
    {"proxy-require", Field::ProxyRequire},
    {"content-length", Field::ContentLength},
    {"session-expires", Field::SessionExpires},
    {"content-encoding", Field::ContentEncoding},
    {"www-authenticate", Field::WwwAuthenticate},
    {"proxy-authenticate", Field::ProxyAuthenticate},
    {"proxy-authorization", Field::ProxyAuthorization},
}};
constexpr std::size_t kLongest = kKnown.back().name.size();

/// `kStart[n]`: index of the first known name that has at least n characters.
constexpr auto kStart = [] {
    std::array<std::uint8_t, kLongest + 2> start{};
    for (std::size_t length = 0; length < start.size(); ++length) {
        std::uint8_t index = 0;
        while (index < kKnown.size() && kKnown[index].name.size() < length) {
            ++index;
        }
        start[length] = index;
    }
    return start;
}();

struct Compact {
    char letter;
    std::string_view name;
};
/// IANA's compact forms of fields that no rule of ours looks at.
constexpr std::array<Compact, 10> kCompact{{{'a', "Accept-Contact"},
                                            {'b', "Referred-By"},
                                            {'d', "Request-Disposition"},
                                            {'j', "Reject-Contact"},
                                            {'n', "Identity-Info"},
                                            {'o', "Event"},
                                            {'r', "Refer-To"},
                                            {'s', "Subject"},
                                            {'u', "Allow-Events"},
                                            {'y', "Identity"}}};

Field field_of_letter(char letter) {
    switch (lower(letter)) {
        case 'c':
            return Field::ContentType;
        case 'e':
            return Field::ContentEncoding;
        case 'f':
            return Field::From;
        case 'i':
            return Field::CallId;
        case 'k':
            return Field::Supported;
        case 'l':
            return Field::ContentLength;
        case 'm':
            return Field::Contact;
        case 't':
            return Field::To;
        case 'v':
            return Field::Via;
        case 'x':
            return Field::SessionExpires;
        default:
            return Field::Other;
    }
}

constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-.!%*_+`'~")) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}();

bool is_token_char(char c) {
    return kTokenChars[static_cast<unsigned char>(c)];
}

template <class Word>
bool same_word(const char* name, const char* known) {
    constexpr Word kLower = static_cast<Word>(0x2020202020202020);
    Word a = 0;
    Word b = 0;
    std::memcpy(&a, name, sizeof a);
    std::memcpy(&b, known, sizeof b);
    return (a | kLower) == b;
}

/// Compares two texts of one length, a (last one overlapping) word at a time. `known` is letters in
/// lower case and hyphens: the bit that makes letters lower case leaves a hyphen alone, and nothing
/// but CR, which is in no name, becomes one by it.
bool matches(std::string_view name, std::string_view known) {
    const std::size_t size = known.size();
    if (size < sizeof(std::uint32_t)) {
        return equals(name, known);
    }
    if (size < sizeof(std::uint64_t)) {
        const std::size_t last = size - sizeof(std::uint32_t);
        return same_word<std::uint32_t>(name.data(), known.data()) &&
               same_word<std::uint32_t>(name.data() + last, known.data() + last);
    }
    const std::size_t last = size - sizeof(std::uint64_t);
    for (std::size_t i = 0; i < last; i += sizeof(std::uint64_t)) {
        if (!same_word<std::uint64_t>(name.data() + i, known.data() + i)) {
            return false;
        }
    }
    return same_word<std::uint64_t>(name.data() + last, known.data() + last);
}

/// Position after the quoted-string that opens at `at`; the size if it does not end.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

}  // namespace

std::size_t token_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && is_token_char(text[length])) {
        ++length;
    }
    return length;
}

bool is_token(std::string_view text) {
    return !text.empty() && token_length(text) == text.size();
}

bool is_version(std::string_view text) {
    constexpr std::string_view kName = "SIP/";
    if (!equals(text.substr(0, kName.size()), kName)) {
        return false;
    }
    text.remove_prefix(kName.size());
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view minor = text.substr(std::min(dot + 1, text.size()));
    return dot > 0 && !minor.empty() && std::ranges::all_of(text.substr(0, dot), is_digit) &&
           std::ranges::all_of(minor, is_digit);
}

bool equals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t most) {
    if (text.empty()) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > most) {
            return std::nullopt;
        }
    }
    return static_cast<std::uint32_t>(value);
}

Field field_of(std::string_view name) {
    if (name.size() == 1) {
        return field_of_letter(name.front());
    }
    if (name.size() > kLongest) {
        return Field::Other;
    }
    for (std::size_t i = kStart[name.size()]; i < kStart[name.size() + 1]; ++i) {
        if (matches(name, kKnown[i].name)) {
            return kKnown[i].field;
        }
    }
    return Field::Other;
}

char compact_form(std::string_view name) {
    const auto* const found = std::ranges::find_if(
        kCompact, [&](const Compact& compact) { return equals(compact.name, name); });
    return found == kCompact.end() ? '\0' : found->letter;
}

std::string_view take_line(std::string_view& text) {
    std::size_t end = text.find('\n');
    while (end != std::string_view::npos && end + 1 < text.size() &&
           (text[end + 1] == ' ' || text[end + 1] == '\t')) {
        end = text.find('\n', end + 1);
    }
    const std::string_view line = text.substr(0, end);
    text = text.substr(std::min(end, text.size() - 1) + 1);
    return line;
}

std::size_t find_outside(std::string_view text, char wanted) {
    // Mostly there is neither a quote nor a bracket before it: three searches of the C library.
    const std::string_view before = text.substr(0, text.find(wanted));
    if (before.find('"') == std::string_view::npos && before.find('<') == std::string_view::npos) {
        return before.size();
    }
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == wanted) {
            return at;
        }
        if (text[at] == '"') {
            at = skip_quoted(text, at);
        } else if (text[at] == '<') {
            at = std::min(text.find('>', at), text.size());
        } else {
            ++at;
        }
    }
    return text.size();
}

std::string_view take(std::string_view& rest, char separator) {
    const std::size_t end = find_outside(rest, separator);
    const std::string_view piece = trim(rest.substr(0, end));
    rest = rest.substr(std::min(end + 1, rest.size()));
    return piece;
}

Param to_param(std::string_view text) {
    const std::size_t equal = text.find('=');
    if (equal == std::string_view::npos) {
        return {trim(text), {}};
    }
    return {trim(text.substr(0, equal)), trim(text.substr(equal + 1))};
}

std::string_view params_of(std::string_view element) {
    const std::size_t semicolon = find_outside(element, ';');
    return element.substr(std::min(semicolon + 1, element.size()));
}

std::optional<std::string_view> param(std::string_view params, std::string_view name) {
    while (!params.empty()) {
        const Param found = to_param(take(params, ';'));
        if (equals(found.name, name)) {
            return found.value;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> tag(std::string_view value) {
    const std::optional<std::string_view> found = param(params_of(value), "tag");
    if (!found) {
        return std::nullopt;
    }
    return found->substr(0, token_length(*found));
}

TopVia top_via(std::string_view line) {
    TopVia via;
    const std::size_t comma = find_outside(line, ',');
    via.rest = line.substr(comma);
    via.element = trim(line.substr(0, comma));
    via.params = params_of(via.element);
    std::string_view head = trim(via.element.substr(0, find_outside(via.element, ';')));
    // sent-protocol is `SIP / 2.0 / UDP`: sent-by begins after the white space that follows.
    for (int slash = 0; slash < 2; ++slash) {
        head = trim(head.substr(std::min(head.find('/'), head.size() - 1) + 1));
        if (head.empty()) {
            return via;
        }
    }
    const auto* const space = std::ranges::find_if(head, is_space);
    const std::string_view sent_by =
        trim(head.substr(static_cast<std::size_t>(space - head.begin())));
    const std::size_t bracket = sent_by.starts_with('[') ? sent_by.find(']') : 0;
    const std::size_t colon = sent_by.find(':', std::min(bracket, sent_by.size()));
    via.host = trim(sent_by.substr(0, colon));
    if (colon != std::string_view::npos) {
        via.port = trim(sent_by.substr(colon + 1));
    }
    return via;
}

}  // namespace causeway::sip::scan
