#pragma once

#include "outbox.hpp"
#include "request_hash.hpp"
#include "slots.hpp"

#include "causeway/base/timer_wheel.hpp"
#include "causeway/crypto/random.hpp"
#include "causeway/transaction/layer.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace causeway::transaction {

/// What the client and the server machines share.
/// Owns: slots, timers, waiting actions. Thread: sip.
class Core {
public:
    explicit Core(Layer::Options options);

    /// 64·T1: timers B, F, H, J, L and M.
    [[nodiscard]] Millis lifetime() const { return 64 * timers.t1; }
    [[nodiscard]] const Identity* identity(const sip::Target& target) const;
    /// RFC 3261 §18.1.2: true if the sent-by of this response's top Via is one of ours.
    [[nodiscard]] bool has_our_via(const sip::Message& response) const;

    /// A message from memory goes out (again).
    void transmit(std::uint32_t n);
    /// One that the transaction does not keep.
    void transmit_once(std::uint32_t n, Text text);
    /// Gives the slot other bytes; those it had hold as long as a waiting Transmit needs them.
    void replace_text(Slot& slot, Text text);

    /// One node a transaction: the earlier of its two timers.
    void schedule(std::uint32_t n);
    void start_retransmission(Slot& slot, Millis first, Time now) const;
    /// The next one comes after `interval`, counted from when this one was due; if that has passed
    /// too, from now: after a stall there is one repetition, not a burst.
    void continue_retransmission(Slot& slot, Millis interval, Time now) const;
    void release(std::uint32_t n);

    Timers timers;
    std::vector<Identity> identities;
    crypto::Random random;
    RequestHash hash;
    std::size_t max_answered;
    Slots slots;
    TimerWheel wheel;
    Outbox outbox;
};

}  // namespace causeway::transaction
