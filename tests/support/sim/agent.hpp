#pragma once

#include "support/sim/around.hpp"
#include "support/ua/sip_text.hpp"

#include "causeway/base/endpoint.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::testing::sim {

/// One dialog as the far end sees it.
struct Session {
    enum class View : std::uint8_t { Setup, Up, Ended };
    bool is_caller{};
    View view{};
    SipText invite;  ///< caller: its own; callee: what came
    Endpoint hop;    ///< where the dialog's messages go
    std::string local_tag;
    std::string remote_tag;
    std::string target;  ///< Contact URI of the other end
    std::uint32_t local_cseq{};
    std::uint32_t remote_cseq{};
    std::map<std::uint32_t, std::string> acks;  ///< by CSeq; repeated for a repeated 2xx
    std::string ok;        ///< callee: the 2xx, repeated until its ACK; empty: it has come
    unsigned deaf_acks{};  ///< caller: 2xx it leaves without ACK
    bool heard{};          ///< caller: a provisional answer has come
    bool cancelled{};
    bool wants_cancel{};  ///< … as soon as it has (RFC 3261 §9.1)
    bool bye_seen{};      ///< the other end has sent BYE
    bool bye_sent{};
    bool was_up{};
    bool excused{};  ///< it was cut off for so long that it may know better than we
    bool suspect{};  ///< its BYE was 481: it must have seen one
    bool talks{};
    int final_status{};  ///< caller: of its INVITE
    Endpoint rtp;
    Endpoint remote_rtp;
    unsigned version{1};

    [[nodiscard]] std::string call_id() const { return std::string(invite.header("Call-ID")); }
};

/// A far end that keeps the rules: transactions of RFC 3261 §17, dialogs, one session a call. It
/// complains of everything a well-behaved other end would not do. What it does of its own will is
/// in its heirs. Thread: one. Owns: its sessions, until it is destroyed.
class Agent {
public:
    struct Options {
        std::string name;
        Endpoint address;
        Endpoint sbc;
        std::string mark;  ///< in every text that only its own side may read
    };
    Agent(Around& around, Options options);
    virtual ~Agent();
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;
    Agent(Agent&&) = delete;
    Agent& operator=(Agent&&) = delete;

    void deliver(std::string_view bytes, const Endpoint& from);

    /// Deaf and dumb. What it was about to send is lost; its timers go on.
    void set_dead(bool dead) { dead_ = dead; }
    [[nodiscard]] bool is_dead() const { return dead_; }
    /// It comes back knowing nothing.
    void forget();
    /// It is cut off for longer than the other end repeats itself, until `mended`.
    void cut_off();
    void mended();
    /// What it has heard of nobody else may still know.
    void excuse();
    /// The other end ends all calls at once and repeats nothing.
    void excuse_setup();
    /// The other end has died: what it had agreed on with us is gone, except for these dialogs
    /// (Call-ID and our tag). What was not yet settled must still come to an end.
    void excuse_all_but(const std::set<std::string>& kept);
    /// From now on it only brings to an end what there is.
    void settle_down();
    /// Complains of every session that is not over.
    void expect_all_over();

    [[nodiscard]] const Endpoint& address() const { return options_.address; }
    [[nodiscard]] const std::vector<std::unique_ptr<Session>>& sessions() const {
        return sessions_;
    }

protected:
    using Headers = std::string;  ///< whole lines
    /// The final answer, or nothing after 64·T1.
    using Answered = std::function<void(const SipText* response)>;

    virtual void on_invite(const SipText& invite, const Endpoint& from) = 0;
    virtual void on_cancel(const SipText& invite) = 0;
    virtual void on_provisional(Session& session, const SipText& response) = 0;
    virtual void on_up(Session& session) = 0;

    Session& open(SipText invite, bool is_caller);
    /// Sends our INVITE in a transaction of its own.
    void call(Session& session);
    /// CANCEL, once the INVITE has had a provisional answer.
    void cancel(Session& session);
    /// A request inside the dialog.
    void ask(Session& session, std::string_view method, std::string_view body, Answered answered,
             std::string_view headers = {});
    /// A re-INVITE; an empty body: offerless, answered in the ACK.
    void reinvite(Session& session, std::string body);
    void hang_up(Session& session);
    /// One thing a peer may do inside a dialog that is up.
    void act(Session& session);
    /// Acts now and then, until it hangs up or is hung up.
    void live(Session& session);
    void talk(Session& session);
    /// Answers a request; the answer is repeated for its retransmissions, and to an INVITE until
    /// its ACK.
    void respond(const SipText& request, const Endpoint& from, int status, std::string_view tag,
                 std::string_view headers = {}, std::string_view body = {});
    /// Callee: 200 with this session's tag.
    void accept(Session& session, std::string_view body);

    [[nodiscard]] std::string describe(Session& session, std::string_view direction = "sendrecv");
    [[nodiscard]] std::string contact() const;
    [[nodiscard]] std::string new_branch();
    [[nodiscard]] std::string new_tag();
    void transmit(const Endpoint& to, std::string bytes);
    void after(Millis delay, std::function<void()> what);
    void complain(const std::string& what, std::string_view about = {});
    [[nodiscard]] bool is_settling() const { return settling_; }
    [[nodiscard]] Around& around() { return around_; }
    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] Chance& chance() { return around_.chance(); }

private:
    struct Client {
        std::string text;
        std::string method;
        Endpoint to;
        Session* session{};
        Answered answered;
        Millis interval{500};
        Time end;
        bool provisional{};
        int final_status{};
        bool over{};
    };
    struct Server {
        std::string answer;
        Endpoint to;
        bool is_final{};
        bool acked{};
    };

    void send_cancel(Session& session);
    void start(const std::shared_ptr<Client>& client, const std::string& branch);
    void resend(const std::shared_ptr<Client>& client);
    void on_response(const SipText& response);
    void on_invite_final(Client& client, const SipText& response);
    void on_2xx(Session& session, const SipText& response);
    void on_request(const SipText& request, const Endpoint& from);
    void on_inside(Session& session, const SipText& request, const Endpoint& from);
    void on_ack(const SipText& ack);
    void repeat_final(const std::string& key, Millis interval, Time end);
    void repeat_ok(Session& session, Millis interval, Time end);
    void end(Session& session);
    void check_request(Session& session, const SipText& request);
    [[nodiscard]] Session* find(std::string_view call_id, std::string_view local_tag,
                                std::string_view remote_tag) const;
    [[nodiscard]] std::string inside_text(Session& session, std::string_view method,
                                          std::uint32_t cseq, std::string_view branch,
                                          std::string_view headers, std::string_view body) const;

    Around& around_;
    Options options_;
    bool dead_{};
    bool cut_off_{};
    bool settling_{};
    std::uint64_t life_{};  ///< counts what it has forgotten: closures of an earlier life are void
    std::vector<std::unique_ptr<Session>> sessions_;
    std::vector<Session*> known_;                             ///< of this life
    std::map<std::string, std::shared_ptr<Client>> clients_;  ///< by branch and method
    std::map<std::string, Server> servers_;                   ///< by branch and method
};

}  // namespace causeway::testing::sim
