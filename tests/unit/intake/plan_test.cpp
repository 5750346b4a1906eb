#include "unit/intake/an_invite.hpp"

#include "causeway/intake/intake.hpp"

#include <gtest/gtest.h>

namespace causeway::intake {
namespace {

using test::Request;

sip::Source carrier_source() {
    return {InterfaceId{1}, {IpAddress::v4(127, 0, 0, 10), 5060}, sip::Transport::Udp, {}};
}

/// Carrier `demo` from Germany; tenants alpha (numbers, domain), open (any number), dry (no group).
config::Snapshot snapshot() {
    config::Snapshot all;
    config::Interface carriers;
    carriers.id = InterfaceId{1};
    carriers.bind = IpAddress::v4(127, 0, 0, 1);
    carriers.advertise = IpAddress::v4(203, 0, 113, 50);
    carriers.names = {"sbc.example.net"};
    all.interfaces = {carriers};
    all.carriers = {{"demo", InterfaceId{1}, {"x-campaign", "x-to-ip", "via"}}};
    all.normalize.carriers.push_back(normalize::Plan::make({}, "DE").value());
    all.normalize.emergency = {"110", "112"};
    routing::Gateway gateway;
    gateway.group = "default";
    gateway.name = "lk";
    all.routes.groups = {{"default", InterfaceId{1}, {gateway}}};
    all.routes.tenant_groups = {{0}, {0}, {}};
    const TenantId alpha = all.tenants.add("alpha", {"alpha.example"});
    all.tenants.own(alpha, "+4991874350352");
    all.tenants.takes_any(all.tenants.add("open", {"open.example"}));
    all.tenants.own(all.tenants.add("dry", {}), "+4930*");
    all.call.ring_timeout = Millis{77};
    return all;
}

Verdict<Plan> plan_of(const Request& request, std::uint32_t carrier = 0) {
    return plan(snapshot(), {{admission::Owner::Carrier, carrier}, 70}, carrier_source(),
                request.message());
}

TEST(IntakePlan, HoldsAllThatACallNeeds) {
    const auto plan = plan_of({.uri = "sip:91874350352@203.0.113.50",
                               .from = "\"Ada\" <sip:017645533966@c.example>;tag=1",
                               .to = "<sip:91874350352@203.0.113.50>"});
    ASSERT_TRUE(plan) << plan.error().reason;
    EXPECT_EQ(plan->carrier, "demo");
    EXPECT_EQ(plan->interface, InterfaceId{1});
    EXPECT_EQ(plan->tenant.name, "alpha");
    EXPECT_EQ(plan->parties.called, "+4991874350352");
    EXPECT_EQ(plan->parties.calling, "+4917645533966");
    EXPECT_EQ(plan->parties.display, "Ada");
    EXPECT_EQ(plan->parties.as_received, "91874350352");
    EXPECT_EQ(plan->parties.claim, "");
    ASSERT_EQ(plan->route.targets.size(), 1U);
    EXPECT_EQ(plan->route.targets[0].name, "lk");
    EXPECT_EQ(plan->x_to_ip, "alpha.example");
    EXPECT_EQ(plan->max_forwards, 69U);
    EXPECT_EQ(plan->timers.ring_timeout, Millis{77});
    EXPECT_TRUE(plan->pass_headers.empty());
}

TEST(IntakePlan, FindsXToIp) {
    struct Row {
        const char* name;
        const char* uri;
        const char* to;
        const char* want;
    };
    const Row rows[] = {
        {.name = "Request-URI host",
         .uri = "sip:+4991874350352@Alpha.Example:5080",
         .to = "<sip:x@127.0.0.1>",
         .want = "alpha.example"},
        {.name = "a foreign Request-URI host",
         .uri = "sip:+4991874350352@198.51.100.7",
         .to = "<sip:x@alpha.example>",
         .want = "198.51.100.7"},
        {.name = "To where the Request-URI names our bind",
         .uri = "sip:+4991874350352@127.0.0.1",
         .to = "<sip:x@To.Example:5070>",
         .want = "to.example"},
        {.name = "To where it names our advertise",
         .uri = "sip:+4991874350352@203.0.113.50",
         .to = "<sip:x@to.example>",
         .want = "to.example"},
        {.name = "the domain where both name us",
         .uri = "sip:+4991874350352@SBC.example.net",
         .to = "<sip:x@203.0.113.50>",
         .want = "alpha.example"},
        {.name = "IPv6 without brackets",
         .uri = "sip:+4991874350352@[2001:DB8::7]:5060",
         .to = "<sip:x@127.0.0.1>",
         .want = "2001:db8::7"},
        {.name = "tel has no host",
         .uri = "tel:+4991874350352",
         .to = "<tel:+4991874350352>",
         .want = "alpha.example"},
    };
    for (const Row& row : rows) {
        const auto plan = plan_of({.uri = row.uri, .to = row.to});
        ASSERT_TRUE(plan) << row.name << ": " << plan.error().reason;
        EXPECT_EQ(plan->x_to_ip, row.want) << row.name;
    }
}

TEST(IntakePlan, RefusesWithTheStageThatSaidNo) {
    struct Row {
        const char* name;
        Request request;
        int status;
        const char* reason;
        Stage stage;
    };
    const Row rows[] = {
        {.name = "no number",
         .request = {.uri = "sip:127.0.0.1", .to = "<sip:127.0.0.1>"},
         .status = 400,
         .reason = "bad_request",
         .stage = Stage::Normalize},
        {.name = "nobody's",
         .request = {.uri = "sip:+33123456@127.0.0.1"},
         .status = 404,
         .reason = "no_tenant",
         .stage = Stage::Tenant},
        {.name = "another's domain",
         .request = {.uri = "sip:+4991874350352@open.example"},
         .status = 403,
         .reason = "tenant_mismatch",
         .stage = Stage::Tenant},
        {.name = "domain without that number",
         .request = {.uri = "sip:+33123456@alpha.example"},
         .status = 404,
         .reason = "unknown_did",
         .stage = Stage::Routing},
        {.name = "no group",
         .request = {.uri = "sip:+493012345@127.0.0.1"},
         .status = 503,
         .reason = "no_gateway",
         .stage = Stage::Routing},
    };
    for (const Row& row : rows) {
        const auto plan = plan_of(row.request);
        ASSERT_FALSE(plan) << row.name;
        EXPECT_EQ(plan.error().status.code, row.status) << row.name;
        EXPECT_EQ(plan.error().reason, row.reason) << row.name;
        EXPECT_EQ(plan.error().stage, row.stage) << row.name;
    }
}

TEST(IntakePlan, GivesAnyNumberToATenantWithoutDids) {
    const auto plan = plan_of({.uri = "sip:+33123456@open.example"});
    ASSERT_TRUE(plan) << plan.error().reason;
    EXPECT_EQ(plan->tenant.name, "open");
}

TEST(IntakePlan, PlacesNothingForAGroupOrAnUnknownCarrier) {
    const sip::Message invite = Request{}.message();
    const auto group =
        plan(snapshot(), {{admission::Owner::Group, 0}, 70}, carrier_source(), invite);
    ASSERT_FALSE(group);
    EXPECT_EQ(group.error().reason, "destination_not_allowed");
    const auto carrier = plan_of(Request{}, 9);
    ASSERT_FALSE(carrier);
    EXPECT_EQ(carrier.error().status.code, 403);
}

TEST(IntakePlan, CarriesProviderAndConfiguredHeadersInOrderAndNeverItsOwn) {
    const auto plan =
        plan_of({.lines = {"X-CAMPAIGN: spring;x=\"1\"", "X-Secret: no", "X-To-IP: 6.6.6.6",
                           "X-Tenant-ID: beta", "X-Twilio-CallSid: CA1", "Subject: no",
                           "User-to-User: 56a3;encoding=hex", "x-campaign: again"}});
    ASSERT_TRUE(plan);
    const std::vector<sip::Header> want{{"X-CAMPAIGN", "spring;x=\"1\""},
                                        {"X-Twilio-CallSid", "CA1"},
                                        {"User-to-User", "56a3;encoding=hex"},
                                        {"x-campaign", "again"}};
    EXPECT_EQ(plan->pass_headers, want);
}

TEST(IntakePlan, CarriesAtMost32HeadersAnd4KiB) {
    Request many;
    for (int i = 0; i < 40; ++i) {
        many.lines.push_back("X-Campaign: " + std::to_string(i));
    }
    const auto counted = plan_of(many);
    ASSERT_TRUE(counted);
    ASSERT_EQ(counted->pass_headers.size(), kPassedHeaders);
    EXPECT_EQ(counted->pass_headers.back().value, "31");

    Request large;
    large.lines = {"X-Campaign: " + std::string(3000, 'a'), "X-Campaign: " + std::string(2000, 'b'),
                   "X-Campaign: " + std::string(1076, 'c'), "X-Campaign: d"};
    const auto weighed = plan_of(large);
    ASSERT_TRUE(weighed);
    ASSERT_EQ(weighed->pass_headers.size(), 2U);
    EXPECT_EQ(weighed->pass_headers[1].value.front(), 'c');
}

}  // namespace
}  // namespace causeway::intake
