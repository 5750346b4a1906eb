#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Session descriptions by line (RFC 4566/8866) and the offer/answer rules we need (RFC 3264). Line
/// by line on purpose: what we do not understand survives, and no input costs more than its length.
namespace causeway::sdp {

/// One `type=value` line.
struct Line {
    char type{};
    std::string value;
    bool operator==(const Line&) const = default;
};
/// One media section; its first line is the `m=` line.
struct Media {
    std::vector<Line> lines;
    bool operator==(const Media&) const = default;
};
struct Session {
    std::vector<Line> lines;
    std::vector<Media> media;
    bool operator==(const Session&) const = default;
};

/// Limits: 16 KiB, 500 lines, 16 media sections. CRLF or LF line ends, the last may be missing;
/// empty lines at the end are ignored. Requires v=0 first, one o= before any m=, and every line to
/// be `x=…` with a lower-case letter and without control characters (tab excepted, RFC 8866
/// byte-string). Malformed otherwise.
[[nodiscard]] Result<Session> parse(std::string_view text);
/// print(*parse(x)) is x with CRLF line ends.
std::string print(const Session& session);

/// RFC 3264 §5.1, as seen by the one who wrote the description.
enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };
/// What the answerer may say to it (RFC 3264 §6.1).
Direction mirrored(Direction direction);
std::string_view to_string(Direction direction);

/// One format of an audio line.
struct Codec {
    std::uint8_t payload_type{};
    std::string
        name;  ///< as in rtpmap; of RFC 3551's static types filled in where rtpmap is missing
    std::uint32_t clock{};
    bool operator==(const Codec&) const = default;
};

/// Name and clock equal, names compared without case (RFC 4855 §3). G722's clock is 8000 by
/// definition (RFC 3551 §4.5.2), whatever a description says.
bool is_same_codec(const Codec& left, const Codec& right);
/// telephone-event/8000 (RFC 4733).
bool is_telephone_event(const Codec& codec);
/// True for a named format that can carry a conversation: neither telephone-event, at whatever
/// clock, nor comfort noise (RFC 3389).
bool is_voice(const Codec& codec);

/// The audio section a call uses: the first `m=audio` with a port, profile RTP/AVP or RTP/AVPF.
struct Audio {
    std::size_t index{};        ///< among Session::media
    Endpoint rtp;               ///< c= and port; an unspecified address is RFC 2543's hold
    Endpoint rtcp;              ///< a=rtcp (RFC 3605), else rtp + 1; port 0 if there is none
    std::vector<Codec> codecs;  ///< in order of preference, each number once, known or not: without
                                ///< rtpmap a dynamic one has no name
    Direction direction{};

    /// True if its writer does not want to hear us: sendonly, inactive or c=0.0.0.0.
    [[nodiscard]] bool is_hold() const;
    /// The first format that `is_voice`; nullptr if there is none.
    [[nodiscard]] const Codec* voice() const;
    /// The first telephone-event/8000; nullptr if there is none.
    [[nodiscard]] const Codec* event() const;

    bool operator==(const Audio&) const = default;
};

/// Finds it. Unsupported: no such section, only SRTP profiles, a host name or a multicast address
/// in c=. Malformed: nonsense, in any m= line. An unreadable rtpmap or a=rtcp counts as absent.
[[nodiscard]] Result<Audio> audio(const Session& session);

/// What a rewritten description says of ourselves.
struct RewritePlan {
    Endpoint local;                   ///< goes into o=, c= and m=; RTCP is local.port + 1
    std::uint64_t session_id{};       ///< o= session id; constant for a leg
    std::uint64_t session_version{};  ///< o= version; grows with every change (RFC 3264 §8)
    std::vector<std::string> codecs;  ///< names in order of preference; empty: the other side's, in
                                      ///< its order. telephone-event is always kept if offered
    std::vector<std::string> only;  ///< names an offer is cut to without changing its order; empty:
                                    ///< no cut. With `codecs`, both apply. telephone-event as above
    bool plain{};                   ///< toward kind livekit: rtpmap, fmtp, ptime and direction only
    std::vector<std::string> hidden;  ///< attribute lines that hold one of these texts are left out
};

/// A description and its `audio`, read before. Views only.
struct View {
    const Session& session;
    const Audio& audio;
};

/// The offer for leg b from leg a's: exactly one audio section, RTP/AVP, our address; every other
/// section, ICE, crypto, a=rtcp, i= u= e= p=, media identities (ssrc, msid, mid) and attributes
/// that name an address are left out; the rest stays verbatim. Payload type numbers are kept; every
/// format gets an rtpmap, in order of preference. `telephone-event` is written lower-case; the
/// 8000 Hz one always passes, others when a voice codec with their clock does and not `plain`.
/// `plain` also drops comfort noise. RFC 2543's hold becomes sendonly. Unsupported if no voice
/// codec is left.
[[nodiscard]] Result<Session> make_offer(const Session& offer, const RewritePlan& plan);
/// Likewise.
[[nodiscard]] Result<Session> make_offer(const View& offer, const RewritePlan& plan);

/// The answer to leg a's offer from what leg b answered: as many sections as `offer` has (RFC 3264
/// §6), the audio one with leg b's formats, the offer's profile and our address, the others refused
/// with port 0; direction is `direction`. `codecs` and `only` do not apply: leg b has chosen.
/// `plain` cuts to the first voice codec and telephone-event/8000.
/// Numbers are the offer's. Where leg b numbers telephone-event otherwise, leg a is told that
/// number: it then sends what leg b wants to get (RFC 3264 §6.1), and the relay need not rewrite
/// payload types. Unsupported if leg b answered nothing that was offered, or its voice codec under
/// another number.
[[nodiscard]] Result<Session> make_answer(const Session& offer, const Session& other_answer,
                                          Direction direction, const RewritePlan& plan);
/// Likewise.
[[nodiscard]] Result<Session> make_answer(const View& offer, const View& other_answer,
                                          Direction direction, const RewritePlan& plan);

/// Answers a re-INVITE ourselves: the codecs in use (`agreed`, voice first, telephone-event under
/// the number that the other leg wants to get) as far as they are offered, our unchanged address,
/// the mirrored direction; always as `plain`. Unsupported if the voice codec in use is not offered
/// with the same payload type.
[[nodiscard]] Result<Session> make_local_answer(const Session& offer,
                                                const std::vector<Codec>& agreed,
                                                const RewritePlan& plan);

}  // namespace causeway::sdp
