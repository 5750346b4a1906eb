#include "unit/intake/an_invite.hpp"

#include "causeway/admission/admission.hpp"

#include <gtest/gtest.h>

namespace causeway::admission {
namespace {

using test::Request;

sip::Source carrier_source() {
    return {InterfaceId{1}, {IpAddress::v4(127, 0, 0, 10), 5060}, sip::Transport::Udp, {}};
}

Rules rules() {
    Rules rules;
    rules.sources.add(InterfaceId{1}, Cidr::parse("127.0.0.10").value(), {Owner::Carrier, 7});
    return rules;
}

std::string header(const Rejection& rejection, std::string_view name) {
    for (const sip::Header& one : rejection.headers) {
        if (one.name == name) {
            return one.value;
        }
    }
    return {};
}

TEST(AdmissionJudge, LetsAPlainInviteIn) {
    const auto pass = judge(rules(), {}, carrier_source(), Request{}.message());
    ASSERT_TRUE(pass);
    EXPECT_EQ(pass->peer, (Peer{Owner::Carrier, 7}));
    EXPECT_EQ(pass->max_forwards, 70U);
}

TEST(AdmissionJudge, LetsAnInviteOfRfc2543InWithoutContact) {
    for (const char* via : {"SIP/2.0/UDP 127.0.0.10", "SIP/2.0/UDP 127.0.0.10;branch=7"}) {
        const Request invite{.via = via, .contact = ""};
        EXPECT_TRUE(judge(rules(), {}, carrier_source(), invite.message())) << via;
    }
}

TEST(AdmissionJudge, TakesSeventyHopsWhereMaxForwardsIsMissing) {
    const auto pass = judge(rules(), {}, carrier_source(), Request{.max_forwards = ""}.message());
    ASSERT_TRUE(pass);
    EXPECT_EQ(pass->max_forwards, 70U);
}

TEST(AdmissionJudge, AnswersOptionsWithoutContactAndHops) {
    const auto pass =
        judge(rules(), {}, carrier_source(),
              Request{.method = "OPTIONS", .contact = "", .max_forwards = "0"}.message());
    ASSERT_TRUE(pass);
    EXPECT_EQ(pass->max_forwards, 0U);
}

TEST(AdmissionJudge, IgnoresProxyRequire) {
    EXPECT_TRUE(
        judge(rules(), {}, carrier_source(), Request{.lines = {"Proxy-Require: x"}}.message()));
}

TEST(AdmissionJudge, RefusesAStranger) {
    sip::Source stranger = carrier_source();
    stranger.peer.ip = IpAddress::v4(127, 0, 0, 11);
    const auto pass = judge(rules(), {.draining = true}, stranger, Request{}.message());
    ASSERT_FALSE(pass);
    EXPECT_EQ(pass.error().status.code, 403);
    EXPECT_EQ(pass.error().reason, "unknown_source");
}

struct Row {
    const char* name;
    Request request;
    Load load{};
    int status{};
    const char* reason;
    const char* header{""};
    const char* value{""};
};

TEST(AdmissionJudge, SaysWhyNot) {
    const Row rows[] = {
        {.name = "draining",
         .request = {},
         .load = {.draining = true, .no_capacity = true, .retry_after = 7},
         .status = 503,
         .reason = "draining",
         .header = "Retry-After",
         .value = "7"},
        {.name = "OPTIONS while draining",
         .request = {.method = "OPTIONS"},
         .load = {.draining = true, .retry_after = 2},
         .status = 503,
         .reason = "draining",
         .header = "Retry-After",
         .value = "2"},
        {.name = "no capacity",
         .request = {},
         .load = {.no_capacity = true, .retry_after = 10},
         .status = 503,
         .reason = "no_capacity",
         .header = "Retry-After",
         .value = "10"},
        {.name = "broken From",
         .request = {.from = "<sip:a@b"},
         .status = 400,
         .reason = "bad_request"},
        {.name = "broken To", .request = {.to = "<<>>"}, .status = 400, .reason = "bad_request"},
        {.name = "broken Via", .request = {.via = "x"}, .status = 400, .reason = "bad_request"},
        {.name = "no Contact", .request = {.contact = ""}, .status = 400, .reason = "bad_request"},
        {.name = "broken Contact, RFC 2543",
         .request = {.via = "SIP/2.0/UDP 127.0.0.10", .contact = "<sip:"},
         .status = 400,
         .reason = "bad_request"},
        {.name = "a Contact of no address, RFC 2543",
         .request = {.via = "SIP/2.0/UDP 127.0.0.10", .contact = "*"},
         .status = 400,
         .reason = "bad_request"},
        {.name = "broken Contact",
         .request = {.contact = "<sip:"},
         .status = 400,
         .reason = "bad_request"},
        {.name = "foreign scheme",
         .request = {.uri = "http://x/"},
         .status = 416,
         .reason = "bad_request"},
        {.name = "hops are no number",
         .request = {.max_forwards = "many"},
         .status = 400,
         .reason = "bad_request"},
        {.name = "unknown method",
         .request = {.method = "SUBSCRIBE"},
         .status = 405,
         .reason = "method",
         .header = "Allow",
         .value = "INVITE, ACK, CANCEL, BYE, OPTIONS"},
        {.name = "another method while draining",
         .request = {.method = "MESSAGE"},
         .load = {.draining = true},
         .status = 405,
         .reason = "method",
         .header = "Allow",
         .value = "INVITE, ACK, CANCEL, BYE, OPTIONS"},
        {.name = "no hop left",
         .request = {.max_forwards = "0"},
         .status = 483,
         .reason = "too_many_hops"},
        {.name = "extensions of several lines",
         .request = {.lines = {"Require: 100rel, precondition", "Require: timer"}},
         .status = 420,
         .reason = "bad_extension",
         .header = "Unsupported",
         .value = "100rel, precondition, timer"},
        {.name = "extension of OPTIONS",
         .request = {.method = "OPTIONS", .lines = {"Require: path"}},
         .status = 420,
         .reason = "bad_extension",
         .header = "Unsupported",
         .value = "path"},
    };
    for (const Row& row : rows) {
        const auto pass = judge(rules(), row.load, carrier_source(), row.request.message());
        ASSERT_FALSE(pass) << row.name;
        EXPECT_EQ(pass.error().status.code, row.status) << row.name;
        EXPECT_EQ(pass.error().reason, row.reason) << row.name;
        EXPECT_EQ(pass.error().stage, Stage::Admission) << row.name;
        EXPECT_EQ(header(pass.error(), row.header), row.value) << row.name;
    }
}

}  // namespace
}  // namespace causeway::admission
