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

/// fd00:NET::NUMBER, of a net for each side: each sees nothing of the other's.
IpAddress ipv6(std::uint8_t net, std::uint8_t number) {
    IpAddress ip;
    ip.bytes = {0xfd, 0, 0, net};
    ip.bytes.back() = number;
    return ip;
}

std::string call_timers(Chance& chance) {
    constexpr std::array kDurations{"30s", "90s", "300s"};
    constexpr std::array kMedia{"0s", "0s", "20s", "60s"};
    constexpr std::array kRings{"10s", "30s", "120s"};
    return std::string("call: {max_duration: ") + chance.pick(kDurations) +
           ", media_timeout: " + chance.pick(kMedia) + ", ring_timeout: " + chance.pick(kRings) +
           "}\n";
}

std::vector<std::string> gateways(const Setting& setting, Chance& chance) {
    const auto uri = [&](std::uint8_t number) {
        return "uri: \"sip:" + uri_host(setting.livekit_side(number)) + ":5060\"";
    };
    std::vector<std::string> list{
        "{name: lk1, kind: livekit, " + uri(20) + "}",
        "{name: lk2, kind: livekit, " + uri(21) + ", codecs: [PCMU, PCMA]}",
        "{name: g1, kind: generic, " + uri(30) + "}", "{name: g2, kind: generic, " + uri(31) + "}",
        "{name: nobody, kind: generic, " + uri(40) + "}"};
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

IpAddress Setting::carrier_side(std::uint8_t number) const {
    return carriers_by_ipv6 ? ipv6(0xa, number) : IpAddress::v4(127, 0, 0, number);
}

IpAddress Setting::livekit_side(std::uint8_t number) const {
    return livekit_by_ipv6 ? ipv6(0xb, number) : IpAddress::v4(127, 0, 0, number);
}

std::string a_number(Chance& chance) {
    return chance.percent(3) ? "+33140000000" : number(chance.below(kNumbers));
}

Setting make_setting(Chance& chance) {
    Setting setting;
    const bool is_tight = chance.percent(10);
    setting.carriers_by_ipv6 = chance.percent(25);
    setting.livekit_by_ipv6 = chance.percent(25);
    const auto carrier = [&](std::uint8_t number) {
        return "'" + setting.carrier_side(number).to_string() + "'";
    };
    setting.yaml =
        "node: sim\ninterfaces:\n"
        "  - {name: carriers, side: carrier, bind: " +
        carrier(1) +
        ", sip: [udp:5060], rtp_ports: 10000-10999}\n"
        "  - {name: livekit, side: livekit, bind: '" +
        setting.livekit_side(1).to_string() +
        "', sip: [udp:5080], rtp_ports: " + (is_tight ? "15000-15007" : "15000-15999") +
        "}\ncarriers:\n"
        "  - {name: first, interface: carriers, sources: [" +
        carrier(10) + ", " + carrier(11) +
        "], numbers: {country: DE}}\n"
        "  - {name: other, interface: carriers, sources: [" +
        carrier(12) + ", " + carrier(13) + R"(]}
tenants:
  - {id: acme, domain: acme.example, dids: ["+4930123450*"]}
cdr: {file: /nonexistent/cdr.jsonl}
)" + call_timers(chance) +
        R"(gateway_groups:
  - id: 1
    name: default
    gateways:
)";
    for (const std::string& gateway : gateways(setting, chance)) {
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
