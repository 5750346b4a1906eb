#include "problems.hpp"

#include <algorithm>
#include <cstddef>

namespace causeway::store {
namespace {

/// More than anybody reads; a broken file of a million lines must not fill the memory.
constexpr std::size_t kMost = 1000;

/// One line of bounded length, whatever the file made us quote.
std::string printable(std::string text) {
    constexpr std::size_t kLongest = 500;
    for (char& c : text) {
        const auto code = static_cast<unsigned char>(c);
        c = code < 0x20 || code == 0x7f ? '?' : c;
    }
    if (text.size() > kLongest) {
        std::size_t end = kLongest;
        while ((static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
            --end;
        }
        text.resize(end);
        text.append("…");
    }
    return text;
}

}  // namespace

void Problems::add(int line, std::string message, bool is_warning) {
    errors_ = errors_ || !is_warning;
    if (all_.size() < kMost || (!is_warning && all_.size() < 2 * kMost)) {
        const auto severity = is_warning ? config::Severity::Warning : config::Severity::Error;
        all_.push_back({file_, line, printable(std::move(message)), severity});
    }
}

void Problems::unsafe(int line, const std::string& what) {
    if (unsafe_ == Unsafe::IsWarning) {
        ignored(line, what);
    } else {
        error(line, what + ": no effect in this version, and ignoring it would be unsafe");
    }
}

void Problems::ignored(int line, const std::string& what) {
    add(line, what + ": no effect in this version", true);
}

std::vector<config::Problem> Problems::take() && {
    std::stable_sort(
        all_.begin(), all_.end(),
        [](const config::Problem& a, const config::Problem& b) { return a.line < b.line; });
    return std::move(all_);
}

}  // namespace causeway::store
