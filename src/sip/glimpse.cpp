#include "scan.hpp"

#include "causeway/sip/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::sip {
namespace {

/// Method or version; false if this is no SIP start line.
bool read_start(std::string_view line, Glimpse& seen) {
    constexpr std::string_view kVersion = "SIP/2.0";
    line = scan::trim(line);
    const std::string_view first = line.substr(0, line.find(' '));
    if (scan::equals(first, kVersion)) {
        seen.is_response = true;
        return true;
    }
    seen.method = first;
    return scan::is_token(first) && line.size() > first.size() + kVersion.size() &&
           scan::equals(line.substr(line.size() - kVersion.size()), kVersion);
}

/// The first line of each field counts, whatever it says.
class Reader {
public:
    void read(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            return;
        }
        const Field field = scan::field_of(scan::trim(line.substr(0, colon)));
        if (std::exchange(has_.at(static_cast<std::size_t>(field)), true)) {
            return;
        }
        const std::string_view value = line.substr(colon + 1);
        if (field == Field::Via) {
            seen.branch = scan::param(scan::top_via(value).params, "branch").value_or("");
        } else if (field == Field::CallId) {
            seen.call_id = scan::trim(value);
        } else if (field == Field::From) {
            seen.from_tag = scan::tag(value).value_or("");
        } else if (field == Field::To) {
            seen.to_tag = scan::tag(value).value_or("");
        }
    }

    Glimpse seen;

private:
    std::array<bool, static_cast<std::size_t>(Field::WwwAuthenticate) + 1> has_{};
};

}  // namespace

std::optional<Glimpse> glimpse(std::span<const std::byte> bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of text
    std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                          std::min(bytes.size(), kLimits.head));
    while (text.starts_with("\r\n")) {
        text.remove_prefix(2);
    }
    Reader reader;
    if (text.empty() || !read_start(scan::take_line(text), reader.seen)) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const std::string_view line = scan::take_line(text);
        if (scan::trim(line).empty()) {
            break;
        }
        reader.read(line);
    }
    return reader.seen;
}

}  // namespace causeway::sip
