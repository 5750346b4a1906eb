#pragma once

#include "support/ua/ladder.hpp"
#include "support/ua/party.hpp"
#include "support/ua/rtp_stream.hpp"
#include "support/ua/sip_text.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::testing {

/// A carrier's user agent for one call at a time: places it, plays, listens, changes it, ends it.
/// Written apart from causeway::transaction and causeway::dialog on purpose, so that a test judges
/// them by another reading of RFC 3261. Retransmits by §17 and so works over a lossy network.
/// Thread: one owner. Fails: never; what went wrong stands in `state`, `final_status`, `ladder`.
class UserAgent : public Party {
public:
    enum class State : std::uint8_t {
        Idle,
        Calling,    ///< INVITE sent
        Trying,     ///< 100
        Ringing,    ///< 180 or 183
        Confirmed,  ///< 200, ACK sent
        Ended,      ///< by a refusal, a BYE, or because nobody answered
    };
    struct Options {
        Endpoint sip;
        Endpoint rtp;
        std::string user{"+4915112345678"};
        std::string display{};
        std::vector<int> codecs{8, 0};        ///< static payload types, in order of preference
        bool telephone_event{true};           ///< offer 101 too
        std::vector<std::int16_t> program{};  ///< what it says, 8 kHz, in a loop
        std::uint64_t seed{7};
    };
    struct Invitation {
        Endpoint target;          ///< where the datagrams go
        std::string request_uri;  ///< also the To URI
        std::vector<std::pair<std::string, std::string>> headers{};
        bool offer{true};  ///< false: an INVITE without a body
    };

    explicit UserAgent(Options options);

    /// Places the call; only in state Idle or Ended.
    void call(const Invitation& invitation, Time now);
    /// CANCEL, held back until a provisional answer is there (RFC 3261 §9.1).
    void cancel(Time now);
    void bye(Time now);
    /// Re-INVITE with this direction: `sendonly` holds, `sendrecv` resumes.
    void reinvite(std::string_view direction, Time now);
    /// Any other request; inside the dialog if there is one.
    void request(std::string_view method, const Invitation& to, Time now);

    void on_sip(std::string_view bytes, const Endpoint& from, Time now) override;
    void on_rtp(std::uint16_t local_port, std::string_view bytes, const Endpoint& from,
                Time now) override;
    [[nodiscard]] std::optional<Time> deadline() const override;
    void advance(Time now) override;
    [[nodiscard]] std::optional<Datagram> poll() override;

    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] State state() const { return state_; }
    /// Of the INVITE; 408 if nobody answered; 0: none yet.
    [[nodiscard]] int final_status() const { return final_status_; }
    [[nodiscard]] const std::string& final_reason() const { return final_reason_; }
    /// Final status of the newest answered request of this method; re-INVITEs count as INVITE.
    [[nodiscard]] int status_of(std::string_view method) const;
    [[nodiscard]] bool bye_received() const { return bye_received_; }
    /// False while a request of ours waits for its final answer.
    [[nodiscard]] bool is_quiet() const { return clients_.empty(); }
    [[nodiscard]] const std::string& call_id() const { return call_id_; }
    [[nodiscard]] const RtpStream& audio() const { return audio_; }
    [[nodiscard]] const Ladder& ladder() const { return ladder_; }
    /// The newest description of the far end; nothing: none came.
    [[nodiscard]] const std::optional<SdpText>& remote_sdp() const { return remote_sdp_; }

private:
    struct Client {  ///< a client transaction (RFC 3261 §17.1)
        std::string method;
        std::string branch;
        std::string bytes;
        Endpoint to;
        std::uint32_t cseq{};
        Millis interval{500};
        Time next;  ///< retransmission; Time::max(): none
        Time end;   ///< timer B or F
        bool has_provisional{};
    };

    void on_request(const SipText& request, const Endpoint& from, Time now);
    void on_response(const SipText& response, Time now);
    void on_invite_response(Client& client, const SipText& response, Time now);
    void on_answer(const SipText& response, const Client& client, Time now);
    void on_offer(const SipText& request, const Endpoint& from, Time now);
    void on_timeout(const Client& client);
    void learn(const SdpText& description, Time now);
    void follow_directions(Time now);

    void send_cancel(const Client& invite, Time now);
    void begin(std::string_view method, const std::string& branch, std::string text,
               const Endpoint& to, std::uint32_t cseq, Time now);
    void transmit(std::string bytes, const Endpoint& to, Time now);
    static void put(std::string& out, std::string_view name, std::string_view value);
    /// Content-Type and Content-Length, the empty line, the body.
    static void finish(std::string& out, std::string_view body);
    [[nodiscard]] std::string cancel_text(const Client& invite) const;
    [[nodiscard]] std::string refusal_ack(const SipText& response, const Client& client) const;
    [[nodiscard]] std::string head(std::string_view method, std::string_view uri,
                                   std::string_view branch, std::uint32_t cseq) const;
    [[nodiscard]] std::string reply(const SipText& request, const Endpoint& from, int status,
                                    std::string_view reason, std::string_view body = {}) const;
    [[nodiscard]] std::string session(std::string_view direction) const;
    [[nodiscard]] bool is_ours(const SipText& request) const;
    void end(int status, std::string reason);
    std::string random_text(std::size_t length);

    Options options_;
    std::uint64_t random_state_;
    State state_{State::Idle};
    int final_status_{};
    std::string final_reason_;
    bool bye_received_{};
    bool cancel_wanted_{};

    Invitation invitation_;
    std::string call_id_, local_tag_, remote_tag_, remote_to_, remote_target_;
    std::uint32_t cseq_{};
    std::uint64_t session_id_{}, session_version_{};
    std::string local_direction_{"sendrecv"};
    std::optional<SdpText> remote_sdp_;

    std::deque<Client> clients_;
    std::map<std::uint32_t, std::string> acks_;                 // by CSeq of the INVITE
    std::map<std::string, std::string, std::less<>> answered_;  // branch and method to response
    std::map<std::string, int, std::less<>> statuses_;
    std::optional<Client> ok_;  ///< our 200 to a re-INVITE until its ACK
    RtpStream audio_;
    Ladder ladder_;
    std::deque<Datagram> out_;
};

}  // namespace causeway::testing
