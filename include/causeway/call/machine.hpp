#pragma once

#include "causeway/base/id.hpp"
#include "causeway/base/time.hpp"
#include "causeway/call/events.hpp"
#include "causeway/call/ledger.hpp"
#include "causeway/call/negotiation.hpp"
#include "causeway/call/outcome.hpp"
#include "causeway/call/snapshot.hpp"
#include "causeway/intake/intake.hpp"
#include "causeway/sip/types.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// One call: events in, commands out. No socket, no clock, no thread.
namespace causeway::call {

/// The rules of a call (PRODUCT §4.6–4.7): attempts and their timers, one ringing, the answer,
/// changes, the end. Every call ends in one outcome and one Finish, after both legs have ended.
/// Thread: its owner's. Owns: plan, descriptions, ledger, deadlines: all values.
/// Fails: an event that does not fit the phase does nothing.
class Machine {
public:
    /// `salt`: random bits of this call (session ids, Retry-After).
    Machine(CallId id, std::uint64_t salt) : id_(id), salt_(salt) {}

    [[nodiscard]] Commands on(Event event, Time now);
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] Commands advance(Time now);

    [[nodiscard]] CallId id() const { return id_; }
    [[nodiscard]] const intake::Plan& plan() const { return plan_; }
    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] bool is_live() const { return phase_ == Phase::Live; }

    /// The machine's part of a snapshot; nothing of a call that is still being set up.
    [[nodiscard]] std::optional<Snapshot> snapshot() const;
    /// Goes on where another process stopped. `flow`: the adopted one; zero: it could not be had.
    static Machine restored(const Snapshot& snapshot, FlowId flow);
    /// What it has to say at once: who may send what.
    [[nodiscard]] Commands resume(Time now);

private:
    enum class Phase : std::uint8_t { Idle, Opening, Trying, Live, Ending, Finished };
    enum class Timer : std::uint8_t { Setup, Attempt, Silence, Ring, Duration, Expiry };
    static constexpr std::size_t kTimers = 6;
    /// Why the last attempt came to nothing, and what leg a is told if no other is left.
    struct Failure {
        sip::Status status;
        std::string_view reason;
        Cause cause{};
        By side{By::B};
    };

    void handle(Invited& event, Time now);
    void handle(const FlowOpened& event, Time now);
    void handle(const FlowFailed& event, Time now);
    void handle(const Progress& event, Time now);
    void handle(const Answered& event, Time now);
    void handle(const Refused& event, Time now);
    void handle(const Cancelled& event, Time now);
    void handle(const Acked& event, Time now);
    void handle(const NoAck& event, Time now);
    void handle(const Offered& event, Time now);
    void handle(const Ended& event, Time now);
    void handle(const Closed& event, Time now);
    void handle(const Silent& event, Time now);
    void handle(const HangUp& event, Time now);

    void expired(Timer timer, Time now);
    void next_attempt(Time now);
    void attempt(Time now);
    void end_attempt(int status, std::string_view reason, Time now);
    void refuse(const Failure& failure, Time now, std::vector<sip::Header> headers = {});
    void hang_up(const Outcome& outcome, Time now);
    void begin_end(const Outcome& outcome, Time now);
    void finish_if_done();
    void start(Timer timer, Time at) { timers_[static_cast<std::size_t>(timer)] = at; }
    void stop(Timer timer) { timers_[static_cast<std::size_t>(timer)].reset(); }
    void connect();

    [[nodiscard]] LegId a() const { return {id_, 0}; }
    [[nodiscard]] LegId b() const { return {id_, current_}; }
    [[nodiscard]] bool is_current(const LegId& leg) const { return b_open_ && leg == b(); }
    [[nodiscard]] bool is_livekit() const;

    CallId id_;
    std::uint64_t salt_;
    Phase phase_{Phase::Idle};
    intake::Plan plan_;
    std::optional<Negotiation> media_;
    FlowId flow_;
    InterfaceId flow_interface_;  ///< leg b's end of the flow
    bool is_opening_{};           ///< OpenFlow waits for its answer
    std::size_t next_target_{};
    std::uint32_t current_{};  ///< ordinal of the leg b in use; 0: none yet
    bool heard_{};             ///< it has answered something
    bool above_100_{};         ///< … above 100
    bool a_open_{};
    bool b_open_{};
    Failure failure_;
    Ledger ledger_;
    std::array<std::optional<Time>, kTimers> timers_{};
    Commands commands_;
};

}  // namespace causeway::call
