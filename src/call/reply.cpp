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
    return status.code < 400 ? sip::status(480) : status;
}

sip::Header retry_after(std::uint64_t salt) {
    constexpr std::uint64_t kShortest = 2;
    constexpr std::uint64_t kSpread = 9;
    return {"Retry-After", std::to_string(kShortest + salt % kSpread)};
}

sip::Header reason_header(std::string_view reason) {
    return {"X-Causeway-Reason", std::string(reason)};
}

sip::Header normal_clearing() {
    return {"Reason", "Q.850;cause=16"};
}

}  // namespace causeway::call
