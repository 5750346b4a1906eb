#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

using Told = std::vector<std::string>;

std::string carrier(const std::string& rest) {
    return edited({{6, "  - {name: one, sources: [10.0.1.10/32], " + rest + "}"}});
}

std::string gateway(const std::string& rest) {
    return edited(
        {{9, "  - {id: 1, name: main, gateways: [{uri: \"sip:127.0.0.20\", " + rest + "}]}"}});
}

std::string with(const std::string& lines) {
    return edited({{13, "cdr: {file: /tmp/causeway-test.jsonl}\n" + lines}});
}

TEST(StoreEffects, WarnOfWhatIsIgnored) {
    struct Ignored {
        const char* key;
        std::string text;
    };
    const Ignored rows[] = {
        {"6: warning: carriers[].trust_prefix", carrier("trust_prefix: true")},
        {"6: warning: carriers[].ringing", carrier("ringing: confirmed")},
        {"6: warning: carriers[].media.latch", carrier("media: {latch: any}")},
        {"6: warning: carriers[].gateways", carrier("gateways: [{uri: \"sip:10.0.0.9\"}]")},
        {"9: warning: gateway_groups[].gateways[].weight", gateway("weight: 0")},
        {"14: warning: webhook", with("webhook: {listen: 127.0.0.1:8090}")},
        {"14: warning: hep", with("hep: {address: 127.0.0.1:9060}")},
        {"14: warning: security.invite_rate_total", with("security: {invite_rate_total: 100}")},
        {"15: warning: did_files", with("\ndid_files: [a.csv]")},
    };
    for (const Ignored& row : rows) {
        const Told want{std::string(row.key) + ": no effect in this version"};
        EXPECT_EQ(problems_of(row.text), want);
        EXPECT_EQ(problems_of(row.text, store::Layer::FileAndHost), want);
    }
}

TEST(StoreEffects, RefuseWhatMustNotBeIgnored) {
    struct Refused {
        const char* key;
        std::string text;
    };
    const Refused rows[] = {
        {"6: @carriers[].auth", carrier("auth: {username: u, password: p}")},
        {"6: @carriers[].limits", carrier("limits: {concurrent_calls: 1}")},
        {"6: @carriers[].media.srtp", carrier("media: {srtp: require}")},
        {"9: @gateway_groups[].gateways[].auth", gateway("auth: {username: u, password: p}")},
        {"9: @gateway_groups[].gateways[].srtp", gateway("srtp: require")},
        {"9: @gateway_groups[].gateways[].limits", gateway("limits: {calls_per_second: 1}")},
        {"9: @gateway_groups[].inbound_auth",
         edited({{9,
                  "  - {id: 1, gateways: [{uri: \"sip:127.0.0.20\"}], sources: "
                  "[143.223.88.0/21], inbound_auth: [{username: u, password: p, tenant: "
                  "alpha}]}"}})},
        {"11: @tenants[].limits", edited({{11, "  - {id: alpha, limits: {calls_per_minute: 1}}"}})},
        {"9: @gateway_groups[].gateways[].uri: sip:sip.example: a host name",
         edited({{9, "  - {id: 1, gateways: [{uri: \"sip:sip.example\"}]}"}})},
        {"3: @interfaces[].sip: tls:5061",
         edited({{3,
                  "  - {name: in, side: carrier, bind: 127.0.0.1, sip: [udp:5060, tls:5061], "
                  "rtp_ports: 10000-10999}"}})},
    };
    for (const Refused& row : rows) {
        std::string line = row.key;
        const std::size_t mark = line.find('@');
        const std::string error = std::string(line).replace(mark, 1, "");
        EXPECT_EQ(problems_of(row.text),
                  Told{line.replace(mark, 1, "warning: ") + ": no effect in this version"});
        EXPECT_EQ(problems_of(row.text, store::Layer::FileAndHost),
                  Told{error + ": no effect in this version, and ignoring it would be unsafe"});
    }
}

TEST(StoreEffects, SayNothingOfWhatAsksForNothing) {
    const std::string rows[] = {
        carrier("trust_prefix: false, ringing: immediate, on_redirect: refuse, trust_headers: []"),
        carrier("media: {sources: [], latch: sdp, srtp: off, inband_dtmf: false}"),
        carrier("auth:\n    , limits: {}"),
        gateway("number_format: e164, srtp: OFF"),
        with("webhook: {listen: \"\"}\notlp: {url: \"\"}\nsecurity: {unknown_source: drop, "
             "invite_rate_total: 0}\nmedia: {fast_path: off, transmit: socket}\ndid_files: []"),
        edited({{13, "cdr: {file: /tmp/causeway-test.jsonl, webhook: \"\", csv: \"\"}"}}),
    };
    for (const std::string& text : rows) {
        EXPECT_EQ(problems_of(text, store::Layer::FileAndHost), Told{}) << text;
    }
}

TEST(StoreEffects, CheckWhatTheyIgnore) {
    const Row rows[] = {
        {"half of a login",
         {{6, "  - {name: one, sources: [10.0.1.10/32], auth: {username: u}}"}},
         {"6: carriers[].auth.password: missing",
          "6: warning: carriers[].auth: no effect in this version"}},
        {"a typing error within",
         {{13, "cdr: {file: /tmp/x}\ncontrol: {lisen: 127.0.0.1:8080}"}},
         {"14: control.lisen: not known in this version (did you mean listen?)"}},
        {"values",
         {{13,
           "cdr: {file: /tmp/x}\nhep: {address: collector}\notlp: {url: \"ftp://x\"}\n"
           "webhook: {listen: many}\nhooks: {secret: a$b}"}},
         {"14: hep.address: collector: no ADDRESS:PORT (127.0.0.1:8080, [::1]:8080)",
          "14: warning: hep: no effect in this version",
          "15: otlp.url: ftp://x: no URL (https://HOST…)",
          "15: warning: otlp: no effect in this version",
          "16: webhook.listen: many: no ADDRESS:PORT (127.0.0.1:8080, [::1]:8080)",
          "16: warning: webhook: no effect in this version",
          "17: hooks.secret: a $ that stands alone: write $$ for it, or ${NAME} for all of the "
          "value",
          "17: warning: hooks: no effect in this version"}},
        {"caller ids",
         {{11, "  - {id: alpha, caller_ids: any, destinations: [\"+49\"]}"},
          {12, "  - {id: beta, caller_ids: [own, \"+4930\", \"+0\"], destinations: [\"49\"]}"}},
         {"11: warning: tenants[].destinations: no effect in this version",
          "11: warning: tenants[].caller_ids: no effect in this version",
          "12: tenants[].destinations: 49: no prefix of numbers (+49)",
          "12: warning: tenants[].destinations: no effect in this version",
          "12: tenants[].caller_ids: +0: not E.164: + and at most 15 digits, the country code "
          "first",
          "12: warning: tenants[].caller_ids: no effect in this version"}},
    };
    expect_problems(rows);
}

}  // namespace
}  // namespace causeway::test
