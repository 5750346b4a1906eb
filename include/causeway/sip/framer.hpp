#pragma once

#include "causeway/sip/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace causeway::sip {

/// What a byte stream yields next.
struct Frame {
    enum class Kind : std::uint8_t {
        Message,  ///< `bytes` is one message, its head complete and its body as long as it says
        Ping,     ///< a double CRLF between messages: asks for a CRLF (RFC 5626 §4.4.1)
        Broken,   ///< `bytes` is a head (or what there is of one) after which nothing can be found
    };
    Kind kind{};
    std::span<const std::byte> bytes;
    const char* why{""};  ///< of Broken
};

/// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 §7.5, §18.3), however its bytes
/// are dealt out: `push` what was read, then `poll` until it is empty. A stream message must say
/// how long it is (RFC 3261 §20.14); one without Content-Length, with a bad or contradicting one,
/// or over a limit breaks the stream: where the next one begins is unknown. Nothing else is judged
/// here. Thread: one. Owns: the beginning of an unfinished message, at most `Limits::bytes`;
/// nothing between messages.
class Framer {
public:
    explicit Framer(const Limits& limits = kLimits) : limits_(limits) {}
    ~Framer() = default;
    Framer(const Framer&) = delete;
    Framer& operator=(const Framer&) = delete;
    Framer(Framer&&) = delete;
    Framer& operator=(Framer&&) = delete;

    /// The next bytes of the stream; they must hold until `poll` has returned nothing.
    void push(std::span<const std::byte> bytes);
    /// The next frame, which holds until the next call; empty: more bytes are needed, or the stream
    /// is broken.
    std::optional<Frame> poll();

    /// True while a message has begun and not ended.
    [[nodiscard]] bool is_in_message() const { return !kept_.empty(); }
    [[nodiscard]] bool is_broken() const { return broken_; }

private:
    [[nodiscard]] bool skip_line_ends();
    [[nodiscard]] bool find_head();
    std::optional<Frame> broken(std::size_t size, const char* why);
    std::optional<Frame> measure();
    void keep_rest();

    Limits limits_;
    std::string kept_;       ///< an unfinished message of earlier pushes
    std::string_view rest_;  ///< not yet given out: in `kept_` or in the caller's bytes
    std::size_t scanned_{};  ///< of `rest_`: holds no end of the head
    std::size_t head_{};     ///< size of the head of the message at hand; 0: not found yet
    std::size_t size_{};     ///< of the message at hand, if its head was found
    bool after_line_end_{};  ///< a CRLF was passed over since the last message or ping
    bool broken_{};
};

}  // namespace causeway::sip
