#include "requests.hpp"

#include "answers.hpp"

#include <charconv>

namespace causeway::control {
namespace {

constexpr int kHex = 16;
constexpr std::size_t kIdDigits = 16;

template <class T>
std::optional<T> read_number(std::string_view text, int base) {
    T value{};
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value, base);
    if (read.ec != std::errc{} || read.ptr != end) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::optional<CallId> read_call_id(std::string_view text) {
    const auto value =
        text.size() == kIdDigits ? read_number<std::uint64_t>(text, kHex) : std::nullopt;
    return value && *value != 0 ? std::optional(CallId{*value}) : std::nullopt;
}

std::string to_string(CallId id) {
    std::string text(kIdDigits, '0');
    for (std::size_t at = kIdDigits; at-- > 0; id.value /= kHex) {
        text[at] = "0123456789abcdef"[id.value % kHex];
    }
    return text;
}

Result<std::size_t> read_limit(const Fields& query) {
    const auto entry = query.find("limit");
    if (entry == query.end()) {
        return kMostListed;
    }
    const auto limit = read_number<std::size_t>(entry->second, 10);
    if (!limit || *limit == 0 || *limit > kMostListed) {
        return fail(Errc::Malformed, "limit: a number from 1 to " + std::to_string(kMostListed));
    }
    return *limit;
}

Result<port::Drain> read_drain(const std::string& body) {
    if (body.empty()) {
        return port::Drain::Stay;
    }
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object()) {
        return fail(Errc::Malformed, "no JSON object");
    }
    bool exit = false;
    bool undo = false;
    for (const auto& [key, value] : json.items()) {
        if ((key != "exit" && key != "undo") || !value.is_boolean()) {
            return fail(Errc::Malformed, key + ": only exit and undo are known, true or false");
        }
        (key == "exit" ? exit : undo) = value.get<bool>();
    }
    if (exit && undo) {
        return fail(Errc::Malformed, "exit and undo at once");
    }
    return exit ? port::Drain::Exit : undo ? port::Drain::Undo : port::Drain::Stay;
}

}  // namespace causeway::control
