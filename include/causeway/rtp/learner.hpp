#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"
#include "causeway/rtp/side.hpp"

#include <cstdint>
#include <optional>

namespace causeway::rtp {

/// Finds out from where one leg's packets really come, and then believes nobody else.
///
/// While learning, packets are admitted from the SDP address, from the signalling address (both on
/// any port: a NAT rewrites it) and from the carrier's media networks. The source is locked after
/// three packets in a row of one SSRC from one address and port, or 1.5 s after the first packet;
/// then, if several sources have spoken, the SDP's own address and port wins, else the last one.
/// Thread: its owner's. Fails: never.
class Learner {
public:
    static constexpr unsigned kPacketsToLock = 3;
    static constexpr Millis kTimeToLock{1500};

    /// Forgets everything and learns again.
    void restart() noexcept { *this = Learner{}; }

    /// Whether a packet from there may be this leg's.
    [[nodiscard]] bool admits(const Endpoint& from, const Side& side) const noexcept {
        return is_locked_ ? from == source_ : may_learn(from.ip, side);
    }
    /// An admitted packet with a negotiated payload type has come.
    void heard(const Endpoint& from, std::uint32_t ssrc, const Side& side, Time now) noexcept {
        if (!is_locked_) {
            learn(from, ssrc, side, now);
        }
    }
    /// Locks if the time has come.
    void advance(Time now) noexcept;

    [[nodiscard]] bool is_locked() const noexcept { return is_locked_; }
    /// Valid once locked.
    [[nodiscard]] const Endpoint& source() const noexcept { return source_; }

    /// Whether an address belongs to those that a leg's media may come from.
    [[nodiscard]] static bool may_learn(const IpAddress& ip, const Side& side) noexcept;

private:
    void learn(const Endpoint& from, std::uint32_t ssrc, const Side& side, Time now) noexcept;

    bool is_locked_{};
    bool has_heard_peer_{};  ///< a packet came from exactly the SDP's address and port
    unsigned in_a_row_{};
    std::uint32_t ssrc_{};
    Endpoint source_;  ///< the candidate, or the locked one
    Endpoint peer_;    ///< valid if `has_heard_peer_`
    std::optional<Time> first_;
};

}  // namespace causeway::rtp
