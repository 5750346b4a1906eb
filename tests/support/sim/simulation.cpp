#include "support/sim/simulation.hpp"

#include "support/world/configuration.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::testing::sim {
namespace {

constexpr Millis kTick{1000};        // the in-memory relay's
constexpr Millis kLongest{900'000};  // all is at rest long before
constexpr std::uint16_t kSip = 5060;
constexpr std::uint64_t kSecretStep = 0x9e3779b97f4a7c15ULL;

constexpr std::uint16_t kLivekitSip = 5080;

}  // namespace

Simulation::Simulation(std::uint64_t seed, Trace trace)
    : schedule_(clock_),
      chance_(seed),
      trace_(std::move(trace)),
      setting_(make_setting(chance_)),
      carrier_side_{setting_.carrier_side(1), kSip},
      livekit_side_{setting_.livekit_side(1), kLivekitSip},
      configuration_(read_configuration(setting_.yaml)),
      network_(
          schedule_, chance_,
          [this](const Endpoint& from, const Endpoint& to, const std::string& bytes) {
              deliver(from, to, bytes);
          },
          [this](transaction::Key key) {
              if (engine_) {
                  engine_->on_undeliverable(key, Errc::Io);
              }
          }),
      hash_(Secret{}),
      started_(clock_.now()) {
    report_.seed = seed;
    build_peers();
    start_plane();
}

Simulation::~Simulation() = default;

void Simulation::build_peers() {
    for (const std::uint8_t octet : std::array<std::uint8_t, 3>{10, 11, 12}) {
        carriers_.push_back(
            std::make_unique<Carrier>(*this, Agent::Options{"carrier " + std::to_string(octet),
                                                            {setting_.carrier_side(octet), kSip},
                                                            carrier_side_,
                                                            "zcar-z" + std::to_string(octet)}));
    }
    for (const std::uint8_t octet : std::array<std::uint8_t, 2>{30, 31}) {
        gateways_.push_back(
            std::make_unique<Gateway>(*this, Agent::Options{"gateway " + std::to_string(octet),
                                                            {setting_.livekit_side(octet), kSip},
                                                            livekit_side_,
                                                            "zgat-z" + std::to_string(octet)}));
    }
    for (const std::uint8_t octet : std::array<std::uint8_t, 2>{20, 21}) {
        FakeLivekit::Options options;
        options.sip = {setting_.livekit_side(octet), kSip};
        options.numbers = setting_.numbers;
        options.seed = chance_.next();
        livekits_.push_back(std::make_unique<FakeLivekit>(std::move(options)));
        livekit_excused_.push_back(false);
    }
    vandals_.emplace_back(*this, Endpoint{setting_.carrier_side(13), kSip}, carrier_side_,
                          "zcar-z13");
    vandals_.emplace_back(*this, Endpoint{setting_.carrier_side(66), kSip}, carrier_side_,
                          "zcar-z66");
    vandals_.emplace_back(*this, Endpoint{setting_.livekit_side(67), kSip}, livekit_side_,
                          "zgat-z67");
    if (chance_.percent(50)) {
        network_.close({setting_.livekit_side(40), kSip});
    }
}

void Simulation::start_plane() {
    std::vector<test::FakeRelay::Interface> interfaces;
    for (const config::Interface& interface : configuration_.startup.interfaces) {
        interfaces.push_back(
            {interface.id, interface.advertise, interface.rtp_first, interface.rtp_last});
    }
    relay_ = std::make_unique<test::FakeRelay>(std::move(interfaces), clock_);
    b2bua::Options options;
    const std::uint64_t secret = report_.seed + ++lives_ * kSecretStep;
    for (std::size_t i = 0; i < sizeof secret; ++i) {
        options.secret[i] = static_cast<std::byte>(secret >> (8 * i));
    }
    options.interfaces = configuration_.startup.interfaces;
    options.config = configuration_.snapshot;
    options.max_calls = setting_.max_calls;
    engine_ = b2bua::make_engine(std::move(options), clock_, *this);
    engine_->attach(*this, *relay_);
    relay_->listen(*engine_);
}

// ── the wire ────────────────────────────────────────────────────────────────────────────────────

void Simulation::send(const Endpoint& from, const Endpoint& to, std::string bytes) {
    note(">", from, to, bytes);
    network_.post(from, to, std::move(bytes), {});
}

void Simulation::send(transaction::Key key, const sip::Target& to, std::string_view bytes) {
    const Endpoint& from = to.interface == InterfaceId{1} ? carrier_side_ : livekit_side_;
    note(">", from, to.peer, bytes);
    check_sent(to, bytes);
    network_.post(from, to.peer, std::string(bytes), key);
}

void Simulation::speak(const Endpoint& from, const Endpoint& to) {
    if (engine_) {
        relay_->inject_rtp(to, from, 8, ++sequence_);
    }
}

void Simulation::emit(port::CallRecord record) noexcept {
    records_.push_back(std::move(record));
}

void Simulation::deliver(const Endpoint& from, const Endpoint& to, const std::string& bytes) {
    note("<", from, to, bytes);
    if (to == carrier_side_ || to == livekit_side_) {
        if (engine_) {
            const InterfaceId interface { to == carrier_side_ ? 1U : 2U };
            engine_->on_message(std::as_bytes(std::span(bytes)),
                                {interface, from, sip::Transport::Udp, {}});
        }
        return;
    }
    for (std::size_t i = 0; i < livekits_.size(); ++i) {
        if (to == Endpoint{setting_.livekit_side(static_cast<std::uint8_t>(20 + i)), kSip}) {
            livekits_[i]->on_sip(bytes, from, clock_.now());
        }
    }
    for (const auto& carrier : carriers_) {
        if (to == carrier->address()) {
            carrier->deliver(bytes, from);
        }
    }
    for (const auto& gateway : gateways_) {
        if (to == gateway->address()) {
            gateway->deliver(bytes, from);
        }
    }
}

void Simulation::flush() {
    for (const auto& livekit : livekits_) {
        while (auto datagram = livekit->poll()) {
            send(datagram->from, datagram->to, std::move(datagram->bytes));
        }
    }
    if (engine_) {
        relay_->pump();
    }
}

// ── time ────────────────────────────────────────────────────────────────────────────────────────

std::optional<Time> Simulation::next_event() const {
    std::optional<Time> next = schedule_.next();
    const auto earlier = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) {
            next = time;
        }
    };
    for (const auto& livekit : livekits_) {
        earlier(livekit->deadline());
    }
    if (engine_) {
        earlier(engine_->deadline());
        if (relay_->open_flows() > 0) {
            earlier(clock_.now() + kTick);
        }
    }
    return next;
}

void Simulation::step(Time end) {
    const Time next = std::min(end, next_event().value_or(end));
    if (next > clock_.now()) {
        clock_.advance(std::chrono::ceil<Millis>(next - clock_.now()));
        if (engine_) {
            relay_->advance();
        }
    }
    for (const auto& livekit : livekits_) {
        livekit->advance(clock_.now());
    }
    flush();
    while (schedule_.run_one()) {
        flush();
        check_step();
    }
    if (!engine_) {
        return;
    }
    const auto due = engine_->deadline();
    if (due && *due <= clock_.now()) {
        engine_->advance();
        flush();
        check_step();
        const auto then = engine_->deadline();
        if (then && *then <= clock_.now()) {
            violation("the engine's deadline does not move");
        }
    }
}

void Simulation::run_until(Time end) {
    while (clock_.now() < end && report_.violations.size() < 20) {
        step(end);
    }
}

Report Simulation::run() {
    plan_calls();
    plan_disasters();
    run_until(started_ + setting_.span + Millis{10'000});
    settle_down();
    const Time longest = clock_.now() + kLongest;
    while (next_event() && clock_.now() < longest && report_.violations.empty()) {
        step(longest);
    }
    check_end();
    report_.records = records_.size();
    return std::move(report_);
}

// ── what is seen ────────────────────────────────────────────────────────────────────────────────

void Simulation::note(std::string_view what, const Endpoint& from, const Endpoint& to,
                      std::string_view bytes) {
    ++report_.datagrams;
    const auto since = std::chrono::duration_cast<Millis>(clock_.now() - started_).count();
    const std::array<std::uint64_t, 5> parts{report_.hash, static_cast<std::uint64_t>(since),
                                             std::hash<Endpoint>{}(from), std::hash<Endpoint>{}(to),
                                             hash_(bytes)};
    report_.hash = hash_({reinterpret_cast<const char*>(parts.data()), sizeof parts});
    if (trace_) {
        trace_(std::to_string(since) + " " + std::string(what) + " " + from.to_string() + " -> " +
               to.to_string() + "\n" + std::string(bytes) + "\n");
    }
}

void Simulation::note(const std::string& what) {
    if (trace_) {
        const auto since = std::chrono::duration_cast<Millis>(clock_.now() - started_).count();
        trace_(std::to_string(since) + " * " + what + "\n");
    }
}

void Simulation::violation(const std::string& what) {
    const auto since = std::chrono::duration_cast<Millis>(clock_.now() - started_).count();
    note("VIOLATION " + what);
    if (report_.violations.size() < 20) {
        report_.violations.push_back("at " + std::to_string(since) + " ms: " + what);
    }
}

}  // namespace causeway::testing::sim
