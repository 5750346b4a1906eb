#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

std::string gateways(const std::string& list) {
    return "  - {id: 1, name: main, gateways: [" + list + "]}";
}

TEST(StoreGroups, AreChecked) {
    const Row rows[] = {
        {"a second group that nobody names",
         {{9, gateways("{uri: \"sip:127.0.0.20\"}") +
                  "\n  - {id: 2, name: more, gateways: [{uri: \"sip:127.0.0.21\"}]}"},
          {11, "  - {id: alpha, gateway_groups: [main]}"}},
         {"10: gateway_groups: no tenant uses group more",
          "13: tenants[].gateway_groups: missing, and there is more than one group"}},
        {"the same id and name",
         {{9, gateways("{uri: \"sip:127.0.0.20\"}") +
                  "\n  - {id: 1, name: main, gateways: [{uri: \"sip:127.0.0.21\"}]}"},
          {11, "  - {id: alpha, gateway_groups: [1]}"},
          {12, "routing: {backup_group: main}"}},
         {"10: gateway_groups[].id: 1 stands on line 9 already",
          "10: gateway_groups[].name: main stands on line 9 already",
          "10: gateway_groups: no tenant uses group main"}},
        {"a name that is another group's id",
         {{9, gateways("{uri: \"sip:127.0.0.20\"}") +
                  "\n  - {id: 2, name: \"1\", gateways: [{uri: \"sip:127.0.0.21\"}]}"},
          {11, "  - {id: alpha, gateway_groups: [main]}"},
          {12, "routing: {backup_group: 2}"}},
         {"10: gateway_groups[].name: 1: is the id of another group; who refers to it would be "
          "guessed at"}},
        {"a backup group that is none",
         {{13, "cdr: {file: /tmp/x}\nrouting: {backup_group: spare}"}},
         {"14: routing.backup_group: no group has the id or name spare"}},
        {"no gateway", {{9, gateways("")}}, {"9: gateway_groups[].gateways: the list is empty"}},
        {"no id",
         {{9, "  - {name: main, gateways: [{uri: \"sip:127.0.0.20\"}]}"}},
         {"9: gateway_groups[].id: missing"}},
        {"an id that is none",
         {{9, "  - {id: one, name: main, gateways: [{uri: \"sip:127.0.0.20\"}]}"}},
         {"9: gateway_groups[].id: one: not within 1..1000000"}},
        {"every gateway disabled",
         {{9, gateways("{uri: \"sip:127.0.0.20\", enabled: false}")}},
         {"9: warning: gateway_groups[].gateways: every gateway is disabled: calls get 503"}},
        {"public sources",
         {{9,
           "  - {id: 1, gateways: [{uri: \"sip:127.0.0.20\"}], sources: [143.223.88.0/21, "
           "10.0.0.0/16, 192.168.0.0/15]}"}},
         {"9: gateway_groups[].sources: 143.223.88.0/21 is public: it needs inbound_auth",
          "9: gateway_groups[].sources: 192.168.0.0/15 is public: it needs inbound_auth"}},
        {"nobody uses it",
         {{11, "  - {id: alpha, gateway_groups: []}"}, {12, ""}},
         {"9: gateway_groups: no tenant uses group main"}},
    };
    expect_problems(rows);
}

TEST(StoreGateways, AreChecked) {
    const Row rows[] = {
        {"a host name",
         {{9, gateways("{uri: \"sip:proj.sip.livekit.cloud\"}")}},
         {"9: warning: gateway_groups[].gateways[].uri: sip:proj.sip.livekit.cloud: a host name: "
          "no effect in this version"}},
        {"tcp without a listener for it",
         {{9, gateways("{uri: \"sip:127.0.0.20;transport=TCP\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:127.0.0.20;transport=TCP: needs a listener "
          "tcp:PORT on interface out: its answers and requests come back to that"}},
        {"a transport that nobody knows",
         {{9, gateways("{uri: \"sip:127.0.0.20;transport=sctp\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:127.0.0.20;transport=sctp: names a transport "
          "that is not known"}},
        {"a telephone number",
         {{9, gateways("{uri: \"tel:+4930\"}")}},
         {"9: gateway_groups[].gateways[].uri: tel:+4930: is no SIP URI"}},
        {"udp", {{9, gateways("{uri: \"sip:127.0.0.20;transport=udp\"}")}}, {}},
        {"every address",
         {{9, gateways("{uri: \"sip:0.0.0.0\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:0.0.0.0: 0.0.0.0 is not one concrete address"}},
        {"another family",
         {{9, gateways("{uri: \"sip:[2001:db8::1]\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:[2001:db8::1]: cannot be reached from interface "
          "out, which is bound to 127.0.0.2"}},
        {"ourselves",
         {{9, gateways("{uri: \"sip:127.0.0.1\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:127.0.0.1: this is our own listener on "
          "interface in: calls would come back to us"}},
        {"ourselves by what we advertise",
         {{4,
           "  - {name: out, side: livekit, bind: 127.0.0.2, advertise: 203.0.113.50, sip: "
           "[udp:5080], rtp_ports: 11000-11999}"},
          {9, gateways("{uri: \"sip:203.0.113.50:5080\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:203.0.113.50:5080: this is our own listener on "
          "interface out: calls would come back to us"}},
        {"ourselves by name",
         {{4,
           "  - {name: out, side: livekit, bind: 127.0.0.2, names: [sbc.example], sip: "
           "[udp:5080], rtp_ports: 11000-11999}"},
          {9, gateways("{uri: \"sip:SBC.example:5080\"}")}},
         {"9: gateway_groups[].gateways[].uri: sip:SBC.example:5080: this is our own listener on "
          "interface out: calls would come back to us"}},
        {"another port of our address", {{9, gateways("{uri: \"sip:127.0.0.1:5070\"}")}}, {}},
        {"the same name twice",
         {{9, gateways("{name: lk, uri: \"sip:127.0.0.20\"}, {name: lk, uri: "
                       "\"sip:127.0.0.21\"}")}},
         {"9: gateway_groups[].gateways[].name: lk stands on line 9 already"}},
        {"the same default name twice",
         {{9, gateways("{uri: \"sip:127.0.0.20\"},\n{uri: \"sip:a@127.0.0.20\"}")}},
         {"10: gateway_groups[].gateways[].name: 127.0.0.20 stands on line 9 already"}},
        {"an unknown codec",
         {{9, gateways("{uri: \"sip:127.0.0.20\", codecs: [pcma, G723]}")}},
         {"9: gateway_groups[].gateways[].codecs: G723: not known in this version (PCMU, PCMA, "
          "G722, G729, GSM, iLBC, opus, speex, AMR, AMR-WB, telephone-event)"}},
        {"an unknown kind",
         {{9, gateways("{uri: \"sip:127.0.0.20\", kind: asterisk}")}},
         {"9: gateway_groups[].gateways[].kind: asterisk: not known in this version (livekit, "
          "generic)"}},
        {"a switch that is none",
         {{9, gateways("{uri: \"sip:127.0.0.20\", enabled: 1}")}},
         {"9: gateway_groups[].gateways[].enabled: 1: neither true nor false"}},
    };
    expect_problems(rows);
}

TEST(StoreGateways, RefuseABrokenUri) {
    const auto problems = problems_of(edited({{9, gateways("{uri: \"sip:\"}")}}));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_TRUE(problems[0].starts_with("9: gateway_groups[].gateways[].uri: sip:: "))
        << problems[0];
}

TEST(StoreGateways, KeepTheirOrderAndDefaults) {
    const auto loaded = load(
        edited({{9,
                 "  - {id: 7, gateways: [{uri: \"sip:127.0.0.20\"}, {name: b, kind: generic, uri: "
                 "\"sip:proj@127.0.0.21:5070\", codecs: [pcma, g722], enabled: false}], sources: "
                 "[127.0.1.0/24]}"}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    const config::Snapshot& all = *loaded->snapshot;
    ASSERT_EQ(all.routes.groups.size(), 1U);
    const routing::Group& group = all.routes.groups[0];
    EXPECT_EQ(group.name, "7");
    EXPECT_EQ(group.interface, InterfaceId{2});
    ASSERT_EQ(group.gateways.size(), 2U);
    const routing::Gateway& first = group.gateways[0];
    EXPECT_EQ(first.name, "127.0.0.20");
    EXPECT_EQ(first.group, "7");
    EXPECT_EQ(first.kind, routing::Kind::Livekit);
    EXPECT_EQ(first.address.interface, InterfaceId{2});
    EXPECT_EQ(first.address.peer, (Endpoint{IpAddress::v4(127, 0, 0, 20), 5060}));
    EXPECT_TRUE(first.codecs.empty());
    EXPECT_TRUE(first.enabled);
    const routing::Gateway& second = group.gateways[1];
    EXPECT_EQ(second.kind, routing::Kind::Generic);
    EXPECT_EQ(second.uri.user, "proj");
    EXPECT_EQ(second.address.peer.port, 5070);
    EXPECT_EQ(second.codecs, (std::vector<std::string>{"PCMA", "G722"}));
    EXPECT_FALSE(second.enabled);
    const auto peer = all.admission.sources.find(InterfaceId{2}, IpAddress::v4(127, 0, 1, 9));
    EXPECT_EQ(peer, (admission::Peer{admission::Owner::Group, 0}));
}

TEST(StoreGateways, AreReachedByTcpAndTls) {
    const auto loaded = load(edited(
        {{4,
          "  - {name: out, side: livekit, bind: 127.0.0.2, sip: [tcp:5080, tls:5081], rtp_ports: "
          "11000-11999}"},
         {9, gateways("{uri: \"sip:127.0.0.20;transport=tcp\"}, {uri: \"sips:127.0.0.21\"}")}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    const auto& all = loaded->snapshot->routes.groups[0].gateways;
    EXPECT_EQ(all[0].address.transport, sip::Transport::Tcp);
    EXPECT_EQ(all[0].address.peer.port, 5060);
    EXPECT_EQ(all[1].address.transport, sip::Transport::Tls);
    EXPECT_EQ(all[1].address.peer.port, 5061);
    EXPECT_EQ(loaded->startup.interfaces[1].port(sip::Transport::Tcp), 5080);
}

TEST(StoreGroups, AreOrderedByPriorityAndBackedUp) {
    const auto loaded = load(
        edited({{9,
                 "  - {id: 1, name: main, gateways: [{name: c, uri: \"sip:127.0.0.20\"}, {name: a, "
                 "uri: \"sip:127.0.0.21\", priority: 9}, {name: d, uri: \"sip:127.0.0.22\"}, "
                 "{name: b, uri: \"sip:127.0.0.23\", priority: 8}]}\n"
                 "  - {id: 2, gateways: [{name: x, uri: \"sip:127.0.0.24\"}], sources: "
                 "[127.0.2.0/24]}"},
                {11, "  - {id: alpha, gateway_groups: [2, main]}"},
                {12, "  - {id: beta, gateway_groups: [1]}"},
                {13, "cdr: {file: /tmp/x}\nrouting: {backup_group: 2}"}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    const routing::Table& routes = loaded->snapshot->routes;
    const auto order = [&](TenantId tenant) {
        std::string names;
        const auto route = routing::decide(routes, tenant).value();
        for (const routing::Target& target : route.targets) {
            names += target.name;
        }
        return names;
    };
    EXPECT_EQ(order(TenantId{1}), "xabcd");
    EXPECT_EQ(order(TenantId{2}), "abcdx");
    EXPECT_EQ(loaded->snapshot->admission.sources.find(InterfaceId{2}, IpAddress::v4(127, 0, 2, 9)),
              (admission::Peer{admission::Owner::Group, 1}));
}

}  // namespace
}  // namespace causeway::test
