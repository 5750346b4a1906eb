#include "causeway/normalize/normalize.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <algorithm>

namespace causeway::normalize {
namespace {

/// True if the character may stand in a user part without escape (RFC 3261 §25.1: unreserved,
/// user-unreserved), the semicolon of user parameters aside.
bool is_plain(char c) {
    const bool is_alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_alphanumeric ||
           std::string_view("-_.!~*'()&=+$,?/#").find(c) != std::string_view::npos;
}

/// The number in a user part: escapes decoded where that is safe, parameters (RFC 3966 §5.1.2,
/// RFC 4694) cut off. Spaces are visual separators.
std::string number_of(const sip::Uri& uri) {
    const auto cut = [](std::string_view user) { return user.substr(0, user.find(';')); };
    sip::Uri raw = uri;
    raw.user = cut(raw.user);
    const std::string user = sip::unescaped_user(raw);
    std::string_view decoded = cut(user);
    const bool is_safe =
        std::all_of(decoded.begin(), decoded.end(), [](char c) { return is_plain(c) || c == ' '; });
    if (!is_safe) {
        return raw.user;
    }
    std::string number;
    std::copy_if(decoded.begin(), decoded.end(), std::back_inserter(number),
                 [](char c) { return c != ' '; });
    return number;
}

bool is_equal_nocase(std::string_view text, std::string_view lower_case) {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char a, char b) {
                          return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
                      });
}

/// RFC 3323 §4.1.1.3, and the hosts under `.invalid` that carriers use for it (RFC 3325 §10).
bool is_anonymous(const sip::Uri& uri) {
    return uri.user.empty() || is_equal_nocase(uri.user, "anonymous") ||
           uri.host == "anonymous.invalid" || uri.host == "unknown.invalid";
}

}  // namespace

Verdict<sip::Parties> apply(const Rules& rules, std::size_t carrier, const sip::Message& invite) {
    static const Plan international;
    const Plan& plan = carrier < rules.carriers.size() ? rules.carriers[carrier] : international;
    const auto& requested = sip::request_uri(invite);
    const sip::Uri* called = requested ? &*requested : nullptr;
    if (called == nullptr || called->user.empty()) {
        const auto& to = sip::to(invite);
        if (!to || to->uri.user.empty()) {
            return reject(400, Stage::Normalize, "bad_request");
        }
        called = &to->uri;
    }
    sip::Parties parties;
    parties.called = plan.apply(number_of(*called), rules.emergency);
    parties.as_received = called->user;
    if (const auto& from = sip::from(invite)) {
        if (!is_anonymous(from->uri)) {
            parties.calling = plan.apply(number_of(from->uri), rules.emergency);
        }
        parties.display = from->display;
    }
    if (parties.called.empty()) {
        return reject(400, Stage::Normalize, "bad_request");
    }
    return parties;
}

}  // namespace causeway::normalize
