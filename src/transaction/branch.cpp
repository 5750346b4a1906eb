#include "branch.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace causeway::transaction {

namespace {

/// Our Via with `received` and `rport` filled in stays well below this.
constexpr std::size_t kScanned = 512;

template <class Number>
char* write_hex(char* at, Number number) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (unsigned shift = sizeof(Number) * 8; shift > 0; shift -= 4) {
        *at++ = kDigits[(number >> (shift - 4)) & 0xfU];
    }
    return at;
}

template <class Number>
bool read_hex(std::string_view text, Number& number) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
    return error == std::errc{} && stop == end;
}

bool is_ours(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

Branch::Characters Branch::text() const {
    Characters text{};
    char* at = std::copy(kMagicCookie.begin(), kMagicCookie.end(), text.data());
    at = write_hex(at, slot);
    write_hex(at, cookie);
    return text;
}

std::optional<Branch> Branch::parse(std::string_view text) {
    if (text.size() != kLength || !text.starts_with(kMagicCookie)) {
        return std::nullopt;
    }
    text.remove_prefix(kMagicCookie.size());
    Branch branch;
    if (!std::all_of(text.begin(), text.end(), is_ours) ||
        !read_hex(text.substr(0, 8), branch.slot) || !read_hex(text.substr(8), branch.cookie)) {
        return std::nullopt;
    }
    return branch;
}

std::optional<Branch> branch_of(const sip::Message& response) {
    std::string_view via = response.first(sip::Field::Via).value_or(std::string_view{});
    via = via.substr(0, kScanned);
    via = via.substr(0, via.find(','));
    const std::size_t begin = via.find(kMagicCookie);
    if (begin == std::string_view::npos) {
        return std::nullopt;
    }
    via.remove_prefix(begin);
    return Branch::parse(via.substr(0, via.find_first_of("; \t")));
}

}  // namespace causeway::transaction
