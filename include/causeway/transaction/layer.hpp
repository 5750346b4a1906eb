#pragma once

#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The four machines of RFC 3261 §17 with the corrections of RFC 6026. Pure: one mutation in, then
/// the owner drains `poll()` until there is nothing left.
namespace causeway::transaction {

/// A transaction: slot and generation. A call with a key whose transaction is gone does nothing.
using Key = Id<struct TransactionTag>;

/// RFC 3261 §17.1.1.1 and table 4; the derived timers are 64·T1 (B, F, H, J, L, M), 32 s (D), T4
/// (I, K).
struct Timers {
    Millis t1{500};
    Millis t2{4000};
    Millis t4{5000};
};

/// How our own top Via looks on one interface and transport.
struct Identity {
    InterfaceId interface;
    sip::Transport transport{};
    std::string sent_by;  ///< `203.0.113.50:5080`: the advertised address with explicit port
};

/// Bytes for the wire; they hold until the next call into the layer.
struct Transmit {
    Key key;
    sip::Target to;
    std::string_view bytes;
};
/// A new request that matches no transaction. Nothing is kept before accept(): the owner answers
/// with `accept` or `refuse` before its next `receive`; doing neither drops it.
struct Request {
    Key key;
    sip::Message message;
    sip::Source from;
    /// RFC 3261 §8.2.2.2: the INVITE that is being served, or was answered 2xx, and has the From
    /// tag, Call-ID and CSeq of this one: both are forks of one request. Zero: none.
    Key sibling;
};
/// A response to a request of ours: provisionals above 100 and 100 itself, each 2xx of a fork too
/// (also while Timer M runs), the first final otherwise. The ACK of a 3xx–6xx has been sent by the
/// layer.
struct Response {
    Key key;
    sip::Message message;
    sip::Source from;
};
/// The ACK of a 2xx: the dialog matches it.
struct Ack {
    sip::Message message;
    sip::Source from;
};
/// A 2xx to an INVITE nobody knows any more, or whose failure was reported already (another fork
/// answered late): to be ACKed, then BYEd.
struct Stray {
    sip::Message message;
    sip::Source from;
};
/// A CANCEL matched this INVITE and has its 200; the owner answers the INVITE 487. Not reported
/// once a final answer was given.
struct Cancelled {
    Key invite;
};
/// Timer B, F or H, or the request could not be sent (`Io`, or what the wire reported). The
/// transaction is over. Once per transaction, and never after a final Response.
struct Failed {
    Key key;
    Errc code{};
};
using Action = std::variant<Transmit, Request, Response, Ack, Stray, Cancelled, Failed>;

/// All transactions of the daemon.
/// Thread: sip. Owns: slots, buffers of last responses and requests, one timer each.
/// Fails: a message that breaks a rule produces no action; calls with dead keys do nothing.
class Layer {
public:
    struct Options {
        Secret secret{};                   ///< keys branches and the hash of what peers choose
        std::vector<Identity> identities;  ///< one a listener; a target must be on one of them
        Timers timers{};
        Time start{};  ///< the first `now`
        /// Answered requests that are kept for their repetitions (timers G, H, I, J) at most;
        /// beyond it an answer is sent once and forgotten, as RFC 3261 §8.2.7 has it of a stateless
        /// UAS.
        std::size_t max_answered{50'000};
    };

    explicit Layer(Options options);
    ~Layer();
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;
    Layer(Layer&&) = delete;
    Layer& operator=(Layer&&) = delete;

    /// A message from the wire. Retransmissions end here and are answered from memory. False: a
    /// request whose top Via cannot be read; it changes nothing.
    bool receive(sip::Message message, const sip::Source& from, Time now);

    /// Admission has passed: the server transaction begins; an INVITE gets its 100 at once. An
    /// INVITE lives until it is answered, another request at most 64·T1 (RFC 4320 §4.2).
    void accept(Key key, Time now);
    /// One stateless answer (RFC 3261 §8.2.7), or silence if empty; nothing is kept.
    void refuse(Key key, std::string_view response);
    /// A provisional or final answer of ours, complete with Via. A 2xx to an INVITE is sent as
    /// often as it is given here within 64·T1 (its owner repeats it); any other final once, the
    /// layer repeats it, unless `max_answered` are kept already.
    void respond(Key key, std::string_view response, Time now);

    /// Sends a request of ours, complete but for its Via, and keeps it until it is answered.
    Key request(std::string_view message, const sip::Target& to, Time now);
    /// RFC 3261 §9.1: sends CANCEL for this INVITE once a provisional has come; same branch, same
    /// target. `headers` are whole extra lines (`Reason: …\r\n`), or empty. If no final answer
    /// follows within 64·T1 the INVITE ends with `Failed{Timeout}`. The CANCEL's own fate is not
    /// reported.
    void cancel(Key invite, std::string_view headers, Time now);
    /// A message outside any transaction: the ACK of a 2xx, complete but for its Via.
    void send(std::string_view message, const sip::Target& to);

    /// The wire could not deliver something of this transaction (ICMP, connection refused): a
    /// request without final answer fails. An answer of ours that is lost changes nothing (RFC
    /// 6026 §8.8): the request may come again, and Timer H reports a failure nobody acknowledges.
    void undeliverable(Key key, Errc code, Time now);

    /// True if this branch is one of ours and its transaction lives: what a stranger's response
    /// must show.
    [[nodiscard]] bool owns_branch(std::string_view branch) const;

    /// When `advance` has something to do; empty: never.
    [[nodiscard]] std::optional<Time> deadline() const;
    void advance(Time now);

    /// The next thing to do, or nothing. Drain it after every call above.
    std::optional<Action> poll();

    /// Transactions alive, lingering ones included.
    [[nodiscard]] std::size_t size() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace causeway::transaction
