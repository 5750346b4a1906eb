#include "support/sim/setting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::testing::sim {
namespace {

constexpr unsigned kNumbers = 10;

std::string number(std::uint64_t index) {
    return "+4930123450" + std::to_string(index);
}

std::string call_timers(Chance& chance) {
    constexpr std::array kDurations{"30s", "90s", "300s"};
    constexpr std::array kMedia{"0s", "0s", "20s", "60s"};
    constexpr std::array kRings{"10s", "30s", "120s"};
    return std::string("call: {max_duration: ") + chance.pick(kDurations) +
           ", media_timeout: " + chance.pick(kMedia) + ", ring_timeout: " + chance.pick(kRings) +
           "}\n";
}

std::vector<std::string> gateways(Chance& chance) {
    std::vector<std::string> list{
        R"({name: lk1, kind: livekit, uri: "sip:127.0.0.20:5060"})",
        R"({name: lk2, kind: livekit, uri: "sip:127.0.0.21:5060", codecs: [PCMU, PCMA]})",
        R"({name: g1, kind: generic, uri: "sip:127.0.0.30:5060"})",
        R"({name: g2, kind: generic, uri: "sip:127.0.0.31:5060"})",
        R"({name: nobody, kind: generic, uri: "sip:127.0.0.40:5060"})"};
    for (std::size_t i = list.size() - 1; i > 0; --i) {
        std::swap(list[i], list[chance.below(i + 1)]);
    }
    list.resize(1 + chance.below(list.size()));
    return list;
}

Behaviour behaviour(Chance& chance) {
    constexpr std::array kRefusals{400, 404, 480, 486, 488, 500, 503, 603};
    switch (chance.below(10)) {
        case 0:
            return Behaviour::drop();
        case 1:
            return Behaviour::silent();
        case 2:
            return Behaviour::refuse(chance.pick(kRefusals), "So");
        case 3:
            return Behaviour::busy_after(chance.between(Millis{100}, Millis{9000}));
        case 4:
            return Behaviour::ring(chance.between(Millis{5000}, Millis{40000}));
        default: {
            Behaviour how = Behaviour::answer(chance.between(Millis{0}, Millis{6000}));
            if (chance.percent(40)) {
                how.hang_up_after = chance.between(Millis{0}, Millis{30000});
            }
            if (chance.percent(15)) {
                how.refer_after = chance.between(Millis{0}, Millis{10000});
            }
            return how;
        }
    }
}

Network::Weather weather(Chance& chance) {
    Network::Weather result;
    result.shortest = chance.between(Millis{0}, Millis{20});
    result.longest =
        result.shortest + (chance.percent(50) ? Millis{0} : chance.between(Millis{1}, Millis{200}));
    if (chance.percent(60)) {
        result.lost = static_cast<unsigned>(chance.below(25));
        result.twice = static_cast<unsigned>(chance.below(15));
    }
    return result;
}

}  // namespace

std::string a_number(Chance& chance) {
    return chance.percent(3) ? "+33140000000" : number(chance.below(kNumbers));
}

Setting make_setting(Chance& chance) {
    Setting setting;
    const bool is_tight = chance.percent(10);
    setting.yaml = R"(node: sim
interfaces:
  - {name: carriers, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10000-10999}
  - {name: livekit, side: livekit, bind: 127.0.0.1, sip: [udp:5080], rtp_ports: )" +
                   std::string(is_tight ? "15000-15007" : "15000-15999") + R"(}
carriers:
  - {name: first, interface: carriers, sources: [127.0.0.10/32, 127.0.0.11/32], numbers: {country: DE}}
  - {name: other, interface: carriers, sources: [127.0.0.12/32, 127.0.0.13/32]}
tenants:
  - {id: acme, domain: acme.example, dids: ["+4930123450*"]}
cdr: {file: /nonexistent/cdr.jsonl}
)" + call_timers(chance) +
                   R"(gateway_groups:
  - id: 1
    name: default
    gateways:
)";
    for (const std::string& gateway : gateways(chance)) {
        setting.yaml.append("      - ").append(gateway).append("\n");
    }
    if (chance.percent(5)) {
        setting.max_calls = 1 + chance.below(6);
    }
    setting.weather = weather(chance);
    setting.calls = 5 + chance.below(40);
    setting.span = chance.between(Millis{5000}, Millis{60000});
    for (unsigned i = 0; i < kNumbers; ++i) {
        setting.numbers[number(i)] = behaviour(chance);
    }
    setting.vandals = chance.percent(30);
    return setting;
}

}  // namespace causeway::testing::sim
