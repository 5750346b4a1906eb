#include "story.hpp"

#include <array>
#include <string>
#include <string_view>

/// Either end, or the path to or from it, dies in every phase of a call: the call ends in one
/// record with a reason that says so, and nothing is left.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;
using call::Outcome;

/// When it happens.
enum class Phase : std::uint8_t {
    Calling,     ///< the carrier's INVITE has come, nothing has come back from the gateway
    Proceeding,  ///< the gateway has said 100
    Ringing,     ///< … 180
    Answered,    ///< … 200; neither end has its 200 or ACK yet
    Live,
    Changing,    ///< the one who dies has sent a re-INVITE
    Ending,      ///< the other one has sent BYE
    Cancelling,  ///< the carrier has sent CANCEL
};
enum class Victim : std::uint8_t { Carrier, Gateway, Everybody };
/// What is lost from then on.
enum class Lost : std::uint8_t {
    To,           ///< what we send to it
    From,         ///< what it sends
    Both,         ///<
    Unreachable,  ///< what we send, and the network says so (ICMP)
};
constexpr std::array kLosses{Lost::To, Lost::From, Lost::Both, Lost::Unreachable};
constexpr std::array kLossNames{"to it", "from it", "both ways", "unreachable"};

constexpr Millis kHangUpAt{100'000};
constexpr Millis kEnough{250'000};

/// Two ends that answer whatever comes to them, and hang up after a while if nobody else has.
class Doomed : public Story {
public:
    Doomed() : Story({.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}}) {}

    void play(Phase phase, Victim victim, Lost lost) {
        phase_ = phase;
        victim_ = victim;
        lost_ = lost;
        invite = *SipText::parse(an_invite().text());
        carrier->send(invite.bytes);
        while (now() < kEnough) {
            die_if_time();
            run_for(now() < Millis{12'000} ? Millis{1} : Millis{100});
            react(*carrier, seen_by_carrier_);
            react(*generic, seen_by_gateway_);
            talk();
            if (now() >= kHangUpAt) {
                hang_up_at_last();
            }
        }
    }
    [[nodiscard]] bool carrier_is_done() const { return carrier_over_; }
    [[nodiscard]] bool gateway_is_done() const { return gateway_over_ || leg_b.bytes.empty(); }

private:
    static constexpr const char* kTag = "g";

    Millis now() const { return std::chrono::duration_cast<Millis>(clock.now() - start_); }

    void die_if_time() {
        if (!dead_ && is_time()) {
            prepare();
            dead_ = true;
            loses = [this](const Endpoint& from, const Endpoint& to, std::string_view) {
                const bool from_it = lost_ == Lost::From || lost_ == Lost::Both;
                const bool to_it = lost_ == Lost::To || lost_ == Lost::Both;
                return (from_it && is_victim(from)) || (to_it && is_victim(to));
            };
            if (lost_ == Lost::Unreachable) {
                unreachable(victim_ == Victim::Carrier ? carrier->address() : generic->address());
            }
        }
    }
    [[nodiscard]] bool is_time() const {
        switch (phase_) {
            case Phase::Calling:
                return true;
            case Phase::Proceeding:
                return now() >= Millis{50};
            case Phase::Ringing:
            case Phase::Cancelling:
                return now() >= Millis{150};
            case Phase::Answered:
                return step_ == 3;  // the gateway's 200 is on its way
            default:
                return now() >= Millis{5000};
        }
    }
    /// What is sent just before, and still arrives.
    void prepare() {
        const std::string moved = an_sdp({.rtp = at(10, 41000), .version = 2});
        if (phase_ == Phase::Cancelling) {
            carrier->cancel(invite);
            carrier_over_ = true;
        } else if (phase_ == Phase::Changing && victim_ == Victim::Gateway) {
            generic->request_as_callee("INVITE", leg_b, kTag, 5,
                                       an_sdp({.rtp = at(30, 6000), .version = 2}));
        } else if (phase_ == Phase::Changing) {
            carrier->request("INVITE", invite, answer, 2, moved);
        } else if (phase_ == Phase::Ending && victim_ == Victim::Carrier) {
            generic->request_as_callee("BYE", leg_b, kTag, 5);
            gateway_over_ = true;
        } else if (phase_ == Phase::Ending) {
            carrier->request("BYE", invite, answer, 2);
            carrier_over_ = true;
        }
    }

    [[nodiscard]] bool is_victim(const Endpoint& who) const {
        return (victim_ != Victim::Gateway && who == carrier->address()) ||
               (victim_ != Victim::Carrier && who == generic->address());
    }

    void react(Peer& peer, std::size_t& seen) {
        while (seen < peer.inbox().size()) {
            const SipText message = peer.inbox()[seen++];
            if (&peer == carrier.get()) {
                carrier_hears(message);
            } else {
                gateway_hears(message);
            }
        }
        answer_in_time();
    }
    void carrier_hears(const SipText& message) {
        if (message.is_request()) {
            carrier_over_ = carrier_over_ || message.method() == "BYE";
            carrier->reply(message, 200, "OK");
        } else if (message.method() == "INVITE" && message.status() >= 200) {
            if (message.status() < 300) {
                answer = message;
                SipText asked = invite;
                for (auto& [name, value] : asked.headers) {
                    value = name == "CSeq" ? std::string(message.header("CSeq")) : value;
                }
                carrier->ack(asked, message);
            } else {
                carrier->ack(invite, message);
                carrier_over_ = true;
            }
        }
    }
    void gateway_hears(const SipText& message) {
        if (!message.is_request()) {
            return;
        }
        if (message.method() == "INVITE" && leg_b.bytes.empty()) {
            leg_b = message;
            invited_at_ = now();
        } else if (message.method() == "BYE" || message.method() == "CANCEL") {
            generic->reply(message, 200, "OK", kTag);
            if (message.method() == "CANCEL" && step_ < 3) {
                generic->reply(leg_b, 487, "Request Terminated", kTag);
                step_ = 3;
            }
            gateway_over_ = true;
        }
    }
    /// The gateway: 100 after 20 ms, 180 after 80, 200 after 198.
    void answer_in_time() {
        if (leg_b.bytes.empty()) {
            return;
        }
        const Millis since = now() - invited_at_;
        if (step_ == 0 && since >= Millis{20}) {
            generic->reply(leg_b, 100, "Trying");
            step_ = 1;
        } else if (step_ == 1 && since >= Millis{80}) {
            generic->reply(leg_b, 180, "Ringing", kTag);
            step_ = 2;
        } else if (step_ == 2 && since >= Millis{198}) {
            generic->reply(leg_b, 200, "OK", kTag, an_sdp({.rtp = at(30, 5000)}));
            step_ = 3;
        }
    }
    /// Both ends send audio as long as their packets arrive.
    void talk() {
        const bool is_mute = dead_ && (lost_ == Lost::From || lost_ == Lost::Both);
        const auto speaks = [&](const Peer& peer) {
            return !is_mute || !is_victim(peer.address());
        };
        const auto to_carrier = SdpText::parse(answer.body);
        if (to_carrier && speaks(*carrier)) {
            relay->inject_rtp(Story::our_rtp(answer.body), at(10, 40000), 8, ++sequence_, 0xaaaa);
        }
        if (step_ == 3 && speaks(*generic)) {
            relay->inject_rtp(Story::our_rtp(leg_b.body), at(30, 5000), 8, ++sequence_, 0xbbbb);
        }
    }
    void hang_up_at_last() {
        if (victim_ != Victim::Carrier && !answer.bytes.empty() && !carrier_over_) {
            carrier->request("BYE", invite, answer, 3);
            carrier_over_ = true;
        } else if (victim_ == Victim::Carrier && step_ == 3 && !gateway_over_) {
            generic->request_as_callee("BYE", leg_b, kTag, 6);
            gateway_over_ = true;
        }
    }

    Phase phase_{};
    Victim victim_{};
    Lost lost_{};
    Time start_{clock.now()};
    Millis invited_at_{};
    int step_{};
    bool dead_{};
    bool carrier_over_{};
    bool gateway_over_{};
    std::size_t seen_by_carrier_{};
    std::size_t seen_by_gateway_{};
    std::uint16_t sequence_{};
};

const Outcome kNoAck{Cause::Client, By::Causeway, 200, "no_ack"};
const Outcome kNoAckOfGateway{Cause::Upstream, By::Causeway, 200, "no_ack"};
const Outcome kByeOfA{Cause::Success, By::A, 200, "bye"};
const Outcome kByeOfB{Cause::Success, By::B, 200, "bye"};
const Outcome kSilentCarrier{Cause::Client, By::Causeway, 200, "media_timeout"};
const Outcome kSilentGateway{Cause::Upstream, By::Causeway, 200, "media_timeout"};
const Outcome kNoResponse{Cause::Upstream, By::B, 480, "no_response"};
const Outcome kNoAnswer{Cause::Client, By::Causeway, 480, "no_answer"};
const Outcome kCancelled{Cause::Client, By::A, 487, "cancelled"};

struct Death {
    const char* what;
    Victim victim;
    Phase phase;
    std::array<Outcome, 4> outcomes;  ///< by what is lost
};

const Death kDeaths[] = {
    {"carrier, calling", Victim::Carrier, Phase::Calling, {kNoAck, kNoAck, kNoAck, kNoAck}},
    {"carrier, proceeding", Victim::Carrier, Phase::Proceeding, {kNoAck, kNoAck, kNoAck, kNoAck}},
    {"carrier, ringing", Victim::Carrier, Phase::Ringing, {kNoAck, kNoAck, kNoAck, kNoAck}},
    {"carrier, answered", Victim::Carrier, Phase::Answered, {kNoAck, kNoAck, kNoAck, kNoAck}},
    {"carrier, live",
     Victim::Carrier,
     Phase::Live,
     {kByeOfB, kSilentCarrier, kSilentCarrier, kByeOfB}},
    {"carrier, changing", Victim::Carrier, Phase::Changing, {kNoAck, kNoAck, kNoAck, kNoAck}},
    {"carrier, ending", Victim::Carrier, Phase::Ending, {kByeOfB, kByeOfB, kByeOfB, kByeOfB}},
    {"carrier, cancelling",
     Victim::Carrier,
     Phase::Cancelling,
     {kCancelled, kCancelled, kCancelled, kCancelled}},
    {"gateway, calling",
     Victim::Gateway,
     Phase::Calling,
     {kNoResponse, kNoResponse, kNoResponse, kNoResponse}},
    {"gateway, proceeding",
     Victim::Gateway,
     Phase::Proceeding,
     {kByeOfA, kNoResponse, kNoResponse, kByeOfA}},
    {"gateway, ringing", Victim::Gateway, Phase::Ringing, {kByeOfA, kNoAnswer, kNoAnswer, kByeOfA}},
    {"gateway, answered",
     Victim::Gateway,
     Phase::Answered,
     {kByeOfA, kSilentGateway, kSilentGateway, kByeOfA}},
    {"gateway, live",
     Victim::Gateway,
     Phase::Live,
     {kByeOfA, kSilentGateway, kSilentGateway, kByeOfA}},
    {"gateway, changing",
     Victim::Gateway,
     Phase::Changing,
     {kNoAckOfGateway, kNoAckOfGateway, kNoAckOfGateway, kNoAckOfGateway}},
    {"gateway, ending", Victim::Gateway, Phase::Ending, {kByeOfA, kByeOfA, kByeOfA, kByeOfA}},
    {"gateway, cancelling",
     Victim::Gateway,
     Phase::Cancelling,
     {kCancelled, kCancelled, kCancelled, kCancelled}},
};

TEST(Death, OfEitherEndInEveryPhaseEndsTheCallOnceAndLeavesNothing) {
    for (const Death& row : kDeaths) {
        for (std::size_t i = 0; i < kLosses.size(); ++i) {
            SCOPED_TRACE(std::string(row.what) + ", " + kLossNames[i]);
            Doomed story;
            story.play(row.phase, row.victim, kLosses[i]);
            EXPECT_EQ(story.record().outcome, row.outcomes[i])
                << story.record().outcome.reason << " " << to_string(story.record().outcome.cause)
                << " by " << to_string(story.record().outcome.side);
            if (row.victim == Victim::Gateway) {
                EXPECT_TRUE(story.carrier_is_done()) << "the carrier still believes in the call";
            } else {
                EXPECT_TRUE(story.gateway_is_done()) << "the gateway still believes in the call";
            }
            story.expect_nothing_left();
        }
    }
}

TEST(Death, OfTheWholeNetworkInEveryPhaseEndsTheCallOnceAndLeavesNothing) {
    struct Row {
        Phase phase;
        std::string_view reason;
    };
    constexpr Row kRows[] = {{Phase::Calling, "no_response"}, {Phase::Proceeding, "no_response"},
                             {Phase::Ringing, "no_answer"},   {Phase::Answered, "no_ack"},
                             {Phase::Live, "media_timeout"},  {Phase::Changing, "no_ack"},
                             {Phase::Ending, "bye"},          {Phase::Cancelling, "cancelled"}};
    for (const Row& row : kRows) {
        SCOPED_TRACE(row.reason);
        Doomed story;
        story.play(row.phase, Victim::Everybody, Lost::Both);
        EXPECT_EQ(story.record().outcome.reason, row.reason);
        story.expect_nothing_left();
    }
}

}  // namespace
}  // namespace causeway::testing
