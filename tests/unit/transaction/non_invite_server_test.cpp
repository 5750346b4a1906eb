#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// RFC 3261 figure 8, one test an edge.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Millis kLong = std::chrono::minutes(10);
const RequestText kBye{.method = "BYE"};

TEST(NonInviteServer, AbsorbsRepetitionsBeforeItsFirstAnswer) {
    Stage stage;
    stage.accepted(kBye);
    stage.receive(kBye.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 request BYE"));
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(NonInviteServer, RepeatsItsProvisionalWhenAskedAgain) {
    Stage stage;
    const Key key = stage.accepted(kBye);
    stage.respond(key, 100);
    stage.receive(kBye.text());
    stage.respond(key, 183);
    stage.receive(kBye.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 request BYE", "0 > 100 BYE", "0 > 100 BYE",
                                         "0 > 183 BYE", "0 > 183 BYE"));
}

TEST(NonInviteServer, RepeatsItsFinalWhenAskedAgainUntilTimerJ) {
    Stage stage;
    const Key key = stage.accepted(kBye);
    stage.log();
    stage.pass(Millis(1000));
    stage.respond(key, 200);
    stage.respond(key, 500);
    stage.pass(Millis(500));
    stage.receive(kBye.text());
    stage.pass(Millis(31'499));
    stage.receive(kBye.text());
    EXPECT_THAT(stage.log(), ElementsAre("1000 > 200 BYE", "1500 > 200 BYE", "32999 > 200 BYE"));
    stage.pass(Millis(1));
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.receive(kBye.text());
    EXPECT_THAT(stage.log(), ElementsAre("33000 request BYE"));
}

TEST(NonInviteServer, EndsAtItsFinalOverAReliableTransport) {
    Stage stage(sip::Transport::Tcp);
    const RequestText bye{.method = "BYE", .via = "SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bKx"};
    const Key first = stage.accepted(bye);
    stage.respond(first, 100);
    stage.respond(first, 200);
    EXPECT_THAT(stage.log(), ElementsAre("0 request BYE", "0 > 100 BYE", "0 > 200 BYE"));
    EXPECT_EQ(stage.sent.back().to.connection, stage.source.connection);
    EXPECT_EQ(stage.layer.size(), 0U);
    EXPECT_EQ(stage.layer.deadline(), std::nullopt);
}

TEST(NonInviteServer, TakesNoProvisionalAfterItsFinal) {
    Stage stage;
    const Key key = stage.accepted(kBye);
    stage.respond(key, 200);
    stage.log();
    stage.respond(key, 100);
    EXPECT_THAT(stage.log(), IsEmpty());
}

// RFC 4320 §4.2: an answer after the client's Timer F helps nobody.
TEST(NonInviteServer, EndsSilentlyWhenItsOwnerNeverAnswers) {
    Stage stage;
    const Key key = stage.accepted(kBye);
    stage.log();
    stage.pass(Millis(31'999));
    EXPECT_EQ(stage.layer.size(), 1U);
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.respond(key, 200);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(NonInviteServer, GoesOnWhenAnAnswerIsUndeliverable) {
    Stage stage;
    const Key key = stage.accepted(kBye);
    stage.respond(key, 200);
    stage.undeliverable(key);
    stage.log();
    stage.receive(kBye.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 200 BYE"));
}

}  // namespace
}  // namespace causeway::transaction
