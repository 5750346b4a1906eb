#pragma once

#include "causeway/base/time.hpp"
#include "causeway/port/event_sink.hpp"
#include "causeway/sip/types.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What `causeway why` tells.
namespace causeway::b2bua {

/// Between whom a message went: carrier ⇄ causeway ⇄ gateway.
enum class Way : std::uint8_t { FromA, ToA, FromB, ToB };

/// Why a call went as it did, for people and as values. Numbers are whole; secrets are masked.
struct Story {
    enum class Kind : std::uint8_t {
        Call,      ///< it has ended
        Live,      ///< it is up, or being set up
        Refusal,   ///< a request that admission refused: no call
        Stranger,  ///< dropped unread: of it only source, times and interface are known
    };
    struct Message {
        Millis at{};  ///< since the first
        Way way{};
        std::string peer;  ///< carrier, or group/name of the gateway
        std::string line;  ///< start line
        std::string text;  ///< the whole message; empty where only the line was kept
    };

    Kind kind{};
    std::string reason;  ///< token of the table of reasons; empty while the call is live
    std::string sentence;
    std::string fix;        ///< what to change: YAML or a command, or in words; empty: nothing
    std::string interface;  ///< where it arrived
    sip::Transport transport{};
    std::uint64_t times{1};  ///< how often this stranger came, from `start` to `end`
    port::CallRecord record;
    std::vector<Message> messages;
    std::size_t left_out{};  ///< messages for which there was no room
};

}  // namespace causeway::b2bua
