#pragma once

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/fake_relay.hpp"
#include "support/manual_clock.hpp"
#include "support/sim/around.hpp"
#include "support/sim/carrier.hpp"
#include "support/sim/gateway.hpp"
#include "support/sim/network.hpp"
#include "support/sim/setting.hpp"
#include "support/sim/vandal.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/config/config.hpp"
#include "causeway/crypto/siphash.hpp"
#include "causeway/port/event_sink.hpp"
#include "causeway/port/wire.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::testing::sim {

/// What came of a seed.
struct Report {
    std::uint64_t seed{};
    std::vector<std::string> violations;  ///< empty: all is well; the first twenty
    std::uint64_t hash{};                 ///< of every datagram with its time
    std::size_t calls{};                  ///< placed
    std::size_t answered{};               ///< of them, by the SBC's own count
    std::size_t records{};
    std::size_t datagrams{};
    std::size_t restored{};  ///< calls taken up from snapshots
};

/// The whole signalling plane between carriers, gateways, vandals and a network, on virtual time,
/// all from one seed. After every step its invariants are looked at, and when everything has come
/// to rest nothing may be left. Thread: one. Owns: everything.
class Simulation final : public Around, private port::Wire, private port::EventSink {
public:
    /// One line a datagram and event; empty: none.
    using Trace = std::function<void(const std::string& line)>;

    explicit Simulation(std::uint64_t seed, Trace trace = {});
    ~Simulation() override;
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;
    Simulation(Simulation&&) = delete;
    Simulation& operator=(Simulation&&) = delete;

    Report run();

private:
    // simulation.cpp: the world
    void send(const Endpoint& from, const Endpoint& to, std::string bytes) override;
    void speak(const Endpoint& from, const Endpoint& to) override;
    void violation(const std::string& what) override;
    Schedule& schedule() override { return schedule_; }
    Chance& chance() override { return chance_; }
    void send(transaction::Key key, const sip::Target& to, std::string_view bytes) override;
    void emit(port::CallRecord record) noexcept override;

    void build_peers();
    void start_plane();
    void deliver(const Endpoint& from, const Endpoint& to, const std::string& bytes);
    void flush();
    void step(Time end);
    void run_until(Time end);
    [[nodiscard]] std::optional<Time> next_event() const;
    void note(std::string_view what, const Endpoint& from, const Endpoint& to,
              std::string_view bytes);
    void note(const std::string& what);

    // disasters.cpp: what is planned, and what goes wrong
    void plan_calls();
    void plan_disasters();
    void outage(Agent& agent);
    void livekit_outage(std::size_t index);
    void crash();
    static std::string leg_of(const LivekitCall& call);
    [[nodiscard]] std::set<std::string> legs_in(const std::vector<std::string>& snapshots);
    void settle_down();

    // invariants.cpp: what must hold
    void check_step();
    void check_sent(const sip::Target& to, std::string_view bytes);
    void check_end();
    void check_records();

    test::ManualClock clock_;
    Schedule schedule_;
    Chance chance_;
    Trace trace_;
    Setting setting_;
    Endpoint carrier_side_;  ///< our listeners
    Endpoint livekit_side_;
    config::Configuration configuration_;
    Network network_;
    std::unique_ptr<test::FakeRelay> relay_;
    std::unique_ptr<b2bua::Engine> engine_;  ///< nullptr: the process is gone
    std::vector<std::unique_ptr<Carrier>> carriers_;
    std::vector<std::unique_ptr<Gateway>> gateways_;
    std::vector<std::unique_ptr<FakeLivekit>> livekits_;
    std::vector<bool> livekit_excused_;
    std::set<std::string> lost_with_us_;  ///< LiveKit's calls that no snapshot holds, as `legs_in`
    std::vector<Vandal> vandals_;
    std::vector<port::CallRecord> records_;
    Report report_;
    crypto::SipHash hash_;
    std::uint16_t sequence_{};  ///< of RTP
    std::uint64_t lives_{};     ///< of the SBC so far
    std::size_t expected_{};    ///< records that earlier lives owe
    std::size_t checked_{};     ///< records seen by `check_step`
    bool amnesty_{};            ///< calls were lost with a process
    Time started_;
};

}  // namespace causeway::testing::sim
