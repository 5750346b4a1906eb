#pragma once

#include "causeway/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace causeway::relay {

/// The RTP ports of one interface, in pairs: an even one for RTP, the next for RTCP.
///
/// First come, first served: pairs leave in sequence, a freed one goes to the end. Late packets of
/// its former call thus have as long to die away as the pool allows; thirty seconds are enough, and
/// resting never causes a refusal. A pair that somebody else has bound is passed over and tried
/// again later. No socket is opened here. Thread: sip. Fails: `take` gives nothing.
class PortPool {
public:
    static constexpr Millis kRest{30'000};  ///< nobody sends to a port of an ended call for longer
    static constexpr Millis kRetry{1'000};  ///< between two tries of a foreign pair, at need

    /// Both ends included; an odd first or an even last port belongs to no pair.
    PortPool(std::uint16_t first, std::uint16_t last);

    /// The RTP port of a pair that is now in use, or nothing: every pair is in use by a call, or
    /// was found taken by somebody else a moment ago.
    std::optional<std::uint16_t> take(Time now);
    /// This pair, however short it has rested. False: it is in use, or none of ours. Linear.
    bool claim(std::uint16_t port);
    /// A pair that `take` or `claim` gave is free again.
    void give_back(std::uint16_t port, Time now);
    /// A pair that `take` gave cannot be bound: not ours at present.
    void pass_over(std::uint16_t port, Time now);

    [[nodiscard]] std::size_t in_use() const { return in_use_; }
    [[nodiscard]] std::size_t total() const { return is_taken_.size(); }
    /// Pairs that were found taken by somebody else when last tried.
    [[nodiscard]] std::size_t foreign() const { return foreign_.size(); }

private:
    struct Resting {
        std::uint16_t port{};
        Time since{};
    };

    [[nodiscard]] bool prefers_foreign(Time now) const;
    bool release(std::uint16_t port);

    std::uint16_t first_{};
    std::deque<Resting> free_;     ///< longest rested first
    std::deque<Resting> foreign_;  ///< longest untried first
    std::vector<bool> is_taken_;   ///< by position in the range
    std::size_t in_use_{};
};

}  // namespace causeway::relay
