#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// RFC 3261 §9: ours and theirs, and the races of both.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Millis kLong = std::chrono::minutes(10);
const RequestText kInvite{};

TEST(CancelClient, WaitsForAProvisional) {
    Stage stage;
    const Key key = stage.request({});
    stage.cancel(key);
    stage.pass(Millis(700));
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "500 > INVITE"));
    stage.answer_to("INVITE", 100, "");
    EXPECT_THAT(stage.log(), ElementsAre("700 > CANCEL", "700 response 100"));
}

TEST(CancelClient, GoesAtOnceAfterAProvisional) {
    Stage stage;
    const Key key = stage.request({.cseq = 9,
                                   .extra = "Route: <sip:p1.example.org;lr>\r\nSupported: timer\r\n"
                                            "Require: 100rel\r\n"});
    stage.answer_to("INVITE", 180);
    stage.cancel(key, "Reason: SIP;cause=200;text=\"elsewhere\"\r\n");
    EXPECT_EQ(stage.sent.back().bytes,
              "CANCEL sip:bob@example.com SIP/2.0\r\n"
              "Via: " +
                  header(stage.sent.front().bytes, "Via") +
                  "\r\n"
                  "Route: <sip:p1.example.org;lr>\r\n"
                  "Max-Forwards: 70\r\n"
                  "From: <sip:alice@example.org>;tag=from1\r\n"
                  "To: <sip:bob@example.com>\r\n"
                  "Call-ID: call-1@example.org\r\n"
                  "CSeq: 9 CANCEL\r\n"
                  "Reason: SIP;cause=200;text=\"elsewhere\"\r\n"
                  "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(stage.sent.back().to, stage.peer);
}

TEST(CancelClient, IsSentOnceHoweverOftenAsked) {
    Stage stage;
    const Key key = stage.request({});
    stage.cancel(key);
    stage.cancel(key);
    stage.answer_to("INVITE", 180);
    stage.answer_to("INVITE", 183);
    stage.cancel(key);
    EXPECT_EQ(stage.count("CANCEL"), 1U);
    stage.answer_to("CANCEL", 200);
    stage.pass(Millis(6000));
    stage.cancel(key);
    EXPECT_EQ(stage.count("CANCEL"), 1U);
}

TEST(CancelClient, EndsTheInviteWith487) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.log();
    stage.cancel(key);
    stage.answer_to("CANCEL", 200);
    stage.answer_to("INVITE", 487);
    EXPECT_THAT(stage.log(), ElementsAre("0 > CANCEL", "0 > ACK", "0 response 487"));
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelClient, IsRepeatedLikeAnyRequestAndTheInviteFailsAfter64T1) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.pass(Millis(1000));
    stage.log();
    stage.cancel(key);
    stage.pass(kLong);
    EXPECT_THAT(
        stage.log(),
        ElementsAre("1000 > CANCEL", "1500 > CANCEL", "2500 > CANCEL", "4500 > CANCEL",
                    "8500 > CANCEL", "12500 > CANCEL", "16500 > CANCEL", "20500 > CANCEL",
                    "24500 > CANCEL", "28500 > CANCEL", "32500 > CANCEL", "33000 failed timeout"));
    EXPECT_EQ(stage.failures.back().key, key);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelClient, AnsweredButWithoutFinalFailsAfter64T1) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.cancel(key);
    stage.answer_to("CANCEL", 481);
    stage.answer_to("CANCEL", 481);
    stage.log();
    stage.pass(Millis(31'999));
    EXPECT_THAT(stage.log(), IsEmpty());
    stage.pass(Millis(1));
    EXPECT_THAT(stage.log(), ElementsAre("32000 failed timeout"));
    stage.answer_to("INVITE", 200);
    EXPECT_THAT(stage.log(), ElementsAre("32000 stray 200"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelClient, LeavesTheRunningTimerToItsProvisionals) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 100, "");
    stage.cancel(key);
    stage.pass(Millis(10'000));
    stage.answer_to("INVITE", 180);
    stage.log();
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ::testing::Contains("32000 failed timeout"));
}

struct FinalFirstRow {
    std::string name;
    sip::Transport transport;
    int status;
};

class CancelFinalFirst : public ::testing::TestWithParam<FinalFirstRow> {};

TEST_P(CancelFinalFirst, IsNotSentWhenTheFinalComesBeforeAProvisional) {
    Stage stage(GetParam().transport);
    const Key key = stage.request({});
    stage.cancel(key);
    EXPECT_EQ(stage.layer.size(), 2U);
    stage.answer_to("INVITE", GetParam().status);
    stage.cancel(key);
    stage.pass(kLong);
    EXPECT_EQ(stage.count("CANCEL"), 0U);
    EXPECT_EQ(stage.responses.size(), 1U);
    EXPECT_THAT(stage.failures, IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Rows, CancelFinalFirst,
                         ::testing::Values(FinalFirstRow{"udp200", sip::Transport::Udp, 200},
                                           FinalFirstRow{"udp486", sip::Transport::Udp, 486},
                                           FinalFirstRow{"tcp200", sip::Transport::Tcp, 200},
                                           FinalFirstRow{"tcp486", sip::Transport::Tcp, 486}),
                         [](const auto& row) { return row.param.name; });

TEST(CancelClient, EndsWithItsInviteWhenNoProvisionalEverComes) {
    Stage stage;
    stage.cancel(stage.request({}));
    stage.pass(kLong);
    EXPECT_EQ(stage.count("CANCEL"), 0U);
    EXPECT_EQ(stage.failures.size(), 1U);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelClient, CrossesASuccessWhichIsPassedUp) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.cancel(key);
    stage.log();
    stage.answer_to("INVITE", 200);
    stage.answer_to("CANCEL", 481);
    EXPECT_THAT(stage.log(), ElementsAre("0 response 200"));
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelClient, CrossesASuccessAndIsStillRepeatedWhenItsAnswerIsLost) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.cancel(key);
    stage.answer_to("INVITE", 200);
    stage.log();
    stage.pass(Millis(600));
    EXPECT_THAT(stage.log(), ElementsAre("500 > CANCEL"));
    stage.answer_to("CANCEL", 200);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelClient, IsForgottenWithItsInviteOverAReliableTransport) {
    Stage stage(sip::Transport::Tcp);
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.cancel(key);
    stage.answer_to("INVITE", 487);
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.log();
    stage.answer_to("CANCEL", 200);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(CancelClient, UndeliverableEndsTheCancelAlone) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.cancel(key);
    const Key cancel = stage.sent.back().key;
    EXPECT_NE(cancel, key);
    stage.undeliverable(cancel);
    EXPECT_EQ(stage.layer.size(), 1U);
    stage.log();
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("32000 failed timeout"));
}

TEST(CancelClient, DoesNothingForOtherRequestsAndDeadKeys) {
    Stage stage;
    const Key bye = stage.request({.method = "BYE"});
    stage.answer_to("BYE", 100, "");
    stage.cancel(bye);
    stage.cancel(Key{});
    stage.cancel(Key{12345});
    EXPECT_EQ(stage.count("CANCEL"), 0U);
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(CancelServer, IsAnsweredAndReported) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.log();
    stage.receive(kInvite.as("CANCEL").text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 200 CANCEL", "0 cancelled"));
    EXPECT_EQ(stage.sent.back().to, sip::back_to(stage.source));
    stage.respond(key, 487);
    stage.receive(kInvite.as("ACK").with_to_tag("local").text());
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelServer, RepeatsTheSameAnswer) {
    for (const bool over_udp : {true, false}) {
        Stage stage(over_udp ? sip::Transport::Udp : sip::Transport::Tcp);
        RequestText invite;
        invite.via = over_udp ? invite.via : "SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bKx";
        stage.accepted(invite);
        stage.log();
        stage.receive(invite.as("CANCEL").text());
        stage.receive(invite.as("CANCEL").text());
        EXPECT_THAT(stage.log(), ElementsAre("0 > 200 CANCEL", "0 cancelled", "0 > 200 CANCEL"));
        EXPECT_EQ(stage.sent[1].bytes, stage.sent[2].bytes);
        EXPECT_NE(header(stage.sent[1].bytes, "To").find(";tag="), std::string::npos);
    }
}

TEST(CancelServer, AnswersTheSameLongAfterTheInviteIsGone) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.receive(kInvite.as("CANCEL").text());
    const std::string first = stage.sent.back().bytes;
    stage.respond(key, 487);
    stage.receive(kInvite.as("ACK").with_to_tag("local").text());
    stage.pass(Millis(20'000));
    stage.receive(kInvite.as("CANCEL").text());
    EXPECT_EQ(stage.sent.back().bytes, first);
}

TEST(CancelServer, ShowsTheToTagOfTheInvitesLastAnswer) {
    for (const int status : {180, 200, 486}) {
        Stage stage;
        const Key key = stage.accepted(kInvite);
        stage.respond(key, status, "mine");
        stage.receive(kInvite.as("CANCEL").text());
        EXPECT_EQ(header(stage.sent.back().bytes, "To"), "<sip:bob@example.com>;tag=mine")
            << status;
    }
}

TEST(CancelServer, IsOnlyAnsweredAfterAFinal) {
    for (const int status : {200, 486}) {
        Stage stage;
        const Key key = stage.accepted(kInvite);
        stage.respond(key, status);
        stage.log();
        stage.receive(kInvite.as("CANCEL").text());
        EXPECT_THAT(stage.log(), ElementsAre("0 > 200 CANCEL")) << status;
    }
}

TEST(CancelServer, AnswersAnUnknownOneWith481WithoutKeepingIt) {
    Stage stage;
    stage.receive(kInvite.as("CANCEL").text());
    stage.receive(kInvite.as("CANCEL").text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 481 CANCEL", "0 > 481 CANCEL"));
    EXPECT_EQ(stage.sent[0].bytes, stage.sent[1].bytes);
    EXPECT_NE(header(stage.sent[0].bytes, "To").find(";tag="), std::string::npos);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(CancelServer, MatchesByBranchAndSentBy) {
    Stage stage;
    stage.accepted(kInvite);
    stage.log();
    RequestText other = kInvite.as("CANCEL");
    other.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKother";
    stage.receive(other.text());
    other.via = "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKpeer1";
    stage.receive(other.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 481 CANCEL", "0 > 481 CANCEL"));
}

}  // namespace
}  // namespace causeway::transaction
