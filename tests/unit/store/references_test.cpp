#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

TEST(StoreReferences, MustExist) {
    const Row rows[] = {
        {"a default tenant",
         {{6, "  - {name: one, sources: [10.0.1.10/32], default_tenant: gamma}"}},
         {"6: warning: carriers[].default_tenant: no effect in this version",
          "6: carriers[].default_tenant: no tenant has the id gamma"}},
        {"a digest user's tenant",
         {{9,
           "  - {id: 1, gateways: [{uri: \"sip:127.0.0.20\"}], inbound_auth: [{username: u, "
           "password: p, tenant: gamma}]}"}},
         {"9: warning: gateway_groups[].inbound_auth: no effect in this version",
          "9: gateway_groups[].inbound_auth[].tenant: no tenant has the id gamma"}},
        {"a tenant's carriers",
         {{11, "  - {id: alpha, carriers: [two, three]}"}},
         {"11: warning: tenants[].carriers: no effect in this version",
          "11: tenants[].carriers: no carrier is called three"}},
    };
    expect_problems(rows);
}

TEST(StoreReferences, NeedTokensWhereEverybodyMayAsk) {
    const Row rows[] = {
        {"everybody",
         {{13, "cdr: {file: /tmp/x}\ncontrol: {listen: 0.0.0.0:8080}"}},
         {"14: control.listen: 0.0.0.0:8080 is no loopback address: it needs tokens"}},
        {"with tokens",
         {{13,
           "cdr: {file: /tmp/x}\ncontrol: {listen: 0.0.0.0:8080, tokens: [{name: a, token: "
           "t}, {name: a, token: u}]}"}},
         {"14: control.tokens[].name: a stands on line 14 already"}},
        {"loopback", {{13, "cdr: {file: /tmp/x}\ncontrol: {listen: \"[::1]:8080\"}"}}, {}},
        {"nowhere", {{13, "cdr: {file: /tmp/x}\ncontrol: {listen: \"\"}"}}, {}},
    };
    expect_problems(rows);
}

TEST(StoreReferences, AreNotLookedForInWhatIsNoMap) {
    for (const std::string key : {"livekit", "control", "tenants", "carriers", "gateway_groups"}) {
        for (const std::string what : {"[x]", "[{a: b}]", "x", "{}", "~", "{tokens: {}}"}) {
            SCOPED_TRACE(key + ": " + what);
            const auto loaded = load(edited({{13, "cdr: {file: /tmp/x}\n" + key + ": " + what}}));
            EXPECT_TRUE(loaded || !loaded.error().empty());
        }
    }
}

}  // namespace
}  // namespace causeway::test
