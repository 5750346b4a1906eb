#include "reply.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace causeway::call {

bool is_retryable(int code) {
    constexpr std::array kCodes{408, 430, 480, 500, 502, 503, 504};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

Cause cause_of(int code) {
    const int first_digit = code / 100;
    return first_digit == 4 || first_digit == 6 ? Cause::Client : Cause::Upstream;
}

sip::Status upstream_status(const sip::Status& status) {
    if (status.code == 401 || status.code == 407) {
        return sip::status(403);
    }
    return sip::status(status.code < 400 ? 480 : status.code);
}

sip::Header retry_after(std::uint64_t salt) {
    constexpr std::uint64_t kShortest = 2;
    constexpr std::uint64_t kSpread = 9;
    return {"Retry-After", std::to_string(kShortest + salt % kSpread)};
}

sip::Header reason_header(std::string_view reason) {
    return {"X-Causeway-Reason", std::string(reason)};
}

sip::Header end_reason(std::string_view token) {
    struct Row {
        std::string_view token;
        int cause;
    };
    constexpr int kTemporaryFailure = 41;
    constexpr auto kRows = std::to_array<Row>({{"bye", 16},
                                               {"cancelled", 16},
                                               {"hangup", 16},
                                               {"max_duration", 16},
                                               {"no_answer", 19},
                                               {"media_unsupported", 88},
                                               {"livekit_silence", 102},
                                               {"media_timeout", 102},
                                               {"no_ack", 102},
                                               {"no_response", 102}});
    const auto* const row = std::ranges::find(kRows, token, &Row::token);
    const int cause = row == kRows.end() ? kTemporaryFailure : row->cause;
    return {"Reason", "Q.850;cause=" + std::to_string(cause)};
}

}  // namespace causeway::call
