#include "causeway/call/outcome.hpp"

#include <algorithm>
#include <array>

namespace causeway::call {

std::string_view to_string(Cause cause) {
    switch (cause) {
        case Cause::Success:
            return "success";
        case Cause::Client:
            return "client";
        case Cause::Upstream:
            return "upstream";
        case Cause::Server:
            return "server";
        case Cause::Indeterminate:
            return "indeterminate";
    }
    return "server";
}

std::string_view to_string(By by) {
    switch (by) {
        case By::A:
            return "a";
        case By::B:
            return "b";
        case By::Causeway:
            return "causeway";
    }
    return "causeway";
}

std::string_view reason_token(std::string_view text) {
    constexpr std::array<std::string_view, 14> kTokens{
        "bye",          "cancelled",     "drain_deadline",    "hangup",  "livekit_silence",
        "max_duration", "media_timeout", "media_unsupported", "no_ack",  "no_answer",
        "no_ports",     "no_response",   "session_expired",   "upstream"};
    const auto* const found = std::find(kTokens.begin(), kTokens.end(), text);
    return found == kTokens.end() ? std::string_view() : *found;
}

}  // namespace causeway::call
