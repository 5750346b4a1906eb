#include "causeway/tenant/directory.hpp"

#include <gtest/gtest.h>

namespace causeway::tenant {
namespace {

struct Row {
    const char* name;
    const char* called{"+33000"};
    const char* request_host{"127.0.0.1"};
    const char* to_host{"127.0.0.1"};
    const char* tenant{""};
    int status{};
    const char* reason{""};
};

Directory directory() {
    Directory all;
    all.own(all.add("alpha", {"alpha.example"}), "+4930*");
    all.own(all.add("beta", {"beta.example", "b.example"}), "+4931*");
    const TenantId off = all.add("off", {"off.example"});
    all.own(off, "+4932*");
    all.disable(off);
    return all;
}

TEST(TenantIdentify, TakesTheFirstThatSaysSomething) {
    const Row rows[] = {
        {.name = "number", .called = "+49301", .tenant = "alpha"},
        {.name = "number and its own host",
         .called = "+49301",
         .request_host = "alpha.example",
         .tenant = "alpha"},
        {.name = "Request-URI host", .request_host = "b.example", .tenant = "beta"},
        {.name = "To host", .to_host = "beta.example", .tenant = "beta"},
        {.name = "Request-URI before To",
         .request_host = "alpha.example",
         .to_host = "beta.example",
         .tenant = "alpha"},
        {.name = "another's host in Request-URI",
         .called = "+49301",
         .request_host = "beta.example",
         .status = 403,
         .reason = "tenant_mismatch"},
        {.name = "another's host in To",
         .called = "+49301",
         .request_host = "alpha.example",
         .to_host = "beta.example",
         .status = 403,
         .reason = "tenant_mismatch"},
        {.name = "nobody", .status = 404, .reason = "no_tenant"},
        {.name = "no hosts (tel)",
         .request_host = "",
         .to_host = "",
         .status = 404,
         .reason = "no_tenant"},
        {.name = "disabled by number",
         .called = "+49321",
         .status = 403,
         .reason = "tenant_disabled"},
        {.name = "disabled by host",
         .request_host = "off.example",
         .status = 403,
         .reason = "tenant_disabled"},
    };
    const Directory all = directory();
    for (const Row& row : rows) {
        sip::Parties parties;
        parties.called = row.called;
        const auto tenant = identify(all, parties, row.request_host, row.to_host);
        if (row.status == 0) {
            ASSERT_TRUE(tenant) << row.name;
            EXPECT_EQ(tenant->name, row.tenant) << row.name;
        } else {
            ASSERT_FALSE(tenant) << row.name;
            EXPECT_EQ(tenant.error().status.code, row.status) << row.name;
            EXPECT_EQ(tenant.error().reason, row.reason) << row.name;
            EXPECT_EQ(tenant.error().stage, Stage::Tenant) << row.name;
        }
    }
}

}  // namespace
}  // namespace causeway::tenant
