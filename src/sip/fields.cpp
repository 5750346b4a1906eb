#include "scan.hpp"

#include "causeway/sip/grammar.hpp"

#include <algorithm>

/// The fields whose grammar is so small that it needs no library.
namespace causeway::sip {
namespace {

constexpr std::uint32_t kDefaultMaxForwards = 70;

}  // namespace

std::string_view tag_of(const Message& message, Field from_or_to) {
    const std::string_view value = message.first(from_or_to).value_or("");
    return scan::tag(value).value_or("");
}

Result<std::uint32_t> max_forwards(const Message& message) {
    const std::optional<std::string_view> value = message.first(Field::MaxForwards);
    if (!value) {
        return kDefaultMaxForwards;
    }
    const std::optional<std::uint32_t> hops = scan::number(*value, 255);
    if (!hops) {
        return fail(Errc::Malformed, "Max-Forwards is not a number of 0 to 255");
    }
    return *hops;
}

std::vector<std::string_view> tokens(const Message& message, Field field) {
    std::vector<std::string_view> found;
    for (const Line& line : message.lines()) {
        if (line.field != field) {
            continue;
        }
        std::string_view rest = line.value;
        while (!rest.empty()) {
            const std::string_view token = scan::take(rest, ',');
            if (!token.empty()) {
                found.push_back(token);
            }
        }
    }
    return found;
}

std::optional<std::uint32_t> retry_after(const Message& message) {
    const std::string_view value = message.first(Field::RetryAfter).value_or("");
    const auto* const end = std::ranges::find_if_not(value, scan::is_digit);
    const auto digits = static_cast<std::size_t>(end - value.begin());
    const std::string_view rest = scan::trim(value.substr(digits));
    if (!rest.empty() && rest.front() != '(' && rest.front() != ';') {
        return std::nullopt;
    }
    return scan::number(value.substr(0, digits), 0xffffffff);
}

std::optional<std::uint32_t> expires(const Message& message) {
    return scan::number(message.first("Expires").value_or(""), 0xffffffff);
}

std::string quoted(std::string_view display) {
    std::string out;
    out.reserve(display.size());
    for (const char c : display) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7f) {
            continue;
        }
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

}  // namespace causeway::sip
