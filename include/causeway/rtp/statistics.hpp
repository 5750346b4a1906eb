#pragma once

#include "causeway/base/time.hpp"
#include "causeway/rtp/packet.hpp"

#include <cstdint>

namespace causeway::rtp {

/// Loss and interarrival jitter of one received stream (RFC 3550 §6.4.1, A.1, A.3, A.8). A new
/// SSRC, or a jump of the sequence that the next packet confirms, begins a new run; losses of all
/// runs add up. Thread: its owner's. Fails: never.
class Statistics {
public:
    /// The clock of G.711, of G.722 by RFC 3551 §4.5.2, and of their telephone-events.
    static constexpr std::uint32_t kClockRate = 8000;

    /// One packet in order of arrival. `now` may be as coarse as one reading a batch.
    void observe(const Header& header, Time now) noexcept;
    /// Ends the run: the next packet begins a new one, and what lies between is not our loss.
    void suspend() noexcept;
    /// Somebody else has measured meanwhile; in timestamp units.
    void set_jitter(double jitter) noexcept { jitter_ = jitter; }

    /// Expected minus received, never below zero.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_before_ + lost_in_run(); }
    [[nodiscard]] double jitter_ms() const noexcept {
        return jitter_ * 1000.0 / static_cast<double>(kClockRate);
    }
    /// Of the current run; 0 before the first packet.
    [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }

private:
    void begin(const Header& header) noexcept;
    [[nodiscard]] bool advance(std::uint16_t sequence) noexcept;
    void measure(std::uint32_t timestamp, Time now) noexcept;
    [[nodiscard]] std::uint64_t lost_in_run() const noexcept;

    bool is_running_{};
    bool has_transit_{};
    std::uint16_t base_{};
    std::uint16_t highest_{};
    std::uint32_t bad_{};  ///< the sequence number that would confirm a jump; above 16 bits: none
    std::uint32_t ssrc_{};
    std::uint32_t timestamp_{};
    std::uint32_t transit_{};
    std::uint64_t cycles_{};
    std::uint64_t received_{};
    std::uint64_t lost_before_{};
    double jitter_{};  ///< in timestamp units
};

}  // namespace causeway::rtp
