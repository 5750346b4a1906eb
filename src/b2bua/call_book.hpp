#pragma once

#include "tally.hpp"
#include "trail.hpp"

#include "causeway/base/id.hpp"
#include "causeway/base/queue.hpp"
#include "causeway/base/timer_wheel.hpp"
#include "causeway/call/machine.hpp"
#include "causeway/crypto/siphash.hpp"
#include "causeway/dialog/leg.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/transaction/layer.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::b2bua {

/// A call and what belongs to it on this side of the seams.
struct Call {
    Call(CallId id, std::uint64_t salt) : machine(id, salt) {}

    call::Machine machine;
    Queue<call::Event> inbox;  ///< events wait here, so that the machine is never entered twice
    std::optional<dialog::Leg> a;
    std::optional<dialog::Leg> b;
    LegId b_id;  ///< the attempt that `b` is
    transaction::Key a_invite;
    transaction::Key b_invite;
    std::vector<transaction::Key> former_invites;  ///< of attempts that are over
    sip::Source a_source;                          ///< of its INVITE
    FlowId flow;
    TimerWheel::Node node{};
    std::string a_call_id;
    std::string b_call_id;
    std::string livekit_call_id;
    bool running{};            ///< its inbox is being worked off
    bool is_half_open{};       ///< counted as such: answered, its ACK is missing
    bool recorded{};           ///< its record is out; the call only waits to be buried
    bool finished{};           ///< the machine is done; only the relay's last word is missing
    Tally::Place tally{};      ///< its tenant's
    unsigned closing_flows{};  ///< CloseFlow was sent, `on_closed` has not come
    std::optional<port::MediaRelay::Stats> media;  ///< its last word, or what it has said so far
    port::MediaRelay::Stats counted_before;        ///< by the process that it was taken up from
    Trail trail;                                   ///< its messages, for `why`
    std::string trouble;                           ///< what went wrong here, in words
};

/// Calls by id, and the ways to find one: transaction key, dialog, flow, timer node.
/// Thread: sip. Owns: the calls. An erased call lives until `bury`, so that nobody up the stack is
/// left with a dangling reference.
class CallBook {
public:
    explicit CallBook(const Secret& secret);

    Call& open(CallId id, std::uint64_t salt);
    /// Forgets the call and everything that points to it.
    void close(Call& call);
    /// Frees what `close` has taken out; at the end of an entry point.
    void bury() { graveyard_.clear(); }

    [[nodiscard]] Call* find(CallId id) const;
    [[nodiscard]] Call* by_flow(FlowId flow) const;
    [[nodiscard]] Call* by_node(TimerWheel::Node node) const;

    void bind(transaction::Key key, const LegId& leg) { keys_[key] = leg; }
    void release(transaction::Key key) { keys_.erase(key); }
    [[nodiscard]] std::optional<LegId> by_key(transaction::Key key) const;

    /// A dialog is found by Call-ID and our own tag.
    void bind(const dialog::State& dialog, const LegId& leg);
    void release(const dialog::State& dialog);
    [[nodiscard]] std::optional<LegId> by_dialog(std::string_view call_id,
                                                 std::string_view local_tag) const;

    void bind(FlowId flow, CallId call) { flows_[flow] = call; }
    void release(FlowId flow) { flows_.erase(flow); }

    [[nodiscard]] std::size_t calls() const { return calls_.size(); }
    [[nodiscard]] std::size_t dialogs() const { return dialogs_.size(); }
    [[nodiscard]] std::size_t flows() const { return flows_.size(); }
    /// In ascending order: what is done to all calls is done in the same order everywhere.
    [[nodiscard]] std::vector<CallId> ids() const;
    /// The first `most` of those above `after`, likewise.
    [[nodiscard]] std::vector<CallId> ids(CallId after, std::size_t most) const;

private:
    struct DialogHash {
        using is_transparent = void;
        crypto::SipHash hash;
        std::size_t operator()(std::string_view text) const { return hash(text); }
    };
    std::string_view dialog_key(std::string_view call_id, std::string_view local_tag) const;

    std::unordered_map<CallId, std::unique_ptr<Call>> calls_;
    std::unordered_map<transaction::Key, LegId> keys_;
    std::unordered_map<std::string, LegId, DialogHash, std::equal_to<>> dialogs_;
    std::unordered_map<FlowId, CallId> flows_;
    std::vector<CallId> nodes_;
    std::vector<TimerWheel::Node> free_nodes_;
    std::vector<std::unique_ptr<Call>> graveyard_;
    mutable std::string scratch_;
};

}  // namespace causeway::b2bua
