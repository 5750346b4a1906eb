#include "causeway/intake/intake.hpp"

#include <algorithm>
#include <array>

namespace causeway::intake {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same(std::string_view name, std::string_view lower_case) {
    return std::equal(name.begin(), name.end(), lower_case.begin(), lower_case.end(),
                      [](char a, char b) { return lower(a) == b; });
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view one) { return is_same(name, one); });
}

constexpr std::array<std::string_view, 10> kProvider{
    "x-twilio-accountsid",  "x-twilio-callsid",        "x-call_leg_id",
    "x-call_session_id",    "x-amzn-connectcontactid", "x-amzn-connectinitialcontactid",
    "x-amzn-sourceaccount", "x-amzn-sourcearn",        "x-amzn-targetarn",
    "user-to-user",
};

constexpr std::array<std::string_view, 7> kOwn{
    "x-to-ip",          "x-tenant-id",        "x-original-to",     "x-carrier",
    "x-caller-verstat", "x-causeway-call-id", "x-causeway-reason",
};

constexpr std::array<std::string_view, 56> kReserved{"accept",
                                                     "accept-contact",
                                                     "accept-encoding",
                                                     "accept-language",
                                                     "alert-info",
                                                     "allow",
                                                     "allow-events",
                                                     "authentication-info",
                                                     "authorization",
                                                     "call-id",
                                                     "contact",
                                                     "content-disposition",
                                                     "content-encoding",
                                                     "content-language",
                                                     "content-length",
                                                     "content-type",
                                                     "cseq",
                                                     "date",
                                                     "event",
                                                     "expires",
                                                     "from",
                                                     "identity",
                                                     "in-reply-to",
                                                     "join",
                                                     "max-forwards",
                                                     "mime-version",
                                                     "min-expires",
                                                     "min-se",
                                                     "path",
                                                     "proxy-authenticate",
                                                     "proxy-authorization",
                                                     "proxy-require",
                                                     "rack",
                                                     "reason",
                                                     "record-route",
                                                     "refer-to",
                                                     "referred-by",
                                                     "replaces",
                                                     "require",
                                                     "retry-after",
                                                     "route",
                                                     "rseq",
                                                     "server",
                                                     "service-route",
                                                     "session-expires",
                                                     "sip-etag",
                                                     "sip-if-match",
                                                     "subscription-state",
                                                     "supported",
                                                     "timestamp",
                                                     "to",
                                                     "unsupported",
                                                     "user-agent",
                                                     "via",
                                                     "warning",
                                                     "www-authenticate"};

}  // namespace

bool is_provider_header(std::string_view name) {
    return contains(kProvider, name);
}

bool is_own_header(std::string_view name) {
    return contains(kOwn, name);
}

bool is_reserved_header(std::string_view name) {
    const bool is_compact_form = name.size() == 1;
    return is_compact_form || contains(kReserved, name);
}

}  // namespace causeway::intake
