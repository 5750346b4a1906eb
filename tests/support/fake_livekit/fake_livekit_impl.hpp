#pragma once

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/fake_livekit/livekit_text.hpp"
#include "support/ua/sip_text.hpp"

#include <array>
#include <set>
#include <unordered_map>

namespace causeway::testing {

/// The machine behind FakeLivekit: calls with one timer row each, the server transactions that
/// sipgo keeps, and the cache of refused INVITEs.
class FakeLivekit::Impl {
public:
    explicit Impl(Options options);

    void on_sip(std::string_view bytes, const Endpoint& from, Time now);
    void on_rtp(std::uint16_t local_port, std::string_view bytes, Time now);
    [[nodiscard]] std::optional<Time> deadline() const;
    void advance(Time now);
    bool hang_up(std::string_view call_id, Time now);
    [[nodiscard]] std::vector<LivekitCall> live() const;

    Options options_;
    bool dead_{false};
    std::deque<LivekitCall> ended_;
    std::deque<Datagram> out_;
    std::shared_ptr<RtpStream> last_audio_;
    Ladder ladder_;
    std::uint64_t oversize_{};
    std::map<std::string, std::uint64_t, std::less<>> requests_;

private:
    enum Timer : std::size_t {
        RingAgain,  ///< next 180
        Decide,     ///< answer or refuse
        GiveUp,     ///< ringing timeout
        RepeatOk,   ///< next copy of the 200
        HangUp,
        ReferOut,
        NoAck,     ///< neither ACK nor RTP
        MediaGap,  ///< RTP missing
        Resend,    ///< retransmission of our BYE or REFER
        TimerCount,
    };
    struct Call {
        std::uint64_t serial{};
        LivekitCall facts;
        Behaviour how;
        SipText invite;
        Endpoint source;
        std::string transaction;  ///< key of the INVITE's server transaction
        std::string ok;           ///< the 200
        livekit::Answer answer;
        Time answered_at;
        std::size_t copies{};
        std::uint32_t next_cseq{};
        bool heard{};  ///< any RTP packet
        bool refer_accepted{};
        std::string request;  ///< our own BYE or REFER while unanswered
        std::string request_branch;
        Endpoint request_to;
        Millis request_interval{};
        Time request_end;
        std::shared_ptr<RtpStream> audio;
        std::array<Time, TimerCount> timers{};
        Time due{};
    };
    struct Transaction {
        std::string last;  ///< what a retransmission gets; empty: nothing
        Endpoint to;
        std::uint64_t call{};  ///< of an INVITE: its call's serial; 0: none
    };
    struct Refused {
        int status{};
        std::string reason;
        Time until;
    };
    struct Challenge {
        std::string nonce;
        std::string scl_id;
    };

    void on_request(const SipText& request, const Endpoint& from, Time now);
    void on_response(const SipText& response);
    void on_invite(const SipText& request, const Endpoint& from, Time now);
    bool replay(const SipText& request, const Endpoint& from, Time now);
    bool reinvite(const SipText& request, const Endpoint& from, Time now);
    void begin(const SipText& request, const Endpoint& from, const Behaviour& how, Time now);
    bool challenge(Call& call, Time now);
    void ring(Call& call, Time now);
    void on_cancel(const SipText& request, const Endpoint& from, Time now);
    void on_bye(const SipText& request, const Endpoint& from, Time now);
    void on_notify(const SipText& request, const Endpoint& from, Time now);
    void on_ack(const SipText& request);
    void reply(const SipText& request, const Endpoint& from, int status, std::string_view reason,
               Time now);

    void fire(Call& call, Timer timer, Time now);
    void answer(Call& call, Time now);
    void repeat_ok(Call& call, Time now);
    void refuse(Call& call, int status, std::string_view reason, Time now);
    void provisional(Call& call, int status, std::string_view reason, Time now);
    void send_bye(Call& call, Time now);
    void send_refer(Call& call, Time now);
    void send_request(Call& call, std::string bytes, Time now);
    void resend(Call& call, Time now);
    void play(Call& call, Time now);
    void stop_media(Call& call);
    void end(Call& call, LivekitCall::Phase phase);

    [[nodiscard]] Call* by_tag(std::string_view scl_id) const;
    [[nodiscard]] Call* by_serial(std::uint64_t serial) const;
    [[nodiscard]] const Behaviour& behaviour_of(std::string_view number) const;
    [[nodiscard]] livekit::Dialog dialog_of(const Call& call) const;
    void index(Call& call);
    void transmit(std::string bytes, const Endpoint& to, Time now);
    void expire(Time now);
    std::optional<std::uint16_t> take_port();
    std::uint64_t random();
    std::string random_text(std::size_t length);
    std::string random_uuid();

    std::uint64_t random_state_;
    std::uint64_t serials_{};
    std::map<std::uint64_t, std::unique_ptr<Call>> calls_;  // by serial
    std::unordered_map<std::string, std::uint64_t> tags_;   // SCL id to serial
    std::unordered_map<std::uint16_t, std::uint64_t> ports_;
    std::unordered_map<std::string, std::uint64_t> pending_;  // branch of our request to serial
    std::set<std::pair<Time, std::uint64_t>> due_;
    std::unordered_map<std::string, Transaction> transactions_;  // by branch and method
    std::deque<std::pair<Time, std::string>> transaction_ends_;
    std::unordered_map<std::string, Refused> refused_;  // by Call-ID and From-tag
    std::deque<std::pair<Time, std::string>> refused_ends_;
    std::unordered_map<std::string, Challenge> challenges_;  // by Call-ID
    std::deque<std::uint16_t> free_ports_;
    std::uint16_t made_up_port_{20000};
};

}  // namespace causeway::testing
