#pragma once

#include "causeway/base/queue.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/dialog/state.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/transaction/layer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace causeway::dialog {

// ── what a leg wants done
// ───────────────────────────────────────────────────────────────────────────
/// An answer of ours; goes to `transaction::Layer::respond`.
struct Respond {
    transaction::Key key;
    std::string bytes;
};
/// A request of ours in a transaction of its own; the owner reports its key with `sent`.
struct Ask {
    std::string bytes;
    sip::Target to;
};
/// Our 2xx once more, byte for byte, when its transaction is another process's.
struct Repeat {
    std::string bytes;
    sip::Target to;
};
/// A message outside any transaction: the ACK of a 2xx; goes to `transaction::Layer::send`.
struct Post {
    std::string bytes;
    sip::Target to;
};

// ── what a leg reports
// ──────────────────────────────────────────────────────────────────────────────
/// UAC: a provisional answer, 100 included.
struct Progress {
    sip::Status status;
};
/// UAC: the first 2xx; its ACK is on its way. The body is what came, whatever its type.
struct Answered {
    std::string body;
};
/// UAC: a final answer of 300 or more.
struct Refused {
    sip::Status status;
    std::optional<std::uint32_t> retry_after;  ///< seconds
};
/// UAS: the ACK of our 2xx (to an INVITE or re-INVITE) came; it carries a body if we had made the
/// offer.
struct Acked {
    std::string body;
};
/// UAS: 64·T1 have passed after our 2xx without an ACK.
struct NoAck {};
/// A re-INVITE waits for `respond`; an empty body asks us for an offer (RFC 3261 §14.2).
struct Offered {
    std::string body;
};
/// The peer sent BYE; it has its 200.
struct PeerEnded {};
/// After `end` or `reject`: the last message is out, nothing more will happen on this leg.
struct Closed {};

using Output = std::variant<Respond, Repeat, Ask, Post, Progress, Answered, Refused, Acked, NoAck,
                            Offered, PeerEnded, Closed>;

/// What our first INVITE says.
struct Invitation {
    std::string call_id;
    std::string local_tag;
    std::string request_uri;
    std::string from;     ///< name-addr without tag
    std::string to;       ///< name-addr
    std::string contact;  ///< Contact value
    std::uint32_t max_forwards{70};
    std::vector<sip::Header> headers;  ///< in order, after ours
    std::string sdp;
    sip::Target target;
};

/// What our end of a leg that calls us looks like.
struct Local {
    std::string tag;
    std::string contact;  ///< Contact value
    transaction::Timers timers{};
};

/// One leg: the dialog and its INVITE usage, RFC 3261 §12–15 with offer/answer of RFC 3264. It
/// builds every request and answer inside the dialog, repeats our 2xx until its ACK, keeps and
/// repeats the ACK of the peer's 2xx, and orders CSeqs. Mutate, then `poll` until it is empty;
/// `deadline` and `advance` are its clock. Thread: its owner's. Owns: the dialog's state, the last
/// 2xx or ACK, a request that waits for an answer. Fails: nonsense of a peer is answered with the
/// right status and changes nothing.
class Leg {
public:
    /// A leg that called us. The INVITE must have passed admission (it has From, To, Via and, but
    /// for RFC 2543, Contact; without one the caller is reached at its From).
    [[nodiscard]] static Result<Leg> uas(Local local, transaction::Key invite, sip::Message message,
                                         const sip::Source& source);
    /// A leg that we call: `poll` yields the INVITE.
    static Leg uac(Invitation invitation);
    /// A leg that another process began: none of its transactions is here any more.
    static Leg restored(State state, const transaction::Timers& timers, Time now);
    /// A throw-away leg for a 2xx nobody waits for: `poll` yields ACK and BYE.
    static std::vector<Output> dismiss(const sip::Message& answer, const sip::Source& source,
                                       std::string_view contact);

    [[nodiscard]] const State& state() const { return state_; }
    /// The state as another process may have it: without connections, times in whole milliseconds.
    [[nodiscard]] State snapshot() const;
    /// True if this INVITE is the one whose 2xx we repeat, come again by a way that the transaction
    /// layer does not know: it began in another process. Answered by `repeat` or `receive`.
    [[nodiscard]] bool is_answered_already(const sip::Message& invite) const;
    void repeat();
    /// True if a request with these tags is inside this dialog (Call-ID and our tag match already).
    [[nodiscard]] bool is_from_peer(const sip::Message& request) const;

    /// SDP of the INVITE or re-INVITE that waits for `respond`; empty: none, or an offerless one.
    [[nodiscard]] std::string offer() const;

    // ── messages of the peer ──
    void receive(transaction::Key key, sip::Message request, const sip::Source& source, Time now);
    void receive_ack(const sip::Message& ack, const sip::Source& source);
    /// False: a 2xx of another branch of a fork, or one after we gave up (RFC 3261 §13.2.2.4): the
    /// owner dismisses it.
    [[nodiscard]] bool receive_response(const sip::Message& response, const sip::Source& source);

    // ── what the owner wants ──
    /// UAS or re-INVITE: answers the INVITE that waits. 101–199, or a final answer; `sdp` may be
    /// empty. Without an INVITE that waits it does nothing.
    void respond(const sip::Status& status, const std::vector<sip::Header>& headers,
                 std::string_view sdp, Time now);
    /// Ends a leg whose INVITE was answered with 2xx: BYE now, or as soon as the ACK is in (RFC
    /// 3261 §15). Asked again it does not wait for that.
    void end(const std::vector<sip::Header>& headers);
    /// UAC without final answer: the owner cancels the transaction, the leg is over.
    void give_up();

    [[nodiscard]] std::optional<Time> deadline() const;
    void advance(Time now);
    std::optional<Output> poll();

private:
    /// An INVITE or re-INVITE of the peer that has no final answer yet.
    struct Pending {
        transaction::Key key;
        sip::Message message;
        sip::Source source;
    };
    explicit Leg(State state) : state_(std::move(state)) {}
    void answer(transaction::Key key, const sip::Message& request, const sip::Source& source,
                const sip::Status& status, const std::vector<sip::Header>& headers = {});
    void receive_invite(transaction::Key key, sip::Message request, const sip::Source& source);
    bool receive_success(const sip::Message& response, const sip::Source& source);
    void confirm(const sip::Message& response, const sip::Source& source);
    void refresh_target(const sip::Message& message, const sip::Source& source);
    void seen(const sip::Source& source);
    void send_bye();
    void close();

    State state_;
    transaction::Timers timers_{};
    std::optional<Pending> pending_;
    transaction::Key repeating_key_;  ///< of `state_.repeating`; zero: another process's
    Queue<Output> outputs_;
};

}  // namespace causeway::dialog
