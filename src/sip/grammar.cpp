#include "causeway/sip/grammar.hpp"

#include "scan.hpp"
#include "sofia.hpp"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/su_alloc.h>

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::sip {
namespace {

/// A value with more `;` is refused: sofia-sip looks for each parameter among all others.
constexpr std::ptrdiff_t kParams = 64;

/// Memory of sofia-sip's objects for one header value: on the stack, and from the heap once that
/// is full. Nothing of it survives the function that holds it.
class Home {
public:
    Home() : home_(su_home_auto(area_.data(), static_cast<isize_t>(kArea))) {}
    ~Home() {
        if (home_ != nullptr) {
            su_home_deinit(home_);
        }
    }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;
    Home(Home&&) = delete;
    Home& operator=(Home&&) = delete;

    [[nodiscard]] su_home_t* get() const { return home_; }

private:
    static constexpr std::size_t kArea = 2560;
    alignas(std::max_align_t) std::array<char, kArea> area_;
    su_home_t* home_;
};

/// A bounded copy of one list element with the terminator that sofia-sip wants.
class Text {
public:
    [[nodiscard]] bool assign(std::string_view element) {
        const bool fits = !element.empty() && element.size() <= kLimits.value;
        const bool clean = std::ranges::none_of(
            element, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
        if (!fits || !clean || std::ranges::count(element, ';') > kParams) {
            return false;
        }
        *std::ranges::copy(element, buffer_.begin()).out = '\0';
        return true;
    }
    [[nodiscard]] const char* get() const { return buffer_.data(); }

private:
    std::array<char, kLimits.value + 1> buffer_;
};

std::string_view view(const char* text) {
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

/// The text of a display name: that of a quoted-string without quotes and escapes, else as it is.
/// Tabs, the one control character that came this far, become spaces.
std::string unquoted(std::string_view text) {
    text = scan::trim(text);
    const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    if (is_quoted) {
        text = text.substr(1, text.size() - 2);
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_quoted && text[i] == '\\' && i + 1 < text.size()) {
            ++i;
        }
        out += text[i] == '\t' ? ' ' : text[i];
    }
    return out;
}

/// RFC 3261 §25.1 `gen-value`: a token, a host or a quoted-string. Looser: whatever cannot end it.
bool is_gen_value(std::string_view value) {
    if (value.starts_with('"')) {
        return value.size() >= 2 && value.ends_with('"');
    }
    return std::ranges::none_of(value, [](unsigned char c) {
        return c <= 0x20 || c == 0x7f || c == '"' || c == ',' || c == ';' || c == '<' || c == '>';
    });
}

Result<NameAddr> to_name_addr(const char* display, const url_t& url, msg_param_t const* params) {
    NameAddr address;
    address.display = unquoted(view(display));
    CAUSEWAY_TRY(address.uri, to_uri(url));
    bool has_tag = false;
    for (; params != nullptr && *params != nullptr; ++params) {
        const scan::Param param = scan::to_param(*params);
        if (!scan::is_token(param.name) || !is_gen_value(param.value)) {
            return fail(Errc::Malformed, "broken header parameter");
        }
        if (scan::equals(param.name, "tag") &&
            (std::exchange(has_tag, true) || !scan::is_token(param.value))) {
            return fail(Errc::Malformed, "repeated or broken tag");
        }
        address.params.push_back({std::string(param.name), std::string(param.value)});
    }
    return address;
}

Result<NameAddr> parse_from(std::string_view element) {
    Text text;
    const Home home;
    if (!text.assign(element)) {
        return fail(Errc::Malformed, "address too long, empty or with control characters");
    }
    const sip_from_t* const from = sip_from_make(home.get(), text.get());
    if (from == nullptr) {
        return fail(Errc::Malformed, "broken address");
    }
    return to_name_addr(from->a_display, *from->a_url, from->a_params);
}

Result<NameAddr> parse_route(std::string_view element) {
    Text text;
    const Home home;
    if (!text.assign(element) || element.find('<') == std::string_view::npos) {
        return fail(Errc::Malformed, "route too long, empty or without angle brackets");
    }
    const sip_route_t* const route = sip_route_make(home.get(), text.get());
    if (route == nullptr || route->r_next != nullptr) {
        return fail(Errc::Malformed, "broken route");
    }
    return to_name_addr(route->r_display, *route->r_url, route->r_params);
}

Result<NameAddr> parse_contact(std::string_view element) {
    Text text;
    const Home home;
    if (!text.assign(element)) {
        return fail(Errc::Malformed, "contact too long, empty or with control characters");
    }
    const sip_contact_t* const contact = sip_contact_make(home.get(), text.get());
    if (contact == nullptr || contact->m_next != nullptr) {
        return fail(Errc::Malformed, "broken contact");
    }
    return to_name_addr(contact->m_display, *contact->m_url, contact->m_params);
}

Result<NameAddr> parse_field(const Message& message, Field field) {
    const std::optional<std::string_view> value = message.first(field);
    if (!value) {
        return fail(Errc::NotFound, "no such header field");
    }
    return parse_from(*value);
}

Result<NameAddr> first_contact(const Message& message) {
    for (const Line& line : message.lines()) {
        if (line.field != Field::Contact) {
            continue;
        }
        std::string_view rest = line.value;
        const std::string_view element = scan::take(rest, ',');
        if (!element.empty() && element != "*") {
            return parse_contact(element);
        }
    }
    return fail(Errc::NotFound, "no Contact with a URI");
}

/// `SIP/2.0/UDP`, white space already removed, to `UDP`.
std::optional<std::string> transport_of(std::string_view protocol) {
    constexpr std::string_view kPrefix = "SIP/2.0/";
    std::string transport;
    if (!scan::equals(protocol.substr(0, kPrefix.size()), kPrefix)) {
        return std::nullopt;
    }
    for (const char c : protocol.substr(kPrefix.size())) {
        const char l = scan::lower(c);
        transport += l >= 'a' && l <= 'z' ? static_cast<char>(l - ('a' - 'A')) : l;
    }
    return scan::is_token(transport) ? std::optional(transport) : std::nullopt;
}

Result<Via> to_via(const sip_via_t& from) {
    Via via;
    const std::optional<std::string> transport = transport_of(view(from.v_protocol));
    const std::string_view host = view(from.v_host);
    const std::string_view rport = view(from.v_rport);
    const auto port = scan::number(from.v_port == nullptr ? "0" : from.v_port, 65535);
    const auto rport_number = scan::number(rport.empty() ? "0" : rport, 65535);
    if (!transport || !is_host(host) || !port || (from.v_port != nullptr && *port == 0)) {
        return fail(Errc::Malformed, "broken sent-protocol or sent-by in Via");
    }
    via.branch = view(from.v_branch);
    via.received = view(from.v_received);
    if (!rport_number || (from.v_branch != nullptr && !scan::is_token(via.branch)) ||
        !is_gen_value(via.received)) {
        return fail(Errc::Malformed, "broken Via parameter");
    }
    via.transport = *transport;
    via.host = host;
    via.port = static_cast<std::uint16_t>(*port);
    if (from.v_rport != nullptr) {
        via.rport = static_cast<std::uint16_t>(*rport_number);
    }
    return via;
}

Result<Via> parse_via(std::string_view element) {
    Text text;
    const Home home;
    if (!text.assign(element)) {
        return fail(Errc::Malformed, "Via too long, empty or with control characters");
    }
    const sip_via_t* const via = sip_via_make(home.get(), text.get());
    if (via == nullptr || via->v_next != nullptr || via->v_comment != nullptr) {
        return fail(Errc::Malformed, "broken Via");
    }
    return to_via(*via);
}

template <class T, class Read>
const Result<T>& remembered(std::optional<Result<T>>& place, const Read& read) {
    if (!place) {
        place.emplace(read());
    }
    return *place;
}

}  // namespace

struct Addresses {
    std::optional<Result<NameAddr>> from;
    std::optional<Result<NameAddr>> to;
    std::optional<Result<NameAddr>> contact;
    std::optional<Result<Uri>> request_uri;
    std::optional<Result<Via>> via;
};

Addresses& addresses_of(const Message& message) {
    if (!message.addresses_) {
        message.addresses_ = std::make_unique<Addresses>();
    }
    return *message.addresses_;
}

Message::Message() = default;
Message::~Message() = default;
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(Message&&) noexcept = default;

std::optional<std::string_view> NameAddr::param(std::string_view name) const {
    for (const Parameter& parameter : params) {
        if (scan::equals(parameter.name, name)) {
            return parameter.value;
        }
    }
    return std::nullopt;
}

std::string_view NameAddr::tag() const {
    return param("tag").value_or("");
}

const Result<Via>& top_via(const Message& message) {
    return remembered(addresses_of(message).via, [&] {
        return parse_via(scan::top_via(message.first(Field::Via).value_or("")).element);
    });
}

bool is_legacy(const Via& via) {
    constexpr std::string_view kCookie = "z9hG4bK";
    const std::string_view branch = via.branch;
    return branch.size() <= kCookie.size() ||
           !scan::equals(branch.substr(0, kCookie.size()), kCookie);
}

const Result<NameAddr>& from(const Message& message) {
    return remembered(addresses_of(message).from,
                      [&] { return parse_field(message, Field::From); });
}

const Result<NameAddr>& to(const Message& message) {
    return remembered(addresses_of(message).to, [&] { return parse_field(message, Field::To); });
}

const Result<NameAddr>& contact(const Message& message) {
    return remembered(addresses_of(message).contact, [&] { return first_contact(message); });
}

const Result<Uri>& request_uri(const Message& message) {
    return remembered(addresses_of(message).request_uri,
                      [&] { return parse_uri(message.request_uri()); });
}

Result<std::vector<NameAddr>> routes(const Message& message, Field field) {
    std::vector<NameAddr> found;
    for (const Line& line : message.lines()) {
        std::string_view rest = line.field == field ? line.value : std::string_view{};
        while (!rest.empty()) {
            const std::string_view element = scan::take(rest, ',');
            if (found.size() == kLimits.elements) {
                return fail(Errc::Malformed, "too many routes");
            }
            CAUSEWAY_TRY(found.emplace_back(), parse_route(element));
        }
    }
    return found;
}

Result<NameAddr> parse_name_addr(std::string_view text) {
    return parse_from(scan::trim(text));
}

}  // namespace causeway::sip
