#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// RFC 3261 figure 5 with the Accepted state of RFC 6026 §8.4, one test an edge.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Millis kLong = std::chrono::minutes(10);

TEST(InviteClient, RepeatsWithDoublingTimerAUntilTimerB) {
    Stage stage;
    stage.request({});
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "500 > INVITE", "1500 > INVITE",
                                         "3500 > INVITE", "7500 > INVITE", "15500 > INVITE",
                                         "31500 > INVITE", "32000 failed timeout"));
    EXPECT_EQ(stage.layer.size(), 0U);
    for (const Stage::Sent& copy : stage.sent) {
        EXPECT_EQ(copy.bytes, stage.sent.front().bytes);
        EXPECT_EQ(copy.to, stage.peer);
        EXPECT_EQ(copy.key, stage.failures.front().key);
    }
}

TEST(InviteClient, DerivesItsTimersFromT1) {
    Stage stage(sip::Transport::Udp, {.t1 = Millis(100)});
    stage.request({});
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "100 > INVITE", "300 > INVITE",
                                         "700 > INVITE", "1500 > INVITE", "3100 > INVITE",
                                         "6300 > INVITE", "6400 failed timeout"));
}

TEST(InviteClient, IsNotRepeatedOverAReliableTransport) {
    Stage stage(sip::Transport::Tcp);
    stage.request({});
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "32000 failed timeout"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteClient, StopsBothTimersOnAProvisionalAndPassesEachUp) {
    Stage stage;
    stage.request({});
    stage.pass(Millis(600));
    stage.answer_to("INVITE", 100, "");
    stage.pass(Millis(100'000));
    stage.answer_to("INVITE", 180);
    stage.answer_to("INVITE", 183);
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "500 > INVITE", "600 response 100",
                                         "100600 response 180", "100600 response 183"));
    EXPECT_EQ(stage.layer.deadline(), std::nullopt);
    EXPECT_EQ(stage.layer.size(), 1U);
    stage.answer_to("INVITE", 486);
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
}

struct FailureRow {
    std::string name;
    sip::Transport transport;
    bool after_provisional;
    int status;
};

class InviteClientFailure : public ::testing::TestWithParam<FailureRow> {};

TEST_P(InviteClientFailure, IsAcknowledgedByTheLayerAndReportedOnce) {
    const FailureRow& row = GetParam();
    Stage stage(row.transport);
    const Key key = stage.request({});
    if (row.after_provisional) {
        stage.answer_to("INVITE", 180);
    }
    stage.log();
    stage.answer_to("INVITE", row.status);
    EXPECT_THAT(stage.log(), ElementsAre("0 > ACK", "0 response " + std::to_string(row.status)));
    EXPECT_EQ(stage.sent.back().key, key);
    EXPECT_EQ(stage.responses.back().key, key);
    EXPECT_EQ(stage.sent.back().to, stage.peer);
    EXPECT_EQ(stage.layer.size(), sip::is_reliable(row.transport) ? 0U : 1U);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Rows, InviteClientFailure,
                         ::testing::Values(FailureRow{.name = "udp300calling",
                                                      .transport = sip::Transport::Udp,
                                                      .after_provisional = false,
                                                      .status = 300},
                                           FailureRow{.name = "udp486proceeding",
                                                      .transport = sip::Transport::Udp,
                                                      .after_provisional = true,
                                                      .status = 486},
                                           FailureRow{.name = "udp603proceeding",
                                                      .transport = sip::Transport::Udp,
                                                      .after_provisional = true,
                                                      .status = 603},
                                           FailureRow{.name = "tcp404calling",
                                                      .transport = sip::Transport::Tcp,
                                                      .after_provisional = false,
                                                      .status = 404},
                                           FailureRow{.name = "tls503proceeding",
                                                      .transport = sip::Transport::Tls,
                                                      .after_provisional = true,
                                                      .status = 503}),
                         [](const auto& row) { return row.param.name; });

TEST(InviteClient, AcknowledgesARepeatedFailureUntilTimerD) {
    Stage stage;
    stage.request({});
    stage.answer_to("INVITE", 486);
    const std::string ack = stage.sent.back().bytes;
    stage.log();
    stage.pass(Millis(500));
    stage.answer_to("INVITE", 486);
    stage.pass(Millis(31'499));
    stage.answer_to("INVITE", 486);
    EXPECT_THAT(stage.log(), ElementsAre("500 > ACK", "31999 > ACK"));
    EXPECT_EQ(stage.sent.back().bytes, ack);
    stage.pass(Millis(1));
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.answer_to("INVITE", 486);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteClient, KeepsTimerDAt32SecondsWhateverT1Is) {
    Stage stage(sip::Transport::Udp, {.t1 = Millis(50)});
    stage.request({});
    stage.answer_to("INVITE", 486);
    stage.pass(Millis(31'999));
    EXPECT_EQ(stage.layer.size(), 1U);
    stage.pass(Millis(1));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteClient, IgnoresProvisionalsAfterAFailure) {
    Stage stage;
    stage.request({});
    stage.answer_to("INVITE", 486);
    stage.log();
    stage.answer_to("INVITE", 180);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteClient, ReportsASuccessAfterAFailureAsStray) {
    Stage stage;
    stage.request({});
    stage.answer_to("INVITE", 486, "one");
    stage.log();
    stage.answer_to("INVITE", 200, "two");
    EXPECT_THAT(stage.log(), ElementsAre("0 stray 200"));
}

TEST(InviteClient, WritesTheAckOfAFailureFromItsRequest) {
    Stage stage;
    stage.request({.uri = "sip:bob@10.1.1.1;transport=udp",
                   .cseq = 4711,
                   .extra = "Route: <sip:p1.example.org;lr>\r\nRequire: 100rel\r\n"
                            "Route: <sip:p2.example.org;lr>, <sip:p3.example.org;lr>\r\n"
                            "Authorization: Digest x\r\nContact: <sip:us@10.0.0.1>\r\n"});
    stage.answer_to("INVITE", 407, "far;side");
    const std::string invite = stage.sent.front().bytes;
    EXPECT_EQ(stage.sent.back().bytes,
              "ACK sip:bob@10.1.1.1;transport=udp SIP/2.0\r\n"
              "Via: " +
                  header(invite, "Via") +
                  "\r\n"
                  "Route: <sip:p1.example.org;lr>\r\n"
                  "Route: <sip:p2.example.org;lr>, <sip:p3.example.org;lr>\r\n"
                  "Max-Forwards: 70\r\n"
                  "From: <sip:alice@example.org>;tag=from1\r\n"
                  "To: <sip:bob@example.com>;tag=far;side\r\n"
                  "Call-ID: call-1@example.org\r\n"
                  "CSeq: 4711 ACK\r\n"
                  "Content-Length: 0\r\n\r\n");
}

struct SuccessRow {
    std::string name;
    sip::Transport transport;
};

class InviteClientSuccess : public ::testing::TestWithParam<SuccessRow> {};

TEST_P(InviteClientSuccess, IsPassedUpEachTimeUntilTimerM) {
    Stage stage(GetParam().transport);
    const Key key = stage.request({});
    stage.pass(Millis(100));
    stage.answer_to("INVITE", 180, "one");
    stage.answer_to("INVITE", 200, "one");
    stage.pass(Millis(500));
    stage.answer_to("INVITE", 200, "one");
    stage.answer_to("INVITE", 200, "two");
    stage.pass(Millis(31'499));
    stage.answer_to("INVITE", 200, "two");
    EXPECT_THAT(stage.log(),
                ElementsAre("0 > INVITE", "100 response 180", "100 response 200",
                            "600 response 200", "600 response 200", "32099 response 200"));
    for (const Response& response : stage.responses) {
        EXPECT_EQ(response.key, key);
    }
    stage.pass(Millis(1));
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.answer_to("INVITE", 200, "two");
    EXPECT_THAT(stage.log(), ElementsAre("32100 stray 200"));
}

INSTANTIATE_TEST_SUITE_P(Rows, InviteClientSuccess,
                         ::testing::Values(SuccessRow{"udp", sip::Transport::Udp},
                                           SuccessRow{"tcp", sip::Transport::Tcp}),
                         [](const auto& row) { return row.param.name; });

TEST(InviteClient, TakesASuccessWithoutAnyProvisional) {
    Stage stage;
    stage.request({});
    stage.answer_to("INVITE", 200);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "0 response 200"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteClient, IgnoresProvisionalsAndFailuresAfterASuccess) {
    Stage stage;
    stage.request({});
    stage.answer_to("INVITE", 200, "one");
    stage.log();
    stage.answer_to("INVITE", 180, "two");
    stage.answer_to("INVITE", 486, "two");
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteClient, FailsAtOnceWhenUndeliverableWhileCalling) {
    Stage stage;
    const Key key = stage.request({});
    stage.undeliverable(key);
    stage.undeliverable(key);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "0 failed io"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteClient, TakesNoNoticeOfUndeliverableOnceItHasAnAnswer) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.log();
    stage.undeliverable(key);
    EXPECT_EQ(stage.layer.size(), 1U);
    stage.answer_to("INVITE", 200);
    stage.undeliverable(key);
    EXPECT_EQ(stage.layer.size(), 1U);
    EXPECT_THAT(stage.log(), ElementsAre("0 response 200"));
}

TEST(InviteClient, FailsWhenItsConnectionBreaksAfterAProvisional) {
    Stage stage(sip::Transport::Tcp);
    const Key key = stage.request({});
    stage.answer_to("INVITE", 180);
    stage.log();
    stage.undeliverable(key);
    stage.undeliverable(key);
    EXPECT_THAT(stage.log(), ElementsAre("0 failed io"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteClient, OutlivesItsConnectionOnceItHasASuccess) {
    Stage stage(sip::Transport::Tcp);
    const Key key = stage.request({});
    stage.answer_to("INVITE", 200);
    stage.log();
    stage.undeliverable(key);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(InviteClient, EndsSilentlyWhenItsAckIsUndeliverable) {
    Stage stage;
    const Key key = stage.request({});
    stage.answer_to("INVITE", 486);
    stage.log();
    stage.undeliverable(key);
    EXPECT_EQ(stage.layer.size(), 0U);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteClient, RepeatsOnceAfterAStallInsteadOfInABurst) {
    Stage stage;
    stage.request({});
    stage.now += Millis(8000);
    stage.layer.advance(stage.now);
    stage.drain();
    EXPECT_THAT(stage.log(), ElementsAre("0 > INVITE", "8000 > INVITE"));
    stage.pass(Millis(1000));
    EXPECT_THAT(stage.log(), ElementsAre("9000 > INVITE"));
}

}  // namespace
}  // namespace causeway::transaction
