#pragma once

#include "causeway/base/archive.hpp"
#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/routing/table.hpp"
#include "causeway/sdp/session.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::call {

/// Which leg.
enum class End : std::uint8_t { A, B };
constexpr End other(End end) {
    return end == End::A ? End::B : End::A;
}

/// What the relay has to know of one end.
struct MediaSide {
    Endpoint peer;  ///< from SDP; port 0: nowhere
    Endpoint rtcp;
    std::vector<std::uint8_t> payload_types;
    bool hears{true};       ///< false: it asked us not to send
    bool speaks{true};      ///< false: it need not send: it has said so, or holds us
    bool wants_rtcp{true};  ///< false: kind livekit
    bool operator==(const MediaSide&) const = default;
};

/// The session descriptions of a call: leg a's offer, what goes to leg b, what comes back, and
/// later changes (RFC 3264). Each leg is answered by ourselves after the call is up: nobody's
/// re-INVITE reaches the other. Thread: its owner's. A value.
class Negotiation {
public:
    Negotiation() = default;  ///< empty: to be decoded into

    bool operator==(const Negotiation&) const = default;
    /// Reads leg a's offer; an empty one is a call without offer (RFC 3261 §13.2.1): leg b is
    /// offered what everybody can do, leg a gets what leg b chose as our offer in the 200 and
    /// answers it in its ACK (`reanswered`). `salt` becomes the session ids of our own
    /// descriptions. Unsupported or Malformed: nothing in it that we can relay.
    [[nodiscard]] static Result<Negotiation> begin(std::string_view offer, std::uint64_t salt);

    /// Our own RTP addresses toward each leg.
    void opened(const Endpoint& a_side, const Endpoint& b_side);
    /// The offer for this gateway. Unsupported: it takes none of leg a's codecs.
    [[nodiscard]] Result<std::string> offer_for(const routing::Target& gateway);
    /// Leg b's answer; the result is the answer to leg a, or our offer to it.
    [[nodiscard]] Result<std::string> answered(std::string_view answer);

    /// A new offer of one end inside the call; the result is our answer. Unsupported: it drops the
    /// codec in use; nothing has changed then.
    [[nodiscard]] Result<std::string> reoffered(End end, std::string_view offer);
    /// For an offerless re-INVITE: our last description, as an offer. Its answer comes to
    /// `reanswered`.
    [[nodiscard]] Result<std::string> our_offer(End end);
    /// The answer in the ACK. True if one was expected and is good: the sides may have changed.
    [[nodiscard]] bool reanswered(End end, std::string_view answer);

    /// True while leg a, which brought no offer, owes us the answer to ours.
    [[nodiscard]] bool is_open() const { return is_ours_; }
    /// True once leg b's answer was taken. What was decoded is looked at in full: codecs are agreed
    /// on, and what we sent is a description.
    [[nodiscard]] bool is_agreed() const;
    [[nodiscard]] const Endpoint& local(End end) const { return at(end).local; }
    [[nodiscard]] const MediaSide& side(End end) const { return at(end).side; }
    /// The voice codec in use, as `PCMU`; empty before the answer.
    [[nodiscard]] const std::string& codec() const { return codec_; }

private:
    struct Party {
        Endpoint local;  ///< ours, toward this end
        MediaSide side;
        std::uint64_t session_id{};
        std::uint64_t version{};
        sdp::Session description;  ///< the last one we sent to it
        bool awaiting_answer{};    ///< we sent an offer in a 200
        bool operator==(const Party&) const = default;
    };
    template <class Archive, Of<Negotiation> T>
    friend void fields(Archive& archive, T& negotiation);
    template <class Archive, Of<Party> T>
    friend void fields(Archive& archive, T& party);

    [[nodiscard]] Party& at(End end) { return parties_[static_cast<std::size_t>(end)]; }
    [[nodiscard]] const Party& at(End end) const { return parties_[static_cast<std::size_t>(end)]; }
    [[nodiscard]] sdp::RewritePlan plan_for(End end) const;
    void agree(const std::vector<sdp::Codec>& codecs, const sdp::Audio& offered);
    void adopt(End end, const sdp::Audio& audio);
    std::string publish(End end, sdp::Session description);

    sdp::Session offer_;  ///< leg a's, or the one we made for it
    sdp::Audio asked_;    ///< of `offer_`
    bool is_ours_{};      ///< we made it, and leg a has not answered yet
    std::string codec_;
    std::array<Party, 2> parties_;
    /// In use on both legs, voice first, with the numbers under which each end sends.
    std::array<std::vector<sdp::Codec>, 2> agreed_;
    std::array<std::vector<std::string>, 2>
        addresses_;  ///< texts of each end that the other must not see
};

}  // namespace causeway::call
