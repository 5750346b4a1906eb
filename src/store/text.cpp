#include "text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace causeway::store {
namespace {

/// Bytes of the UTF-8 character at the front, or 0: RFC 3629 §4, without overlong forms and
/// surrogates.
std::size_t character(std::string_view text) {
    struct Row {
        unsigned first, last;  ///< lead byte
        unsigned low, high;    ///< second byte
        std::size_t size;
    };
    static constexpr std::array kRows{
        Row{0xc2, 0xdf, 0x80, 0xbf, 2}, Row{0xe0, 0xe0, 0xa0, 0xbf, 3},
        Row{0xe1, 0xec, 0x80, 0xbf, 3}, Row{0xed, 0xed, 0x80, 0x9f, 3},
        Row{0xee, 0xef, 0x80, 0xbf, 3}, Row{0xf0, 0xf0, 0x90, 0xbf, 4},
        Row{0xf1, 0xf3, 0x80, 0xbf, 4}, Row{0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) {
        const bool is_text =
            byte(0) >= 0x20 || byte(0) == '\t' || byte(0) == '\n' || byte(0) == '\r';
        return is_text && byte(0) != 0x7f ? 1 : 0;
    }
    for (const Row& row : kRows) {
        if (byte(0) < row.first || byte(0) > row.last) {
            continue;
        }
        bool good = text.size() >= row.size && byte(1) >= row.low && byte(1) <= row.high;
        for (std::size_t i = 2; good && i < row.size; ++i) {
            good = (byte(i) & 0xc0U) == 0x80U;
        }
        return good ? row.size : 0;
    }
    return 0;
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

int first_bad_line(std::string_view text) {
    int line = 1;
    while (!text.empty()) {
        const std::size_t size = character(text);
        if (size == 0) {
            return line;
        }
        line += text.front() == '\n' ? 1 : 0;
        text.remove_prefix(size);
    }
    return 0;
}

std::string_view closest(std::string_view text, const std::vector<std::string_view>& candidates) {
    constexpr std::size_t kLongest = 64;
    std::string_view best;
    std::size_t least = 3;
    for (const std::string_view candidate : candidates) {
        if (text.size() > kLongest || candidate.size() < 3) {
            continue;
        }
        const std::size_t d = distance(text, candidate);
        if (d < least && d < candidate.size() / 2) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) {
        text.append(text.empty() ? "" : ", ").append(part);
    }
    return text;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + separator.size(), text.size()));
    }
    return parts;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

}  // namespace causeway::store
