#include "json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace causeway::telemetry {
namespace {

bool is_plain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

template <class... Arguments>
void append_number(std::string& out, Arguments... arguments) {
    std::array<char, 512> digits{};  // a fixed-point double has up to 309 before the point
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), arguments...);
    out.append(digits.data(), result.ptr);
}

}  // namespace

void JsonText::separate() {
    if (!out_.empty() && out_.back() != '{' && out_.back() != '[') {
        out_ += ',';
    }
}

void JsonText::open(char bracket) {
    if (!out_.empty() && out_.back() == '}') {
        out_ += ',';  // the next element of an array
    }
    out_ += bracket;
}

JsonText& JsonText::key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return *this;
}

void JsonText::text(std::string_view value) {
    if (std::all_of(value.begin(), value.end(), is_plain)) {
        out_ += '"';
        out_ += value;
        out_ += '"';
        return;
    }
    // A peer chooses some of these bytes: what is not UTF-8 becomes U+FFFD.
    out_ += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JsonText::number(std::int64_t value) {
    append_number(out_, value);
}

void JsonText::number(std::uint64_t value) {
    append_number(out_, value);
}

void JsonText::number(double value, int digits) {
    append_number(out_, std::isfinite(value) ? value : 0.0, std::chars_format::fixed, digits);
}

}  // namespace causeway::telemetry
