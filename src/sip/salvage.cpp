#include "scan.hpp"

#include "causeway/sip/message.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace causeway::sip {
namespace {

constexpr std::string_view kAck = "ACK";
constexpr std::size_t kMostVias = 70;  // as many hops as Max-Forwards begins with

/// The method that a CSeq value names.
std::string_view method_in(std::string_view cseq) {
    const std::size_t digits = std::min(cseq.find_first_not_of("0123456789"), cseq.size());
    return scan::trim(cseq.substr(digits));
}

/// True if the first line looks like a request that is answered.
bool is_answered(std::string_view start) {
    start = scan::trim(start);
    const std::string_view first = start.substr(0, start.find(' '));
    const std::size_t space = start.rfind(' ');
    return space != std::string_view::npos && !scan::is_version(first) && first != kAck &&
           scan::is_version(start.substr(space + 1));
}

}  // namespace

/// Collects the lines that an answer copies; lives for one call of `salvage`.
class Salvager {
public:
    explicit Salvager(std::string_view text) {
        message_.bytes_ = std::make_unique_for_overwrite<char[]>(text.size());
        message_.size_ = text.size();
        std::ranges::copy(text, message_.bytes_.get());
    }

    std::optional<Message> run() {
        std::string_view text = message_.bytes();
        if (text.empty() || !is_answered(scan::take_line(text))) {
            return std::nullopt;
        }
        while (!text.empty()) {
            const std::string_view line = scan::take_line(text);
            if (scan::trim(line).empty()) {
                break;
            }
            read(line);
        }
        message_.method_ = method_in(message_.first(Field::CSeq).value_or(""));
        const auto via = message_.first(Field::Via);
        if (!via || scan::top_via(*via).host.empty() || !scan::is_token(message_.method_) ||
            message_.method_ == kAck) {
            return std::nullopt;
        }
        message_.call_id_ = message_.first(Field::CallId).value_or("");
        return std::move(message_);
    }

private:
    void read(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            return;
        }
        const std::string_view name = scan::trim(line.substr(0, colon));
        const Field field = scan::field_of(name);
        std::size_t& seen = seen_.at(static_cast<std::size_t>(field));
        if (++seen <= most_of(field)) {
            message_.lines_.push_back({field, name, scan::trim(line.substr(colon + 1))});
        }
    }
    static std::size_t most_of(Field field) {
        switch (field) {
            case Field::Via:
                return kMostVias;
            case Field::From:
            case Field::To:
            case Field::CallId:
            case Field::CSeq:
                return 1;
            default:
                return 0;
        }
    }

    Message message_;
    std::array<std::size_t, static_cast<std::size_t>(Field::WwwAuthenticate) + 1> seen_{};
};

std::optional<Message> salvage(std::span<const std::byte> bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of text
    std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                          std::min(bytes.size(), kLimits.head));
    while (text.starts_with("\r\n")) {
        text.remove_prefix(2);
    }
    return Salvager(text).run();
}

}  // namespace causeway::sip
