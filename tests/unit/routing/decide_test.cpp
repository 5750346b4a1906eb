#include "causeway/routing/table.hpp"

#include <gtest/gtest.h>

namespace causeway::routing {
namespace {

Gateway gateway(std::string name, bool enabled = true) {
    Gateway one;
    one.name = std::move(name);
    one.enabled = enabled;
    return one;
}

Table table() {
    Table all;
    all.groups.push_back(
        {"main", InterfaceId{2}, {gateway("a"), gateway("off", false), gateway("b")}});
    all.groups.push_back({"backup", InterfaceId{2}, {gateway("c")}});
    all.groups.push_back({"dark", InterfaceId{2}, {gateway("d", false)}});
    all.tenant_groups = {{0, 1}, {1, 0}, {2}, {}};
    return all;
}

std::string order(TenantId tenant) {
    const auto route = decide(table(), tenant);
    if (!route) {
        return std::string(route.error().reason) + " " + std::to_string(route.error().status.code);
    }
    std::string names;
    for (const Target& target : route->targets) {
        names += target.name;
    }
    return names;
}

TEST(RoutingDecide, TriesTheGroupsOfTheTenantInOrder) {
    EXPECT_EQ(order(TenantId{1}), "abc");
    EXPECT_EQ(order(TenantId{2}), "cab");
}

TEST(RoutingDecide, RefusesWhereNoGatewayIsLeft) {
    EXPECT_EQ(order(TenantId{3}), "no_gateway 503");
    EXPECT_EQ(order(TenantId{4}), "no_gateway 503");
}

TEST(RoutingDecide, RefusesATenantThatItDoesNotKnow) {
    EXPECT_EQ(order(TenantId{0}), "no_gateway 503");
    EXPECT_EQ(order(TenantId{5}), "no_gateway 503");
}

TEST(RoutingDecide, TriesTheBackupGroupLastAndOnce) {
    Table all = table();
    all.backup_group = 1;
    const auto order_of = [&](TenantId tenant) {
        std::string names;
        const auto route = decide(all, tenant).value();
        for (const Target& target : route.targets) {
            names += target.name;
        }
        return names;
    };
    EXPECT_EQ(order_of(TenantId{1}), "abc");
    EXPECT_EQ(order_of(TenantId{2}), "cab");
    EXPECT_EQ(order_of(TenantId{3}), "c");
    EXPECT_EQ(order_of(TenantId{4}), "c");
}

TEST(RoutingDecide, NamesWhatItPassesOver) {
    Table all = table();
    all.groups[0].gateways[1].group = "main";
    all.groups[2].gateways[0].group = "dark";
    std::vector<Skipped> skipped;
    EXPECT_TRUE(decide(all, TenantId{1}, &skipped));
    ASSERT_EQ(skipped.size(), 1U);
    EXPECT_EQ(skipped[0].gateway, "main/off");
    EXPECT_EQ(skipped[0].why, "disabled");
    EXPECT_FALSE(decide(all, TenantId{3}, &skipped));
    ASSERT_EQ(skipped.size(), 2U);
    EXPECT_EQ(skipped[1].gateway, "dark/d");
}

}  // namespace
}  // namespace causeway::routing
