#pragma once

#include "support/tone/g711.hpp"

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::testing {

/// What a party plays and how: G.711 in 20 ms frames (RFC 3551 §4.5.14).
struct RtpCodec {
    std::uint8_t payload_type{};
    std::optional<Law> law;              ///< nothing: not G.711; frames are opaque and not recorded
    std::optional<std::uint8_t> events;  ///< payload type of telephone-event
};

/// What arrived, judged by the sequence numbers (RFC 3550 §A.3).
struct RtpFacts {
    std::uint64_t sent{};
    std::uint64_t received{};    ///< RTP packets, duplicates not counted
    std::uint64_t lost{};        ///< missing between the lowest and the highest sequence number
    std::uint64_t duplicates{};  ///< a sequence number that was there already
    std::uint64_t reordered{};   ///< arrived after a higher sequence number
    std::uint64_t alien{};       ///< not RTP (RTCP included) or not the negotiated payload types
    std::uint64_t sources{};     ///< distinct SSRCs
    Millis longest_gap{};        ///< between two packets
    std::optional<Time> first_at;
    std::optional<Time> last_at;
};

/// One RTP stream each way: plays a program of samples in a loop, records what it hears. Pure.
/// Thread: its owner's.
class RtpStream {
public:
    struct Options {
        std::uint32_t ssrc{};
        std::uint16_t sequence{};
        std::uint32_t timestamp{};
        std::vector<std::int16_t> program;  ///< 8 kHz; empty: silence
    };

    explicit RtpStream(Options options);

    /// Begins to send to `to`; the first frame is due at `now`. Again: changes codec and address.
    void start(const Endpoint& to, const RtpCodec& codec, Time now);
    /// Sends to another address from now on.
    void redirect(const Endpoint& to) { remote_ = to; }
    /// Sends nothing until `resume`; the timestamp goes on, as with silence suppression.
    void pause(Time now);
    void resume(Time now);
    void stop();
    [[nodiscard]] bool is_sending() const { return next_.has_value(); }
    [[nodiscard]] const Endpoint& remote() const { return remote_; }

    [[nodiscard]] std::optional<Time> deadline() const { return next_; }
    /// The packet that is due at `now`, if one is.
    [[nodiscard]] std::optional<std::string> frame(Time now);
    /// A datagram on our port.
    void receive(std::string_view packet, Time now);

    [[nodiscard]] RtpFacts facts() const;
    /// What was heard, lost frames left out, in order of arrival; at most ten minutes.
    [[nodiscard]] const std::vector<std::int16_t>& heard() const { return heard_; }
    /// Median time between sending a timestamp at `sender` and its arrival here; nothing if the
    /// timestamps were rewritten on the way. Both must run on one clock.
    [[nodiscard]] std::optional<std::chrono::microseconds> delay_from(
        const RtpStream& sender) const;

private:
    /// The sequence numbers of one SSRC, extended beyond 16 bits.
    struct Sequence {
        std::int64_t lowest{};
        std::int64_t highest{};
        std::set<std::int64_t> seen;
    };
    enum class Place : std::uint8_t { Next, Late, Duplicate };

    Place note(std::uint32_t ssrc, std::uint16_t number);
    void record(std::uint8_t payload_type, std::string_view payload);
    [[nodiscard]] std::optional<Law> law_of(std::uint8_t payload_type) const;
    [[nodiscard]] bool is_expected(std::uint8_t payload_type) const;

    Options options_;
    Endpoint remote_;
    std::optional<RtpCodec> codec_;
    std::optional<Time> next_;
    std::optional<Time> paused_at_;
    std::size_t position_{};
    RtpFacts facts_;
    std::map<std::uint32_t, Sequence> sequences_;  // by SSRC
    std::vector<std::int16_t> heard_;
    std::unordered_map<std::uint32_t, Time> sent_at_;  // by timestamp
    std::vector<std::pair<std::uint32_t, Time>> arrivals_;
};

}  // namespace causeway::testing
