#pragma once

#include "causeway/base/time.hpp"
#include "causeway/transport/transport.hpp"

namespace causeway::transport {

/// How long a connection may go on: a value that is told what happens and says when it must go.
/// Thread: its owner's.
class Patience {
public:
    enum class Opened : std::uint8_t { ByUs, ByPeer, ByStranger };

    Patience(const Deadlines& deadlines, Opened by, Time now);

    void connected() { connecting_ = kNever; }
    /// The peer said something it may say, or we sent something.
    void used(Time now);
    /// The peer has said something that was taken, or a known one a ping.
    void welcomed() { first_ = kNever; }
    /// A message has begun that has not ended (again, if another one had been before).
    void message_began(Time now) { message_ = now + deadlines_->message; }
    void message_ended() { message_ = kNever; }
    [[nodiscard]] bool is_in_message() const { return message_ != kNever; }
    /// Bytes of ours wait, none of which the peer takes.
    void stuck(Time now);
    void moved() { stuck_ = kNever; }
    /// Nothing more is read; the peer has this long to see our last bytes.
    void finishing(Time now) { message_ = now + deadlines_->message; }

    /// When it is over.
    [[nodiscard]] Time due() const;

private:
    static constexpr Time kNever = Time::max();

    const Deadlines* deadlines_;
    Millis most_idle_;
    Time connecting_{kNever};
    Time first_{kNever};
    Time message_{kNever};
    Time stuck_{kNever};
    Time idle_{kNever};
};

}  // namespace causeway::transport
