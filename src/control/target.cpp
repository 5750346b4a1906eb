#include "target.hpp"

#include <charconv>
#include <optional>

namespace causeway::control {
namespace {

enum class Plus : std::uint8_t { IsItself, IsSpace };

std::optional<std::string> decode(std::string_view text, Plus plus) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' && plus == Plus::IsSpace ? ' ' : text[i];
            continue;
        }
        const std::string_view digits = text.substr(i + 1, 2);
        unsigned value = 0;
        const char* end = digits.data() + digits.size();
        if (digits.size() != 2 || std::from_chars(digits.data(), end, value, 16).ptr != end ||
            value == 0) {
            return std::nullopt;
        }
        out += static_cast<char>(value);
        i += 2;
    }
    return out;
}

bool read_query(std::string_view text, Fields& into) {
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        const bool has_value = equals != std::string_view::npos;
        auto name = decode(pair.substr(0, equals), Plus::IsSpace);
        auto value = decode(has_value ? pair.substr(equals + 1) : "", Plus::IsSpace);
        if (!name || !value ||
            (!pair.empty() && !into.emplace(*std::move(name), *std::move(value)).second)) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> parts;
    while (path.size() > 1) {
        path.remove_prefix(1);
        parts.push_back(path.substr(0, path.find('/')));
        path.remove_prefix(parts.back().size());
    }
    if (path == "/" && !parts.empty()) {
        parts.emplace_back();  // `/a/` is not `/a`
    }
    return parts;
}

Result<Target> parse_target(std::string_view text) {
    if (text.empty() || text.front() != '/') {
        return fail(Errc::Malformed, "the request target must begin with /");
    }
    const std::size_t mark = text.find('?');
    Target target;
    for (const std::string_view part : split_path(text.substr(0, mark))) {
        auto decoded = decode(part, Plus::IsItself);
        if (!decoded) {
            return fail(Errc::Malformed, "a % in the path that is no octet");
        }
        target.parts.push_back(*std::move(decoded));
    }
    if (mark != std::string_view::npos && !read_query(text.substr(mark + 1), target.query)) {
        return fail(Errc::Malformed, "the query cannot be read, or names a field twice");
    }
    return target;
}

}  // namespace causeway::control
