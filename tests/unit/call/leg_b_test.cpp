#include "causeway/call/leg_b.hpp"

#include "causeway/sip/uri.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::call {
namespace {

struct Row {
    const char* what;
    const char* gateway;
    const char* called;
    const char* request_uri;
    const char* to;
};

dialog::Invitation invitation_for(const char* gateway, intake::Plan plan) {
    routing::Target target;
    target.uri = *sip::parse_uri(gateway);
    return make_invitation(
        plan, target,
        {CallId{0xabc}, "id", "tag", "<sip:192.0.2.1:5080;transport=udp>", "192.0.2.1", "v=0\r\n"});
}

TEST(LegBUris, FollowTheGatewaysUri) {
    const Row rows[] = {
        {"an address", "sip:198.51.100.2", "+4930", "sip:+4930@198.51.100.2",
         "<sip:+4930@198.51.100.2>"},
        {"a port", "sip:198.51.100.2:5070", "+4930", "sip:+4930@198.51.100.2:5070",
         "<sip:+4930@198.51.100.2:5070>"},
        {"parameters stay in the Request-URI alone", "sip:198.51.100.2:5070;transport=udp", "+4930",
         "sip:+4930@198.51.100.2:5070;transport=udp", "<sip:+4930@198.51.100.2:5070>"},
        {"a user of its own stays", "sip:proj_x@198.51.100.2", "+4930", "sip:proj_x@198.51.100.2",
         "<sip:+4930@198.51.100.2>"},
        {"IPv6", "sip:[2001:db8::2]:5070", "+4930", "sip:+4930@[2001:db8::2]:5070",
         "<sip:+4930@[2001:db8::2]:5070>"},
        {"what may not stand in a user part is escaped", "sip:198.51.100.2", "a b@c>",
         "sip:a%20b%40c%3E@198.51.100.2", "<sip:a%20b%40c%3E@198.51.100.2>"},
        {"an escape is not escaped again", "sip:198.51.100.2", "a%22b%4",
         "sip:a%22b%254@198.51.100.2", "<sip:a%22b%254@198.51.100.2>"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        intake::Plan plan;
        plan.parties.called = row.called;
        const auto invitation = invitation_for(row.gateway, plan);
        EXPECT_EQ(invitation.request_uri, row.request_uri);
        EXPECT_EQ(invitation.to, row.to);
    }
}

TEST(LegBFrom, QuotesTheDisplayName) {
    intake::Plan plan;
    plan.parties.calling = "+4930";
    plan.parties.display = "say \"hi\"\\\r\nX: y";
    const auto invitation = invitation_for("sip:198.51.100.2", plan);
    EXPECT_TRUE(invitation.from.ends_with(" <sip:+4930@192.0.2.1>")) << invitation.from;
    EXPECT_TRUE(invitation.from.starts_with(R"("say \"hi\"\\)")) << invitation.from;
    EXPECT_EQ(invitation.from.find('\n'), std::string::npos);
}

TEST(LegBFrom, NamesAnAnonymousCallerByTheCall) {
    EXPECT_EQ(invitation_for("sip:198.51.100.2", {}).from,
              "<sip:anonymous-000000000000@192.0.2.1>");
}

TEST(LegBHeaders, LeaveOutAnUnknownToIp) {
    for (const sip::Header& header : invitation_for("sip:198.51.100.2", {}).headers) {
        EXPECT_NE(header.name, "X-To-IP");
    }
}

}  // namespace
}  // namespace causeway::call
