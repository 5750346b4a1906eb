#include "unit/intake/an_invite.hpp"

#include "causeway/normalize/normalize.hpp"

#include <gtest/gtest.h>

namespace causeway::normalize {
namespace {

using test::Request;

Rules rules() {
    Rules all;
    all.carriers.push_back(Plan::make({}, "DE").value());
    all.emergency = {"110", "112"};
    return all;
}

TEST(NormalizeApply, ReadsTheCalledNumber) {
    struct Row {
        const char* name;
        const char* uri;
        const char* to{"<sip:+49999999@x.example>"};
        const char* called;
        const char* as_received;
    };
    const Row rows[] = {
        {.name = "national",
         .uri = "sip:91874350352@sip.example;transport=udp",
         .called = "+4991874350352",
         .as_received = "91874350352"},
        {.name = "tel",
         .uri = "tel:+49-9187-4350352;phone-context=x.example",
         .called = "+4991874350352",
         .as_received = "+49-9187-4350352"},
        {.name = "number portability parameters",
         .uri = "sip:+4991874350352;npdi=yes;rn=+4930@sip.example;user=phone",
         .called = "+4991874350352",
         .as_received = "+4991874350352;npdi=yes;rn=+4930"},
        {.name = "escaped plus",
         .uri = "sip:%2B4991874350352@sip.example",
         .called = "+4991874350352",
         .as_received = "+4991874350352"},
        {.name = "escaped spaces",
         .uri = "sip:09187%204350352@sip.example",
         .called = "+4991874350352",
         .as_received = "09187%204350352"},
        {.name = "escaped semicolon cuts too",
         .uri = "sip:091874350352%3Bnpdi@sip.example",
         .called = "+4991874350352",
         .as_received = "091874350352;npdi"},
        {.name = "what must stay escaped stays so",
         .uri = "sip:a%40b%22@sip.example",
         .called = "a%40b%22",
         .as_received = "a%40b%22"},
        {.name = "no control character comes out of an escape",
         .uri = "sip:1%0d%0aX@sip.example",
         .called = "1%0D%0AX",
         .as_received = "1%0D%0AX"},
        {.name = "emergency", .uri = "sip:112@sip.example", .called = "112", .as_received = "112"},
        {.name = "To where the Request-URI has no user",
         .uri = "sip:sip.example",
         .to = "\"x\" <sip:091874350352@x.example>;tag=1",
         .called = "+4991874350352",
         .as_received = "091874350352"},
    };
    const Rules all = rules();
    for (const Row& row : rows) {
        const auto parties = apply(all, 0, Request{.uri = row.uri, .to = row.to}.message());
        ASSERT_TRUE(parties) << row.name;
        EXPECT_EQ(parties->called, row.called) << row.name;
        EXPECT_EQ(parties->as_received, row.as_received) << row.name;
        EXPECT_EQ(parties->claim, "") << row.name;
    }
}

TEST(NormalizeApply, ReadsTheCaller) {
    struct Row {
        const char* name;
        const char* from;
        const char* calling;
        const char* display;
    };
    const Row rows[] = {
        {.name = "national",
         .from = "<sip:017645533966@c.example>;tag=1",
         .calling = "+4917645533966",
         .display = ""},
        {.name = "with a name",
         .from = "\"Ada \\\"A\\\"\" <sip:017645533966@c.example>;tag=1",
         .calling = "+4917645533966",
         .display = "Ada \"A\""},
        {.name = "anonymous",
         .from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1",
         .calling = "",
         .display = "Anonymous"},
        {.name = "Anonymous at the carrier",
         .from = "<sip:Anonymous@c.example>;tag=1",
         .calling = "",
         .display = ""},
        {.name = "anonymous host",
         .from = "<sip:+4930123456@anonymous.invalid>;tag=1",
         .calling = "",
         .display = ""},
        {.name = "no user", .from = "<sip:c.example>;tag=1", .calling = "", .display = ""},
        {.name = "a name for a number",
         .from = "<sip:alice@c.example>;tag=1",
         .calling = "alice",
         .display = ""},
    };
    const Rules all = rules();
    for (const Row& row : rows) {
        const auto parties = apply(all, 0, Request{.from = row.from}.message());
        ASSERT_TRUE(parties) << row.name;
        EXPECT_EQ(parties->calling, row.calling) << row.name;
        EXPECT_EQ(parties->display, row.display) << row.name;
    }
}

TEST(NormalizeApply, RefusesACallToNobody) {
    for (const Request& request : {Request{.uri = "sip:x.example", .to = "<sip:x.example>"},
                                   Request{.uri = "sip:;x=1@x.example"}}) {
        const auto parties = apply(rules(), 0, request.message());
        ASSERT_FALSE(parties) << request.uri;
        EXPECT_EQ(parties.error().status.code, 400);
        EXPECT_EQ(parties.error().reason, "bad_request");
        EXPECT_EQ(parties.error().stage, Stage::Normalize);
    }
}

TEST(NormalizeApply, ReadsInternationalNumbersOfACarrierWithoutPlan) {
    const auto parties =
        apply(rules(), 5, Request{.uri = "sip:004991874350352@x.example"}.message());
    ASSERT_TRUE(parties);
    EXPECT_EQ(parties->called, "+4991874350352");
}

}  // namespace
}  // namespace causeway::normalize
