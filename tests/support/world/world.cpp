#include "support/world/world.hpp"

#include "support/world/configuration.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::testing {
namespace {

constexpr Millis kDelay{1};
constexpr Millis kTick{100};                  // the in-memory relay's
constexpr Millis kLinger{64 * 500 + 10'000};  // 64·T1, T4 and some

std::string yaml(const World::Options& options) {
    std::string text = R"(node: world
interfaces:
  - {name: carriers, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: )" +
                       options.carrier_ports + R"(}
  - {name: livekit, side: livekit, bind: 127.0.0.1, sip: [udp:5080], rtp_ports: )" +
                       options.ports + "}\n";
    if (options.second) {
        text.append(
                "  - {name: second, side: livekit, bind: 127.0.0.1, sip: [udp:5090], rtp_ports: ")
            .append(options.second_ports)
            .append("}\n");
    }
    text += R"(carriers:
  - {name: primary, interface: carriers, sources: [)" +
            options.carrier + R"(], numbers: {country: DE}, pass_headers: [X-Campaign]}
tenants:
  - {id: acme, domain: acme.example, dids: ["+4991874350352", "+493012345*"], gateway_groups: [1)" +
            std::string(options.second ? ", 2" : "") + R"(]}
cdr: {file: /nonexistent/cdr.jsonl}
security: )" +
            options.security + "\ncall: " + options.call +
            R"(
gateway_groups:
  - id: 1
    name: default
    interface: livekit
    gateways:
)";
    for (const std::string& gateway : options.gateways) {
        text.append("      - ").append(gateway).append("\n");
    }
    if (options.second) {
        text.append(
            R"(  - {id: 2, name: second, interface: second, gateways: [{name: far, kind: generic, uri: "sip:127.0.0.40:5060"}]})");
    }
    return text;
}

/// Worlds by the thousand (fuzzing) ask for the same few configurations.
const config::Configuration& load(const World::Options& options) {
    static std::map<std::string, config::Configuration> known;
    const std::string text = yaml(options);
    const auto found = known.find(text);
    return found != known.end() ? found->second
                                : known.emplace(text, read_configuration(text)).first->second;
}

}  // namespace

World::World(Options options) {
    const config::Configuration& configuration = load(options);
    snapshot = configuration.snapshot;
    plane_.secret.fill(std::byte{options.seed});
    plane_.interfaces = configuration.startup.interfaces;
    plane_.config = snapshot;
    plane_.max_calls = options.max_calls;
    plane_.max_transactions = options.max_transactions;
    start_plane();

    FakeLivekit::Options livekit_options;
    livekit_options.sip = at(20);
    livekit_options.media = options.media;
    livekit_options.numbers = options.numbers;
    livekit_options.otherwise = Behaviour::answer(Millis{20});
    livekit = std::make_unique<FakeLivekit>(std::move(livekit_options));

    const auto from_peer = [this](const Endpoint& from, const Endpoint& to, std::string bytes) {
        send_from(from, to, std::move(bytes));
    };
    carrier = std::make_unique<Peer>(at(10), carrier_side(), from_peer);
    generic = std::make_unique<Peer>(at(30), livekit_side(), from_peer);
    distant = std::make_unique<Peer>(at(40), second_side(), from_peer);
    stranger = std::make_unique<Peer>(at(66), carrier_side(), from_peer);
}

World::~World() = default;

std::shared_ptr<const config::Snapshot> World::configuration(const Options& options) {
    return load(options).snapshot;
}

void World::start_plane() {
    std::vector<test::FakeRelay::Interface> interfaces;
    for (const config::Interface& interface : plane_.interfaces) {
        interfaces.push_back(
            {interface.id, interface.advertise, interface.rtp_first, interface.rtp_last});
    }
    relay = std::make_unique<test::FakeRelay>(std::move(interfaces), clock);
    engine = b2bua::make_engine(plane_, clock, *this);
    engine->attach(*this, *relay);
    relay->listen(*engine);
}

void World::restart() {
    engine->count_media();
    relay->pump();
    const std::vector<std::string> calls = engine->snapshots();
    engine.reset();
    plane_.secret.front() ^= std::byte{0x80};  // another process, other random numbers
    start_plane();
    for (const std::string& call : calls) {
        const auto taken = engine->restore(call);
        EXPECT_TRUE(taken) << taken.error().what;
    }
}

// ── the network ─────────────────────────────────────────────────────────────────────────────────

void World::send(transaction::Key key, const sip::Target& to, std::string_view bytes) {
    sent_.push_back({clock.now(), to.peer, std::string(bytes)});
    const std::array ours{carrier_side(), livekit_side(), second_side()};
    post({ours.at(to.interface.value - 1), to.peer, std::string(bytes), key});
}

void World::send_from(const Endpoint& from, const Endpoint& to, std::string bytes) {
    post({from, to, std::move(bytes), {}});
}

void World::post(Delivery delivery) {
    if (loses && loses(delivery.from, delivery.to, delivery.bytes)) {
        return;
    }
    network_.emplace(clock.now() + kDelay, std::move(delivery));
}

void World::deliver(const Delivery& delivery) {
    if (unreachable_ && delivery.to == *unreachable_) {
        engine->on_undeliverable(delivery.key, Errc::Io);
    } else if (const InterfaceId interface = own_interface(delivery.to)) {
        const sip::Source from{interface, delivery.from, sip::Transport::Udp, {}};
        const auto bytes = std::as_bytes(std::span(delivery.bytes));
        if (is_late) {
            engine->on_late(bytes, from);
        } else {
            engine->on_message(bytes, from);
        }
    } else if (delivery.to == at(20)) {
        livekit->on_sip(delivery.bytes, delivery.from, clock.now());
    } else {
        for (Peer* peer : {carrier.get(), generic.get(), distant.get(), stranger.get()}) {
            if (delivery.to == peer->address()) {
                peer->deliver(delivery.bytes);
            }
        }
    }
}

InterfaceId World::own_interface(const Endpoint& to) {
    const std::array ours{carrier_side(), livekit_side(), second_side()};
    const auto found = std::find(ours.begin(), ours.end(), to);
    return InterfaceId{found == ours.end() ? 0
                                           : static_cast<std::uint32_t>(found - ours.begin() + 1)};
}

void World::flush_livekit() {
    while (auto datagram = livekit->poll()) {
        if (datagram->from.port == at(20).port) {
            send_from(datagram->from, datagram->to, std::move(datagram->bytes));
        } else {
            relay->inject(datagram->to, datagram->from, std::as_bytes(std::span(datagram->bytes)));
        }
    }
}

std::optional<Time> World::next_event() const {
    std::optional<Time> next = engine->deadline();
    const auto earlier = [&](std::optional<Time> time) {
        if (time && (!next || *time < *next)) {
            next = time;
        }
    };
    earlier(livekit->deadline());
    if (!network_.empty()) {
        earlier(network_.begin()->first);
    }
    return next;
}

void World::run_for(Millis duration) {
    const Time end = clock.now() + duration;
    for (;;) {
        flush_livekit();
        relay->pump();
        Time next = std::min(end, next_event().value_or(end));
        if (relay->open_flows() > 0) {
            next = std::min(next, clock.now() + kTick);
        }
        if (next > clock.now()) {
            clock.advance(std::chrono::ceil<Millis>(next - clock.now()));
            relay->advance();
        }
        livekit->advance(clock.now());
        while (!network_.empty() && network_.begin()->first <= clock.now()) {
            const Delivery delivery = std::move(network_.begin()->second);
            network_.erase(network_.begin());
            deliver(delivery);
        }
        const auto due = engine->deadline();
        if (due && *due <= clock.now()) {
            engine->advance();
        }
        const auto more = next_event();
        if (clock.now() >= end && (!more || *more > end)) {
            flush_livekit();
            relay->pump();
            return;
        }
    }
}

void World::expect_nothing_left() {
    run_for(Millis{1000});
    EXPECT_EQ(relay->ports_in_use(), 0U);
    EXPECT_EQ(relay->open_flows(), 0U);
    EXPECT_TRUE(relay->fast_path().active.empty());
    run_for(kLinger);
    const b2bua::Census census = engine->census();
    EXPECT_EQ(census.calls, 0U);
    EXPECT_EQ(census.dialogs, 0U);
    EXPECT_EQ(census.flows, 0U);
    EXPECT_EQ(census.timers, 0U);
    EXPECT_EQ(census.transactions, 0U);
    for (const port::TenantFigures& tenant : engine->figures().by_tenant) {
        EXPECT_EQ(tenant.active[0] + tenant.active[1], 0U);
    }
}

}  // namespace causeway::testing
