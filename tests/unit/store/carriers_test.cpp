#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

std::string one(const std::string& sources) {
    return "  - {name: one, sources: [" + sources + "]}";
}

TEST(StoreSources, MustMeanSomebody) {
    const Row rows[] = {
        {"missing", {{6, "  - {name: one}"}}, {"6: carriers[].sources: missing"}},
        {"empty", {{6, one("")}}, {"6: carriers[].sources: the list is empty"}},
        {"not a list",
         {{6, "  - {name: one, sources: 10.0.1.10}"}},
         {"6: carriers[].sources: a list is expected, not a single value"}},
        {"no address",
         {{6, one("10.0.1.300")}},
         {"6: carriers[].sources: 10.0.1.300: no address and no block (10.0.1.10, 10.0.1.0/24, "
          "2001:db8::/48)"}},
        {"host bits",
         {{6, one("10.0.1.10/24")}},
         {"6: carriers[].sources: 10.0.1.10/24: has host bits set: the network is 10.0.1.0/24"}},
        {"host bits of IPv6",
         {{6, one("\"2001:db8::1/48\"")}},
         {"6: carriers[].sources: 2001:db8::1/48: has host bits set: the network is "
          "2001:db8::/48"}},
        {"this network",
         {{6, one("0.0.0.0/18")}},
         {"6: carriers[].sources: 0.0.0.0/18: matches no host: all of 0.0.0.0/8 is \"this "
          "network\" (RFC 1122 §3.2.1.3)"}},
        {"everybody",
         {{6, one("0.0.0.0/0")}},
         {"6: carriers[].sources: 0.0.0.0/0: is wider than /8: name the addresses that calls come "
          "from"}},
        {"everybody by IPv6",
         {{6, one("\"::/0\"")}},
         {"6: carriers[].sources: ::/0: is wider than /24: name the addresses that calls come "
          "from"}},
        {"nobody by IPv6",
         {{6, one("\"::\"")}},
         {"6: carriers[].sources: ::: matches no host: it is the unspecified address"}},
        {"a seventh",
         {{6, one("10.0.0.0/7")}},
         {"6: carriers[].sources: 10.0.0.0/7: is wider than /8: name the addresses that calls "
          "come from"}},
        {"multicast",
         {{6, one("224.0.0.0/24")}},
         {"6: carriers[].sources: 224.0.0.0/24: matches no host: all of 224.0.0.0/4 is "
          "multicast"}},
        {"several that make more than an eighth",
         {{6, one("11.0.0.0/9, 12.0.0.0/9, 13.0.0.0/32")}},
         {"6: carriers[].sources: together these cover more than a /8: name the addresses that "
          "calls come from"}},
        {"two halves of an eighth, one of them twice",
         {{6, one("11.0.0.0/9, 11.128.0.0/9, 11.1.0.0/16")}},
         {}},
        {"several IPv6 ones",
         {{6, one("\"2001:d00::/24\", \"2001:e00::/32\"")}},
         {"6: carriers[].sources: together these cover more than an IPv6 /24: name the addresses "
          "that calls come from"}},
    };
    expect_problems(rows);
}

TEST(StoreSources, BelongToOneCarrier) {
    const Row rows[] = {
        {"equal",
         {{7, "  - {name: two, sources: [10.0.9.0/24, 10.0.1.10]}"}},
         {"7: carriers[].sources: 10.0.1.10/32 is a source of carrier one already (line 6)"}},
        {"twice in one list",
         {{6, one("10.0.1.10, 10.0.1.10/32")}},
         {"6: carriers[].sources: 10.0.1.10/32 is a source of carrier one already (line 6)"}},
        {"nested",
         {{7, "  - name: two\n    sources:\n      - 10.0.0.0/16"}},
         {"6: warning: carriers[].sources: 10.0.1.10/32 of carrier one lies in 10.0.0.0/16 of "
          "carrier two (line 9): its calls are carrier one's"}},
        {"nested in its own", {{6, one("10.0.1.10/32, 10.0.1.0/24")}}, {}},
        {"nested on another interface",
         {{4,
           "  - {name: out, side: livekit, bind: 127.0.0.2, sip: [udp:5080], rtp_ports: "
           "11000-11999}\n"
           "  - {name: in2, side: carrier, bind: 127.0.0.3, sip: [udp:5080], rtp_ports: "
           "11000-11999}"},
          {6, "  - {name: one, interface: in, sources: [10.0.2.0/24]}"},
          {7, "  - {name: two, interface: in2, sources: [10.0.2.0/24]}"}},
         {}},
    };
    expect_problems(rows);
}

TEST(StoreSources, AreAdmittedOnTheirInterface) {
    const auto loaded = load(edited({}));
    ASSERT_TRUE(loaded);
    const auto& sources = loaded->snapshot->admission.sources;
    const auto at = [&](std::string_view ip, std::uint64_t interface) {
        return sources.find(InterfaceId{interface}, IpAddress::parse(ip).value());
    };
    EXPECT_EQ(at("10.0.1.10", 1), (admission::Peer{admission::Owner::Carrier, 0}));
    EXPECT_EQ(at("10.0.2.77", 1), (admission::Peer{admission::Owner::Carrier, 1}));
    EXPECT_EQ(at("10.0.1.10", 2), std::nullopt);
    EXPECT_EQ(at("127.0.0.20", 2), (admission::Peer{admission::Owner::Group, 0}));
    EXPECT_EQ(at("127.0.0.20", 1), std::nullopt);
}

TEST(StoreCarriers, AreChecked) {
    const auto with = [](const std::string& rest) {
        return "  - {name: one, sources: [10.0.1.10/32], " + rest + "}";
    };
    const Row rows[] = {
        {"the same name twice",
         {{7, "  - {name: one, sources: [10.0.2.0/24]}"}},
         {"7: carriers[].name: one stands on line 6 already"}},
        {"no country",
         {{6, with("numbers: {country: XX}")}},
         {"6: carriers[].numbers.country: XX is no country (two capital letters, as DE)"}},
        {"a pattern that RE2 refuses",
         {{6, with("numbers: {rules: [{match: '^0(\\d+', replace: '+49\\1'}]}")}},
         {"6: carriers[].numbers.rules[].match: pattern '^0(\\d+': missing ): ^0(\\d+"}},
        {"a group that the pattern does not have",
         {{6, with("numbers: {rules: [{match: '^0', replace: '+49\\1'}]}")}},
         {"6: carriers[].numbers.rules[].match: replacement '+49\\1' of pattern '^0': Rewrite "
          "schema requests 1 matches, but the regexp only has 0 parenthesized subexpressions."}},
        {"half a rule",
         {{6, with("numbers: {rules: [{match: '^0'}]}")}},
         {"6: carriers[].numbers.rules[].replace: missing"}},
        {"our own header",
         {{6, with("pass_headers: [X-Campaign, x-to-ip, X-Tenant-ID]")}},
         {"6: carriers[].pass_headers: x-to-ip is one of our own headers: it is always removed",
          "6: carriers[].pass_headers: X-Tenant-ID is one of our own headers: it is always "
          "removed"}},
        {"a header of SIP itself",
         {{6, with("pass_headers: [Via]")}},
         {"6: carriers[].pass_headers: Via belongs to each leg's own SIP and cannot be copied"}},
        {"no header at all",
         {{6, with("pass_headers: [\"X Campaign\"]")}},
         {"6: carriers[].pass_headers: X Campaign: no header field name"}},
    };
    expect_problems(rows);
}

TEST(StoreCarriers, BringTheirNumbersAndHeaders) {
    const auto loaded = load(
        edited({{6,
                 "  - {name: one, sources: [10.0.1.10/32], pass_headers: [X-Campaign], numbers: "
                 "{country: DE, rules: [{match: '^77', replace: '+77'}]}}"}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    const config::Snapshot& all = *loaded->snapshot;
    ASSERT_EQ(all.carriers.size(), 2U);
    EXPECT_EQ(all.carriers[0].name, "one");
    EXPECT_EQ(all.carriers[0].interface, InterfaceId{1});
    EXPECT_EQ(all.carriers[0].pass_headers, std::vector<std::string>{"x-campaign"});
    EXPECT_EQ(all.normalize.carriers[0].apply("91874350352", {}), "+4991874350352");
    EXPECT_EQ(all.normalize.carriers[0].apply("7712345678", {}), "+7712345678");
    EXPECT_EQ(all.normalize.carriers[1].apply("91874350352", {}), "91874350352");
    EXPECT_EQ(all.normalize.carriers[1].apply("004991874350352", {}), "+4991874350352");
}

}  // namespace
}  // namespace causeway::test
