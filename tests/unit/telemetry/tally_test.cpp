#include "causeway/telemetry/tally.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::telemetry {
namespace {

port::CallRecord a_call(std::string tenant, int status) {
    port::CallRecord record;
    record.tenant = std::move(tenant);
    record.outcome.sip_status = status;
    if (status == 200) {
        record.gateway = "default/lk";
        record.answer = WallTime{1};
        record.duration_ms = 3000;
    }
    return record;
}

TEST(Tally, AddsUpByTenantGatewayAndAnswer) {
    Tally tally;
    for (const int status : {200, 200, 404}) {
        tally.add(a_call("acme", status));
    }
    tally.add(a_call("", 403));
    const port::CallStatistics& sum = tally.statistics();
    EXPECT_EQ(sum.all.total, 4U);
    EXPECT_EQ(sum.all.answered, 2U);
    EXPECT_EQ(sum.all.talked, Millis{6000});
    ASSERT_EQ(sum.by_tenant.size(), 1U) << "who owns nothing has no name";
    EXPECT_EQ(sum.by_tenant.at("acme").total, 3U);
    EXPECT_EQ(sum.by_gateway.at("default/lk").answered, 2U);
    EXPECT_EQ(sum.by_code, (std::map<int, std::uint64_t>{{200, 2}, {403, 1}, {404, 1}}));
}

TEST(Tally, HoldsAThousandNamesAndTheRestTogether) {
    Tally tally;
    for (int i = 0; i < 1100; ++i) {
        tally.add(a_call("t" + std::to_string(i), 404));
    }
    tally.add(a_call("t7", 404));
    const auto& by = tally.statistics().by_tenant;
    EXPECT_EQ(by.size(), 1001U);
    EXPECT_EQ(by.at("other").total, 100U);
    EXPECT_EQ(by.at("t7").total, 2U);
}

}  // namespace
}  // namespace causeway::telemetry
