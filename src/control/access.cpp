#include "access.hpp"

#include "causeway/base/endpoint.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

namespace causeway::control {
namespace {

constexpr std::uint16_t kHttp = 80;

bool equals(std::string_view one, std::string_view other) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

bool starts_with(std::string_view text, std::string_view prefix) {
    return equals(text.substr(0, prefix.size()), prefix);
}

/// `localhost`, 127.0.0.0/8 or `[::1]`, with this port; none written means 80.
bool is_ours(std::string_view authority, std::uint16_t port) {
    const std::size_t colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && authority.back() != ']';
    std::uint16_t named = kHttp;
    if (has_port) {
        const std::string_view digits = authority.substr(colon + 1);
        const char* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, named);
        if (digits.empty() || read.ec != std::errc{} || read.ptr != end) {
            return false;
        }
        authority = authority.substr(0, colon);
    }
    if (named != port) {
        return false;
    }
    if (equals(authority, "localhost")) {
        return true;
    }
    const auto ip = IpAddress::parse(authority);
    return ip && ip->is_loopback() && (authority.front() == '[') != ip->is_v4();
}

bool is_json(std::string_view type) {
    constexpr std::string_view kJson = "application/json";
    if (!starts_with(type, kJson)) {
        return false;
    }
    type.remove_prefix(kJson.size());
    return type.empty() || type.front() == ';' || type.front() == ' ' || type.front() == '\t';
}

enum class Count : std::uint8_t { None, One, Many };

/// How often the field stands there, and its (last) value.
std::pair<Count, std::string_view> field(const Gate::Head& head, std::string_view name) {
    Count count = Count::None;
    std::string_view last;
    for (const auto& [key, value] : head.fields) {
        if (equals(key, name)) {
            count = count == Count::None ? Count::One : Count::Many;
            last = value;
        }
    }
    return {count, last};
}

/// Why a request without a token is refused; empty: it is not.
std::string_view refusal(const Gate::Head& head, std::uint16_t port) {
    const auto [hosts, host] = field(head, "Host");
    if (hosts != Count::One || !is_ours(host, port)) {
        return "Host must name this machine's loopback and this port: without tokens nobody else "
               "is served";
    }
    const auto [origins, origin] = field(head, "Origin");
    constexpr std::string_view kScheme = "http://";
    if (origins != Count::None && (origins == Count::Many || !starts_with(origin, kScheme) ||
                                   !is_ours(origin.substr(kScheme.size()), port))) {
        return "a page of another origin asks (Origin)";
    }
    const bool is_forwarded =
        std::any_of(head.fields.begin(), head.fields.end(), [](const auto& one) {
            return equals(one.first, "Forwarded") || starts_with(one.first, "X-Forwarded-");
        });
    return is_forwarded ? "a proxy passed this on (Forwarded): that needs tokens" : "";
}

}  // namespace

Gate::Digest Gate::digest_of(std::string_view token) {
    Digest digest{};
    SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
    return digest;
}

Gate::Gate(Access access, const std::vector<config::Token>& tokens) : access_(access) {
    for (const config::Token& token : tokens) {
        known_.push_back({token.name, digest_of(token.secret)});
    }
}

std::optional<std::string> Gate::bearer(const Head& head) const {
    const auto [count, value] = field(head, "Authorization");
    constexpr std::string_view kScheme = "Bearer ";
    if (count != Count::One || !starts_with(value, kScheme)) {
        return std::nullopt;
    }
    const Digest digest = digest_of(value.substr(kScheme.size()));
    std::optional<std::string> name;
    for (const Known& known : known_) {
        if (CRYPTO_memcmp(known.digest.data(), digest.data(), digest.size()) == 0) {
            name = known.name;
        }
    }
    return name;
}

Result<std::string, Response> Gate::judge(const Head& head, std::uint16_t port) const {
    if (access_ == Access::Open) {
        return std::string{};
    }
    std::string by;
    if (!known_.empty()) {
        auto name = bearer(head);
        if (!name) {
            return tl::unexpected(error(401, "a token is needed: Authorization: Bearer TOKEN"));
        }
        by = *std::move(name);
    } else if (const std::string_view why = refusal(head, port); !why.empty()) {
        return tl::unexpected(error(403, why));
    }
    const auto [types, type] = field(head, "Content-Type");
    if (head.has_body && (types != Count::One || !is_json(type))) {
        return tl::unexpected(error(415, "a body must be application/json"));
    }
    return by;
}

}  // namespace causeway::control
