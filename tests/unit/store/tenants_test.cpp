#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

TEST(StoreTenants, AreChecked) {
    const Row rows[] = {
        {"an id with an underscore",
         {{11, "  - {id: alpha_1}"}},
         {"11: tenants[].id: alpha_1: no name: at most 64 letters, digits and .-, a letter or "
          "digit first"}},
        {"the same id",
         {{12, "  - {id: alpha, domain: beta.example}"}},
         {"12: tenants[].id: alpha stands on line 11 already"}},
        {"another's domain",
         {{12, "  - {id: beta, domains: [b.example, Alpha.Example]}"}},
         {"12: tenants[].domains: alpha.example stands on line 11 already"}},
        {"a number owned twice",
         {{12, "  - id: beta\n    dids:\n      - \"+49302999\"\n      - \"+4930111\""}},
         {"15: tenants[].dids[].number: +4930111 stands on line 11 already"}},
        {"equal patterns",
         {{12, "  - {id: beta, dids: [\"+49302*\"]}"}},
         {"12: tenants[].dids[].number: +49302* stands on line 11 already"}},
        {"a number inside another's pattern", {}, {}},
        {"a star in the middle",
         {{11, "  - {id: alpha, dids: [\"+49*30\"]}"}},
         {"11: tenants[].dids[].number: +49*30: no number, and no prefix that ends in *"}},
        {"no E.164",
         {{11, "  - {id: alpha, dids: [\"+49301234567890123\", \"+0049\", \"+49-30\", \"\"]}"}},
         {"11: tenants[].dids[].number: +49301234567890123: not E.164: + and at most 15 digits, "
          "the country "
          "code first",
          "11: tenants[].dids[].number: +0049: not E.164: + and at most 15 digits, the country "
          "code first",
          "11: tenants[].dids[].number: +49-30: not E.164: + and at most 15 digits, the country "
          "code first",
          "11: tenants[].dids[].number: empty"}},
        {"a number without plus",
         {{11, "  - {id: alpha, dids: [\"4991874350352\", \"112\"]}"}},
         {"11: warning: tenants[].dids[].number: 4991874350352 has no plus: called numbers are "
          "compared as "
          "E.164, + and the country code first"}},
        {"a number in a map",
         {{12, "  - {id: beta, dids: [{number: \"+4930111\"}, {uri: \"sip:127.0.0.1\"}]}"}},
         {"12: tenants[].dids[].number: missing",
          "12: warning: tenants[].dids[].uri: no effect in this version",
          "12: tenants[].dids[].number: +4930111 stands on line 11 already"}},
        {"an unknown group",
         {{11, "  - {id: alpha, gateway_groups: [main, 2, 1]}"}},
         {"11: tenants[].gateway_groups: no group has the id or name 2",
          "11: tenants[].gateway_groups: group 1 is named twice"}},
        {"a key that is close to one of ours",
         {{11, "  - {id: alpha, did: [\"+4930\"]}"}},
         {"11: tenants[].did: not known in this version (did you mean dids?)"}},
    };
    expect_problems(rows);
}

TEST(StoreTenants, OwnTheirNumbersAndDomains) {
    const auto loaded =
        load(edited({{11,
                      "  - {id: alpha, domain: Alpha.Example, domains: [two.example], dids: "
                      "[\"+4930111\", \"+49302*\"], gateway_groups: [1]}\n"
                      "  - {id: any}\n"
                      "  - {id: none, dids: [], enabled: false, gateway_groups: []}"}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    const tenant::Directory& all = loaded->snapshot->tenants;
    ASSERT_EQ(all.size(), 4U);
    const TenantId alpha{1};
    const TenantId any{2};
    const TenantId none{3};
    const TenantId beta{4};
    EXPECT_EQ(all.get(alpha).domain, "alpha.example");
    EXPECT_EQ(all.by_domain("two.example"), alpha);
    EXPECT_EQ(all.owner("+493025"), alpha);
    EXPECT_EQ(all.owner("+49302999"), beta);
    EXPECT_TRUE(all.accepts(any, "+33"));
    EXPECT_FALSE(all.accepts(any, "+4930111"));
    EXPECT_FALSE(all.accepts(none, "+33"));
    EXPECT_FALSE(all.accepts(beta, "+33"));
    EXPECT_FALSE(all.get(none).enabled);
    EXPECT_TRUE(all.get(any).enabled);
    const std::vector<std::vector<std::uint32_t>> groups{{0}, {0}, {}, {0}};
    EXPECT_EQ(loaded->snapshot->routes.tenant_groups, groups);
}

}  // namespace
}  // namespace causeway::test
