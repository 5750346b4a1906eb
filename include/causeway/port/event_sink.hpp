#pragma once

#include "causeway/base/id.hpp"
#include "causeway/base/time.hpp"
#include "causeway/call/outcome.hpp"
#include "causeway/port/media_relay.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace causeway::port {

/// One attempt at a gateway, as the CDR shows it.
struct AttemptRecord {
    std::string gateway;  ///< group/name
    int status{};         ///< its final status; 0: none came
    std::string reason;   ///< our token or the peer's phrase
    std::int64_t ms{};    ///< from its INVITE to its end
};

/// What a CDR says (PRODUCT §7). Optional times are absent when the thing did not happen.
struct CallRecord {
    CallId call_id;
    std::string direction{"inbound"};
    std::string tenant;
    std::string carrier;
    std::string gateway;  ///< group/name of the last attempt
    std::string source;   ///< leg a's signalling address
    std::string from;
    std::string to;
    std::string original_to;
    std::string x_to_ip;
    std::string a_call_id;
    std::string b_call_id;
    std::string livekit_call_id;  ///< the SCL_… To-tag of a livekit gateway
    std::vector<AttemptRecord> attempts;
    WallTime start{};
    std::optional<WallTime> ringing;
    std::optional<WallTime> answer;
    std::optional<WallTime> end;
    std::optional<std::int64_t> setup_ms;     ///< start to answer
    std::optional<std::int64_t> duration_ms;  ///< answer to end
    call::Outcome outcome;
    std::optional<MediaRelay::Stats> media;  ///< absent if no flow was opened
    std::string codec;
    bool srtp{};
    bool fast_path{};
};

/// Takes what has happened. Never blocks, never throws; overflow is counted.
/// Thread: any.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void emit(CallRecord record) noexcept = 0;
};

}  // namespace causeway::port
