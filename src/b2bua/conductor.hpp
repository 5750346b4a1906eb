#pragma once

#include "call_book.hpp"
#include "dismissals.hpp"
#include "farewells.hpp"
#include "half_open.hpp"
#include "memory.hpp"
#include "pace.hpp"
#include "strangers.hpp"
#include "tally.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/base/thread_check.hpp"
#include "causeway/crypto/random.hpp"
#include "causeway/sip/verdict.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace causeway::b2bua {

struct Scene;

/// The engine behind `make_engine`. Every entry point does one thing, then `settle`s: drains the
/// transaction layer and sets timers.
/// engine.cpp: entry points. restore.cpp: calls of a former process. requests.cpp: what peers ask.
/// legs.cpp: what legs want and report. commands.cpp: what the call machine decides. views.cpp:
/// what operators see and do. why.cpp: what is remembered.
class Conductor final : public Engine {
public:
    Conductor(Options options, const port::Clock& clock, port::EventSink& sink);

    void attach(port::Wire& wire, port::MediaRelay& media) override;
    [[nodiscard]] std::shared_ptr<const config::Snapshot> configure(
        std::shared_ptr<const config::Snapshot> config) override;
    [[nodiscard]] std::optional<Time> deadline() const override;
    void advance() override;
    void drain() override { draining_ = true; }
    void undrain() override { draining_ = false; }
    void hang_up_all(std::string_view reason, call::Cause cause) override;
    [[nodiscard]] Result<void> hang_up(CallId id) override;
    [[nodiscard]] port::CallPage calls(const port::CallQuery& query) const override;
    [[nodiscard]] Result<port::CallView> call(CallId id) const override;
    void count_media() override;
    [[nodiscard]] std::vector<std::string> snapshots() const override;
    [[nodiscard]] Result<CallId> restore(std::string_view snapshot) override;
    [[nodiscard]] std::optional<Story> why(std::string_view subject) const override;
    [[nodiscard]] Census census() const override;
    [[nodiscard]] Counters counters() const override { return counters_; }
    [[nodiscard]] port::Figures figures() const override { return tally_.figures(); }

    port::Wire::Standing on_connection(const sip::Source& from) override;
    port::Wire::Heard on_message(std::span<const std::byte> bytes,
                                 const sip::Source& from) override;
    port::Wire::Heard on_late(std::span<const std::byte> bytes, const sip::Source& from) override;
    void on_broken(std::span<const std::byte> bytes, const sip::Source& from) override;
    void on_undeliverable(transaction::Key key, Errc code) override;
    void on_closed(Ticket ticket, const port::MediaRelay::Stats& stats) override;
    void on_counted(FlowId flow, const port::MediaRelay::Stats& stats) override;
    void on_silent(FlowId flow, port::MediaRelay::End end) override;

private:
    // engine.cpp
    [[nodiscard]] bool is_known(const sip::Source& from) const;
    void complain(std::span<const std::byte> bytes, const sip::Source& from, const Error& error);
    void turn_away(std::span<const std::byte> bytes, const sip::Source& from);
    void name_stranger(const sip::Source& from);
    [[nodiscard]] bool may_speak(std::span<const std::byte> bytes, const sip::Source& from) const;
    void count_stranger();
    void send(transaction::Key key, const sip::Target& to, std::string_view bytes);
    void settle();
    void handle(transaction::Transmit& action);
    void handle(transaction::Cancelled& action);
    void handle(transaction::Failed& action);

    // requests.cpp
    void handle(transaction::Request& action);
    void handle(transaction::Ack& action);
    void inside_dialog(transaction::Request& request, std::string_view to_tag);
    [[nodiscard]] bool crosses_ours(const sip::Message& request, std::string_view to_tag);
    void invite(transaction::Request& request, const admission::Pass& pass);
    [[nodiscard]] bool is_merged(const transaction::Request& request) const;
    [[nodiscard]] bool is_own_call(const sip::Message& invite) const;
    void begin_call(transaction::Request& request, intake::Plan plan, CallId id);
    void refuse(const transaction::Request& request, const Rejection& rejection);
    [[nodiscard]] std::string refusal(const transaction::Request& request,
                                      const Rejection& rejection);
    void reject(transaction::Request& request, const Rejection& rejection, CallId id,
                const std::string& carrier);
    [[nodiscard]] std::string stateless_tag(const sip::Message& request) const;
    [[nodiscard]] admission::Load load(const transaction::Request& request);
    [[nodiscard]] bool is_overloaded(const transaction::Request& request);

    // legs.cpp
    void handle(transaction::Response& action);
    void handle(transaction::Stray& action);
    [[nodiscard]] dialog::Leg* leg_of(Call& call, const LegId& id);
    void drain(Call& call, const LegId& id);
    void perform(dialog::Respond& output, Call& call, const LegId& leg);
    void perform(dialog::Repeat& output, Call& call, const LegId& leg);
    void perform(dialog::Ask& output, Call& call, const LegId& leg);
    void perform(dialog::Post& output, Call& call, const LegId& leg);
    void perform(dialog::Progress& output, Call& call, const LegId& leg);
    void perform(dialog::Answered& output, Call& call, const LegId& leg);
    void perform(dialog::Refused& output, Call& call, const LegId& leg);
    void perform(dialog::Acked& output, Call& call, const LegId& leg);
    void perform(dialog::NoAck& output, Call& call, const LegId& leg);
    void perform(dialog::Offered& output, Call& call, const LegId& leg);
    void perform(dialog::PeerEnded& output, Call& call, const LegId& leg);
    void perform(dialog::Closed& output, Call& call, const LegId& leg);
    enum class Dismissal : std::uint8_t {
        Answered,  ///< an answer to an INVITE of ours, but too late, or of another fork
        Stray,     ///< an answer to none that we know
    };
    void dismiss(const sip::Message& answer, const sip::Source& from, Dismissal kind);
    [[nodiscard]] const sip::Target& served(const sip::Target& wanted,
                                            const sip::Target& before) const;
    [[nodiscard]] std::uint64_t hash_of(std::string_view call_id, std::string_view local_tag,
                                        std::string_view remote_tag) const;
    [[nodiscard]] std::string contact_on(InterfaceId interface, sip::Transport transport) const;

    // restore.cpp
    [[nodiscard]] bool knows_interfaces(const call::Snapshot& snapshot) const;
    [[nodiscard]] FlowId adopt_flow(const call::Snapshot& snapshot);
    void adopt_leg(Call& call, std::optional<dialog::Leg>& leg, dialog::State state,
                   const LegId& id);
    bool repeat_answer(const sip::Message& invite);

    // commands.cpp
    void tell(Call& call, call::Event event);
    void execute(call::OpenFlow& command, Call& call);
    void execute(call::SendInvite& command, Call& call);
    void execute(call::Reply& command, Call& call);
    void execute(call::ConnectFlow& command, Call& call);
    void execute(call::EndLeg& command, Call& call);
    void execute(call::CloseFlow& command, Call& call);
    void execute(call::Finish& command, Call& call);
    void execute_all(call::Commands commands, Call& call);
    void run(Call& call);
    void wake(Call& call);
    void drop_b(Call& call);
    void complete_if_done(Call& call);
    void set_timer(Call& call);
    void count_half_open(Call& call);

    // why.cpp
    [[nodiscard]] Story story_of(const Memory::Past& past) const;
    [[nodiscard]] Story story_of(const Call& call) const;
    [[nodiscard]] Story story_of(const Strangers::Seen& seen) const;
    void finish(Story& story, const Scene& scene) const;
    void note(Call& call, Way way, const LegId& leg, std::string_view message);
    void note_heard(Call& call, const LegId& leg);
    void note_sent(const transaction::Transmit& action);
    void note_cancel(Call& call);

    [[nodiscard]] const config::Interface& interface(InterfaceId id) const {
        return options_.interfaces[id.value - 1];
    }

    Options options_;
    const port::Clock& clock_;
    port::EventSink& sink_;
    port::Wire* wire_{};
    port::MediaRelay* media_{};
    crypto::Random random_;
    crypto::SipHash tags_;  ///< of answers without state, and of dialogs that are over
    transaction::Layer layer_;
    CallBook book_;
    Dismissals dismissals_;
    Farewells farewells_;
    Strangers strangers_;
    HalfOpen half_open_;
    PerSecond overload_answers_;  ///< 503s that are worth their cost; beyond them there is silence
    Memory memory_;
    std::string_view heard_;  ///< the message being read, until it stands in a call's trail
    TimerWheel wheel_;
    Counters counters_;
    Pace pace_;
    Tally tally_;
    std::vector<CallId> unacked_;  ///< taken up while leg a had not acknowledged its 200
    Time now_;                     ///< read once an entry
    bool draining_{};
    bool is_late_{};  ///< what is being read has waited too long
    ThreadCheck thread_;
};

}  // namespace causeway::b2bua
