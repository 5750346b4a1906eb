#pragma once

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/fake_relay.hpp"
#include "support/manual_clock.hpp"
#include "support/world/peer.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/port/event_sink.hpp"
#include "causeway/port/wire.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace causeway::testing {

/// The whole signalling plane between scripted peers on virtual time: the engine with an in-memory
/// wire and relay, a carrier at 127.0.0.10, a fake LiveKit at 127.0.0.20, a scripted generic far
/// end at 127.0.0.30, another one behind a second interface at 127.0.0.40, a stranger at
/// 127.0.0.66. One millisecond each way. Thread: one. Owns: everything.
class World : private port::Wire, private port::EventSink {
public:
    struct Options {
        /// `gateways:` of the one group, as YAML list lines; the default is the LiveKit alone.
        std::vector<std::string> gateways{
            R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})"};
        std::string security{"{}"};                               ///< `security:`, likewise
        std::string call{"{}"};                                   ///< `call:` of the configuration
        std::string carrier_ports{"10000-10999"};                 ///< the carrier side's rtp_ports
        std::string ports{"15000-15999"};                         ///< the livekit side's
        std::map<std::string, Behaviour, std::less<>> numbers{};  ///< what LiveKit does
        /// A second group, by an interface of its own: the generic gateway `distant` alone.
        bool second{};
        std::string second_ports{"16000-16999"};
        std::string carrier{"127.0.0.10/32, 127.0.0.11/32"};  ///< the carrier's sources
        Media media{Media::Ignored};
        std::size_t max_calls{1000};
        std::size_t max_transactions{100'000};
        std::uint8_t seed{1};
    };
    World() : World(Options{}) {}
    explicit World(Options options);
    ~World() override;
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    World(World&&) = delete;
    World& operator=(World&&) = delete;

    /// What such a world would run on; to be put in force in another one.
    [[nodiscard]] static std::shared_ptr<const config::Snapshot> configuration(
        const Options& options);

    /// Lets virtual time pass: timers and deliveries in order.
    void run_for(Millis duration);

    /// The signalling plane and the relay go, and come back with what the snapshots say.
    void restart();

    /// Every datagram the engine sent, to whomever.
    struct Sent {
        Time at;
        Endpoint to;
        std::string bytes;
    };
    [[nodiscard]] const std::deque<Sent>& sent() const { return sent_; }
    /// Loses every datagram for which this says true; empty: none.
    std::function<bool(const Endpoint& from, const Endpoint& to, std::string_view bytes)> loses;
    /// Datagrams have waited too long before the SBC reads them.
    bool is_late{};
    /// Sends bytes to the SBC from any address.
    void send_from(const Endpoint& from, const Endpoint& to, std::string bytes);
    /// The wire reports that nothing can reach this address.
    void unreachable(const Endpoint& address) { unreachable_ = address; }

    /// Nothing may be left of any call; lingering transactions only until their timers have run,
    /// which this lets happen (RFC 3261: at most 64·T1 and a little).
    void expect_nothing_left();

    test::ManualClock clock;
    std::shared_ptr<const config::Snapshot> snapshot;  ///< what the engine runs on
    std::unique_ptr<b2bua::Engine> engine;
    std::unique_ptr<test::FakeRelay> relay;
    std::unique_ptr<FakeLivekit> livekit;
    std::unique_ptr<Peer> carrier;
    std::unique_ptr<Peer> generic;
    std::unique_ptr<Peer> distant;
    std::unique_ptr<Peer> stranger;
    std::vector<port::CallRecord> records;

    static Endpoint at(std::uint8_t last_octet, std::uint16_t port = 5060) {
        return {IpAddress::v4(127, 0, 0, last_octet), port};
    }
    static Endpoint carrier_side() { return at(1, 5060); }
    static Endpoint livekit_side() { return at(1, 5080); }
    static Endpoint second_side() { return at(1, 5090); }

private:
    struct Delivery {
        Endpoint from;
        Endpoint to;
        std::string bytes;
        transaction::Key key;
    };

    void send(transaction::Key key, const sip::Target& to, std::string_view bytes) override;
    void emit(port::CallRecord record) noexcept override { records.push_back(std::move(record)); }
    /// Whose listener this is; none: an address of somebody else.
    static InterfaceId own_interface(const Endpoint& to);
    void deliver(const Delivery& delivery);
    void post(Delivery delivery);
    void start_plane();
    void flush_livekit();
    [[nodiscard]] std::optional<Time> next_event() const;

    b2bua::Options plane_;
    std::multimap<Time, Delivery> network_;
    std::deque<Sent> sent_;
    std::optional<Endpoint> unreachable_;
};

}  // namespace causeway::testing
