#include "causeway/base/log.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace causeway::log {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view level_name(Level level, Format format) {
    const bool json = format == Format::Json;
    switch (level) {
        case Level::Debug:
            return json ? "debug" : "DEBUG";
        case Level::Info:
            return json ? "info" : "INFO";
        case Level::Warn:
            return json ? "warn" : "WARN";
        case Level::Error:
        case Level::Off:
            break;
    }
    return json ? "error" : "ERROR";
}

/// One character of UTF-8 text. `size` 0: the bytes are not UTF-8.
struct Character {
    std::uint32_t code{};
    std::size_t size{};
};

/// RFC 3629: shortest forms only, no surrogates, nothing above U+10FFFF.
Character decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) {
        return {};
    }
    std::uint32_t code = lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) {
            return {};
        }
        code = code << 6U | (byte(i) & 0x3fU);
    }
    const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return overlong || surrogate || code > 0x10ffff ? Character{} : Character{code, size};
}

/// Controls (C0, DEL, C1), and what ends a line or changes the direction of writing.
bool is_dangerous(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

void append_escaped(std::string& out, std::uint32_t code) {
    switch (code) {
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u";
            for (unsigned shift = 16; shift > 0; shift -= 4) {
                out += kHex[code >> (shift - 4) & 0xfU];
            }
    }
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const Character c = decode(text);
        if (c.size == 0) {
            out += "\\ufffd";
            text.remove_prefix(1);
            continue;
        }
        if (c.code == '"' || c.code == '\\') {
            out += '\\';
            out += text.front();
        } else if (is_dangerous(c.code)) {
            append_escaped(out, c.code);
        } else {
            out += text.substr(0, c.size);
        }
        text.remove_prefix(c.size);
    }
    out += '"';
}

void append_text(std::string& out, Format format, std::string_view text) {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](char c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '=' && c != '\\';
    });
    if (format == Format::Text && plain) {
        out += text;
    } else {
        append_quoted(out, text);
    }
}

template <class T>
void append_number(std::string& out, T value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
    out.append(digits.begin(), end);
}

/// Writes one value; `std::visit` picks the overload.
struct Writer {
    std::string& out;
    Format format;
    bool masks;

    void operator()(std::string_view text) const { append_text(out, format, text); }
    void operator()(std::int64_t value) const { append_number(out, value); }
    void operator()(std::uint64_t value) const { append_number(out, value); }
    void operator()(double value) const {
        if (std::isfinite(value)) {
            append_number(out, value);
        } else {
            out += "null";
        }
    }
    void operator()(bool value) const { out += value ? "true" : "false"; }
    void operator()(CallId id) const {
        std::array<char, 16> digits{};
        for (std::size_t i = 0; i < digits.size(); ++i) {
            digits.at(i) = kHex[id.value >> (60 - 4 * i) & 0xfU];
        }
        append_text(out, format, {digits.data(), digits.size()});
    }
    void operator()(const Number& number) const {
        append_text(out, format, masks ? masked(number.value) : std::string(number.value));
    }
};

}  // namespace

std::string masked(std::string_view number) {
    std::string out(number);
    const std::size_t hidden = out.size() - std::min<std::size_t>(out.size(), 4);
    std::replace_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(hidden), is_digit, '*');
    return out;
}

std::string render(Format format, Numbers numbers, Level level, std::string_view event,
                   std::initializer_list<Field> fields) {
    std::string out;
    out.reserve(256);
    const bool json = format == Format::Json;
    out += json ? R"({"level":")" : "";
    out += level_name(level, format);
    out += json ? R"(","event":")" : " ";
    out += event;
    out += json ? R"(")" : "";
    const Writer writer{out, format, numbers == Numbers::Masked && level != Level::Debug};
    for (const Field& field : fields) {
        out += json ? ",\"" : " ";
        out += field.key;
        out += json ? "\":" : "=";
        std::visit(writer, field.value);
    }
    out += json ? "}" : "";
    return out;
}

}  // namespace causeway::log
