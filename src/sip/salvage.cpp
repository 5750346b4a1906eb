#include "scan.hpp"

#include "causeway/sip/message.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace causeway::sip {
namespace {

constexpr std::string_view kVersion = "SIP/2.0";
constexpr std::size_t kMostVias = 70;  // as many hops as Max-Forwards begins with

/// The method that a CSeq value names.
std::string_view method_in(std::string_view cseq) {
    const std::size_t digits = std::min(cseq.find_first_not_of("0123456789"), cseq.size());
    return scan::trim(cseq.substr(digits));
}

/// True if the first line looks like a request that is answered.
bool is_answered(std::string_view start) {
    start = scan::trim(start);
    const std::string_view method = start.substr(0, start.find(' '));
    return start.size() > kVersion.size() && !scan::equals(method, kVersion) && method != "ACK" &&
           scan::equals(start.substr(start.size() - kVersion.size()), kVersion);
}

/// The lines that an answer copies.
struct Copied {
    std::string vias;  ///< whole lines
    std::size_t via_count{};
    std::string_view from;
    std::string_view to;
    std::string_view call_id;
    std::string_view cseq;

    void read(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            return;
        }
        const std::string_view value = scan::trim(line.substr(colon + 1));
        const Field field = scan::field_of(scan::trim(line.substr(0, colon)));
        if (field == Field::Via && ++via_count <= kMostVias) {
            vias.append("Via: ").append(value).append("\r\n");
        } else if (std::string_view* kept = place(field); kept != nullptr && kept->empty()) {
            *kept = value;
        }
    }
    std::string_view* place(Field field) {
        switch (field) {
            case Field::From:
                return &from;
            case Field::To:
                return &to;
            case Field::CallId:
                return &call_id;
            case Field::CSeq:
                return &cseq;
            default:
                return nullptr;
        }
    }
    /// A request with these lines alone, in the method that CSeq names.
    [[nodiscard]] std::string request() const {
        std::string text(method_in(cseq));
        text.append(" sip:salvaged SIP/2.0\r\n").append(vias).append("From: ").append(from);
        text.append("\r\nTo: ").append(to).append("\r\nCall-ID: ").append(call_id);
        return text.append("\r\nCSeq: ").append(cseq).append("\r\n\r\n");
    }
};

}  // namespace

std::optional<Message> salvage(std::span<const std::byte> bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of text
    std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                          std::min(bytes.size(), kLimits.head));
    while (text.starts_with("\r\n")) {
        text.remove_prefix(2);
    }
    if (text.empty() || !is_answered(scan::take_line(text))) {
        return std::nullopt;
    }
    Copied copied;
    while (!text.empty()) {
        const std::string_view line = scan::take_line(text);
        if (scan::trim(line).empty()) {
            break;
        }
        copied.read(line);
    }
    const std::string request = copied.request();
    auto message = Message::split(std::as_bytes(std::span(request.data(), request.size())));
    if (!message || !message->is_request() || message->method() == "ACK") {
        return std::nullopt;
    }
    return *std::move(message);
}

}  // namespace causeway::sip
