#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

std::string in(const std::string& rest) {
    return "  - {name: in, side: carrier, " + rest + "}";
}

TEST(StoreInterfaces, AreCheckedOneByOne) {
    const Row rows[] = {
        {"bind is missing",
         {{3, in("sip: [udp:5060], rtp_ports: 10000-10999")}},
         {"3: interfaces[].bind: missing"}},
        {"bind is a name",
         {{3, in("bind: sbc.example, sip: [udp:5060], rtp_ports: 10000-10999")}},
         {"3: interfaces[].bind: sbc.example: no IPv4 or IPv6 address"}},
        {"bind is every address",
         {{3, in("bind: 0.0.0.0, sip: [udp:5060], rtp_ports: 10000-10999")}},
         {"3: interfaces[].bind: 0.0.0.0: not one concrete address"}},
        {"bind is multicast",
         {{3, in("bind: 224.0.0.1, sip: [udp:5060], rtp_ports: 10000-10999")}},
         {"3: interfaces[].bind: 224.0.0.1: not one concrete address"}},
        {"side is neither",
         {{3,
           "  - {name: in, side: public, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: "
           "10000-10999}"}},
         {"3: interfaces[].side: public: not known in this version (carrier, livekit)"}},
        {"advertise of another family",
         {{3, in("bind: 127.0.0.1, advertise: \"2001:db8::1\", sip: [udp:5060], rtp_ports: "
                 "10000-10999")}},
         {"3: interfaces[].advertise: 2001:db8::1 is not of the family of bind, 127.0.0.1"}},
        {"a name with a space",
         {{3, in("bind: 127.0.0.1, names: [a b], sip: [udp:5060], rtp_ports: 10000-10999")}},
         {"3: interfaces[].names: a b: no host name and no address"}},
        {"udp and tcp on one port",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060, tcp:5060], rtp_ports: 10000-10999")}},
         {}},
        {"tcp and tls on one port",
         {{3, in("bind: 127.0.0.1, sip: [tcp:5060, tls:5060], rtp_ports: 10000-10999")}},
         {"3: warning: interfaces[].sip: tls:5060: no effect in this version",
          "3: interfaces[].sip: tls:5060: tcp and tls cannot share a port"}},
        {"a transport that nobody knows",
         {{3, in("bind: 127.0.0.1, sip: [ws:5060], rtp_ports: 10000-10999")}},
         {"3: interfaces[].sip: ws:5060: no listener (udp:5060, tcp:5060, tls:5061)"}},
        {"tcp among its RTP ports",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060, tcp:10500], rtp_ports: 10000-10999")}},
         {}},
        {"no listener",
         {{3, in("bind: 127.0.0.1, sip: [], rtp_ports: 10000-10999")}},
         {"3: interfaces[].sip: the list is empty"}},
        {"a port beyond all ports",
         {{3, in("bind: 127.0.0.1, sip: [udp:65536], rtp_ports: 10000-10999")}},
         {"3: interfaces[].sip: udp:65536: no listener (udp:5060, tcp:5060, tls:5061)"}},
        {"two of one transport",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060, udp:5062], rtp_ports: 10000-10999")}},
         {"3: interfaces[].sip: a second udp listener: one a transport"}},
        {"odd first port",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10001-11000")}},
         {"3: interfaces[].rtp_ports: 10001-11000: must begin with an even port and end with an "
          "odd one (10002-10999): RTP and RTCP come in pairs"}},
        {"no pair in the range",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10001-10002")}},
         {"3: interfaces[].rtp_ports: 10001-10002: must begin with an even port and end with an "
          "odd one: RTP and RTCP come in pairs"}},
        {"range backwards",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10999-10000")}},
         {"3: interfaces[].rtp_ports: 10999-10000: no range of ports within 1024-65535 "
          "(10000-19999)"}},
        {"one port only",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10000")}},
         {"3: interfaces[].rtp_ports: 10000: no range of ports (10000-19999)"}},
        {"privileged ports",
         {{3, in("bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 1000-1999")}},
         {"3: interfaces[].rtp_ports: 1000-1999: no range of ports within 1024-65535 "
          "(10000-19999)"}},
        {"its listener among its RTP ports",
         {{3, in("bind: 127.0.0.1, sip: [udp:10500], rtp_ports: 10000-10999")}},
         {"3: interfaces[].sip: udp:10500 lies in rtp_ports 10000-10999 of interface in on the "
          "same address"}},
    };
    expect_problems(rows);
}

TEST(StoreInterfaces, MustNotFightForPorts) {
    const auto out = [](const std::string& rest) {
        return "  - {name: out, side: livekit, bind: 127.0.0.1, " + rest + "}";
    };
    const Row rows[] = {
        {"one address shared well", {{4, out("sip: [udp:5080], rtp_ports: 11000-11999")}}, {}},
        {"the same listener",
         {{4, out("sip: [udp:5060], rtp_ports: 11000-11999")}},
         {"4: interfaces[].sip: udp:5060 is a listener of interface in on the same address"}},
        {"the same listener on TCP",
         {{3,
           "  - {name: in, side: carrier, bind: 127.0.0.1, sip: [udp:5060, tcp:5060], rtp_ports: "
           "10000-10999}"},
          {4, out("sip: [udp:5080, tcp:5060], rtp_ports: 11000-11999")}},
         {"4: interfaces[].sip: tcp:5060 is a listener of interface in on the same address"}},
        {"overlapping RTP ports",
         {{4, out("sip: [udp:5080], rtp_ports: 10998-11999")}},
         {"4: interfaces[].rtp_ports: 10998-11999 overlaps 10000-10999 of interface in on the "
          "same address"}},
        {"a listener among the other's RTP ports",
         {{4, out("sip: [udp:10998], rtp_ports: 11000-11999")}},
         {"4: interfaces[].sip: udp:10998 lies in rtp_ports 10000-10999 of interface in on the "
          "same address"}},
        {"the earlier one's listener among the later one's RTP ports",
         {{4, out("sip: [udp:5080], rtp_ports: 5000-5099")}},
         {"3: interfaces[].sip: udp:5060 lies in rtp_ports 5000-5099 of interface out on the same "
          "address",
          "4: interfaces[].sip: udp:5080 lies in rtp_ports 5000-5099 of interface out on the same "
          "address"}},
        {"the same name",
         {{4,
           "  - {name: in, side: livekit, bind: 127.0.0.2, sip: [udp:5080], rtp_ports: "
           "11000-11999}"}},
         {"4: interfaces[].name: in stands on line 3 already"}},
    };
    expect_problems(rows);
}

TEST(StoreInterfaces, AreFoundByTheirSide) {
    const Row rows[] = {
        {"unknown",
         {{6, "  - {name: one, interface: inn, sources: [10.0.1.10/32]}"}},
         {"6: carriers[].interface: no interface is called inn (in)"}},
        {"of the other side",
         {{6, "  - {name: one, interface: out, sources: [10.0.1.10/32]}"},
          {9, "  - {id: 1, interface: in, gateways: [{uri: \"sip:127.0.0.20\"}]}"}},
         {"6: carriers[].interface: out is on the livekit side; one on the carrier side is needed",
          "9: gateway_groups[].interface: in is on the carrier side; one on the livekit side is "
          "needed"}},
        {"more than one to choose from",
         {{4,
           "  - {name: out, side: livekit, bind: 127.0.0.2, sip: [udp:5080], rtp_ports: "
           "11000-11999}\n"
           "  - {name: out2, side: livekit, bind: 127.0.0.3, sip: [udp:5080], rtp_ports: "
           "11000-11999}"}},
         {"10: gateway_groups[].interface: missing, and there is more than one livekit-side "
          "interface (out, out2)"}},
        {"none of that side",
         {{4, ""}},
         {"9: gateway_groups[].interface: there is no livekit-side interface"}},
    };
    expect_problems(rows);
}

}  // namespace
}  // namespace causeway::test
