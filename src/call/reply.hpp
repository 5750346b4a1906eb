#pragma once

#include "causeway/call/outcome.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <string_view>

/// What leg a is told, and which answers of a gateway are worth another attempt (PRODUCT §4.6).
namespace causeway::call {

/// 408, 430, 480, 500, 502, 503, 504.
bool is_retryable(int code);
/// Whose doing a gateway's final answer is: 4xx and 6xx the caller's, the rest upstream's.
Cause cause_of(int code);
/// A gateway's final as leg a gets it: its own code, but 401 and 407 are 403 (the challenge was for
/// us) and a redirection is 480 (it names where the far end lives). The phrase is the standard's: a
/// gateway's own may name what lies behind us; the call record keeps it.
sip::Status upstream_status(const sip::Status& status);

/// Retry-After of 2 to 10 s, so that refused callers do not come back together.
sip::Header retry_after(std::uint64_t salt);
/// X-Causeway-Reason.
sip::Header reason_header(std::string_view reason);
/// Reason (RFC 3326) of a BYE or CANCEL of ours as a Q.850 cause: 16 for a normal end, which is the
/// form LiveKit takes for one, 19 no answer, 88 no common codec, 102 a timer, 41 whatever else.
sip::Header end_reason(std::string_view token);

}  // namespace causeway::call
