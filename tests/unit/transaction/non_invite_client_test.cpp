#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// RFC 3261 figure 6, one test an edge.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Millis kLong = std::chrono::minutes(10);
const RequestText kBye{.method = "BYE"};

TEST(NonInviteClient, RepeatsWithTimerEUpToT2UntilTimerF) {
    Stage stage;
    stage.request(kBye);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(),
                ElementsAre("0 > BYE", "500 > BYE", "1500 > BYE", "3500 > BYE", "7500 > BYE",
                            "11500 > BYE", "15500 > BYE", "19500 > BYE", "23500 > BYE",
                            "27500 > BYE", "31500 > BYE", "32000 failed timeout"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(NonInviteClient, IsNotRepeatedOverAReliableTransport) {
    Stage stage(sip::Transport::Tls);
    stage.request(kBye);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > BYE", "32000 failed timeout"));
    EXPECT_EQ(stage.sent.front().to.tls_name, "peer.example.org");
    EXPECT_EQ(stage.sent.front().to, stage.peer);
}

TEST(NonInviteClient, RepeatsEveryT2WhileProceedingAndKeepsTimerF) {
    Stage stage;
    stage.request(kBye);
    stage.pass(Millis(600));
    stage.answer_to("BYE", 100, "");
    stage.pass(kLong);
    EXPECT_THAT(stage.log(),
                ElementsAre("0 > BYE", "500 > BYE", "600 response 100", "1500 > BYE", "5500 > BYE",
                            "9500 > BYE", "13500 > BYE", "17500 > BYE", "21500 > BYE",
                            "25500 > BYE", "29500 > BYE", "32000 failed timeout"));
}

struct FinalRow {
    std::string name;
    sip::Transport transport;
    bool after_provisional;
    int status;
};

class NonInviteClientFinal : public ::testing::TestWithParam<FinalRow> {};

TEST_P(NonInviteClientFinal, IsReportedOnceAndLingersForTimerK) {
    const FinalRow& row = GetParam();
    Stage stage(row.transport);
    const Key key = stage.request(kBye);
    if (row.after_provisional) {
        stage.answer_to("BYE", 100, "");
    }
    stage.log();
    stage.answer_to("BYE", row.status);
    stage.answer_to("BYE", row.status);
    EXPECT_THAT(stage.log(), ElementsAre("0 response " + std::to_string(row.status)));
    EXPECT_EQ(stage.responses.back().key, key);
    EXPECT_EQ(stage.layer.size(), sip::is_reliable(row.transport) ? 0U : 1U);
    stage.pass(Millis(4999));
    EXPECT_EQ(stage.layer.size(), sip::is_reliable(row.transport) ? 0U : 1U);
    stage.pass(Millis(1));
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Rows, NonInviteClientFinal,
                         ::testing::Values(FinalRow{.name = "udp200trying",
                                                    .transport = sip::Transport::Udp,
                                                    .after_provisional = false,
                                                    .status = 200},
                                           FinalRow{.name = "udp481proceeding",
                                                    .transport = sip::Transport::Udp,
                                                    .after_provisional = true,
                                                    .status = 481},
                                           FinalRow{.name = "tcp200trying",
                                                    .transport = sip::Transport::Tcp,
                                                    .after_provisional = false,
                                                    .status = 200},
                                           FinalRow{.name = "tcp603proceeding",
                                                    .transport = sip::Transport::Tcp,
                                                    .after_provisional = true,
                                                    .status = 603}),
                         [](const auto& row) { return row.param.name; });

TEST(NonInviteClient, FailsAtOnceWhenUndeliverableBeforeItsFinal) {
    Stage stage;
    stage.undeliverable(stage.request(kBye));
    const Key proceeding = stage.request(kBye.as("OPTIONS"));
    stage.answer_to("OPTIONS", 100, "");
    stage.undeliverable(proceeding);
    EXPECT_THAT(stage.log(), ElementsAre("0 > BYE", "0 failed io", "0 > OPTIONS", "0 response 100",
                                         "0 failed io"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(NonInviteClient, TakesNoNoticeOfUndeliverableAfterItsFinal) {
    Stage stage;
    const Key key = stage.request(kBye);
    stage.answer_to("BYE", 200);
    stage.log();
    stage.undeliverable(key);
    EXPECT_THAT(stage.log(), IsEmpty());
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(NonInviteClient, TakesAnAnswerFromAnotherSourceThanItsTarget) {
    Stage stage;
    stage.request(kBye);
    stage.source.peer = {IpAddress::v4(203, 0, 113, 5), 40000};
    stage.answer_to("BYE", 200);
    EXPECT_THAT(stage.log(), ElementsAre("0 > BYE", "0 response 200"));
    EXPECT_EQ(stage.responses.back().from, stage.source);
}

}  // namespace
}  // namespace causeway::transaction
