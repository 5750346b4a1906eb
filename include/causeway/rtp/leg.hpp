#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"
#include "causeway/rtp/learner.hpp"
#include "causeway/rtp/rate_limit.hpp"
#include "causeway/rtp/side.hpp"
#include "causeway/rtp/statistics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

struct causeway_end;  // media/bpf/abi.h

namespace causeway::rtp {

/// What one leg has sent us, so far.
struct Report {
    std::uint64_t packets{};  ///< valid RTP from the leg's own source, whatever became of it
    std::uint64_t bytes{};    ///< of these, header and payload
    std::uint64_t lost{};
    double jitter_ms{};
    std::uint64_t forwarded{};
    std::uint64_t rtcp{};
    std::array<std::uint64_t, kDropKinds> dropped{};
};

/// One end of a flow: what signalling says of it, who turned out to be its source, and what it
/// sent. Thread: the flow's owner. Fails: packets are refused with a counted Drop.
class Leg {
public:
    /// Takes what signalling says; true if learning begins anew.
    bool connect(Side side, Time now);
    /// The clock has moved: locks that wait for time.
    void advance(Time now) noexcept { learner_.advance(now); }

    /// A packet has come on our RTP port: nothing if it may pass, else why not (counted).
    [[nodiscard]] std::optional<Drop> hear(std::span<const std::byte> packet, const Endpoint& from,
                                           Time now) noexcept;
    /// The same for our RTCP port.
    [[nodiscard]] std::optional<Drop> hear_rtcp(std::span<const std::byte> packet,
                                                const Endpoint& from, Time now) noexcept;
    Drop drop(Drop why) noexcept;
    void forwarded() noexcept { ++forwarded_; }
    /// What was counted as forwarded did not leave after all.
    void not_sent() noexcept;

    /// Where its audio is sent: the SDP's address until the source is locked, then the source.
    /// Port 0: nowhere, because SDP gave no address; a lock does not change that.
    [[nodiscard]] Endpoint target() const noexcept;
    /// Where its RTCP is sent: the SDP's address; once the audio's source is locked elsewhere
    /// (NAT), that address with the port that SDP implies for it; once it has sent RTCP itself from
    /// there, exactly that source (RFC 4961).
    [[nodiscard]] Endpoint rtcp_target() const noexcept;

    [[nodiscard]] const Side& side() const noexcept { return side_; }
    [[nodiscard]] bool is_locked() const noexcept { return learner_.is_locked(); }
    [[nodiscard]] const Endpoint& source() const noexcept { return learner_.source(); }
    [[nodiscard]] bool is_on_hold() const noexcept { return !side_.hears || !side_.speaks; }

    /// True once when it has sent nothing, RTCP included, for its media timeout.
    [[nodiscard]] bool falls_silent(Time now) noexcept;

    [[nodiscard]] Report report() const noexcept;

    /// Fills in this end for the fast path, counters at zero.
    void describe(const Endpoint& local, causeway_end& end) const noexcept;
    /// The kernel forwards from now on, and follows the sequence.
    void begin_offload() noexcept;
    /// A packet of another SSRC than the kernel knows has come since the offload.
    [[nodiscard]] bool has_outgrown_offload() const noexcept { return has_new_ssrc_; }
    /// What the kernel has counted since the offload, in place of what it had told before.
    void kernel_counts(const causeway_end& end) noexcept;
    /// The same for the last time: packets come to us again.
    void end_offload(const causeway_end& end) noexcept;

private:
    struct Counts {
        std::uint64_t packets{};
        std::uint64_t bytes{};
        std::uint64_t lost{};
        std::uint64_t strangers{};
    };

    [[nodiscard]] bool admits_rtcp(const Endpoint& from) const noexcept;
    [[nodiscard]] bool is_watched() const noexcept {
        return side_.speaks && side_.media_timeout.count() > 0;
    }
    void alive(Time now) noexcept {
        last_heard_ = now;
        is_reported_silent_ = false;
    }

    Side side_;
    bool has_address_{};  ///< SDP says where to send
    Learner learner_;
    Statistics statistics_;
    std::optional<Endpoint> rtcp_source_;
    // 1,000 audio packets a second: twenty times what 20 ms frames need. RTCP comes every few
    // seconds (RFC 3550 §6.2); its checks cost more.
    RateLimit rtp_limit_{250};
    RateLimit rtcp_limit_{10};
    Time last_heard_{};
    bool is_reported_silent_{};
    std::uint64_t packets_{};
    std::uint64_t bytes_{};
    std::uint64_t forwarded_{};
    std::uint64_t rtcp_{};
    std::array<std::uint64_t, kDropKinds> dropped_{};
    bool is_offloaded_{};
    bool has_new_ssrc_{};
    std::uint32_t offloaded_ssrc_{};
    Counts kernel_;       ///< of the current offload
    Counts kernel_past_;  ///< of those before
};

}  // namespace causeway::rtp
