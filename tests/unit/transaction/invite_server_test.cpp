#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// RFC 3261 figure 7 with the Accepted state of RFC 6026 §8.5, one test an edge.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Millis kLong = std::chrono::minutes(10);
const RequestText kInvite{};

RequestText tcp_invite() {
    return {.via = "SIP/2.0/TCP 192.0.2.9:5070;branch=z9hG4bKpeer1"};
}

TEST(InviteServer, Sends100WhenAccepted) {
    Stage stage;
    stage.receive(kInvite.text());
    EXPECT_EQ(stage.layer.size(), 0U);
    EXPECT_THAT(stage.log(), ElementsAre("0 request INVITE"));
    stage.layer.accept(stage.requests.back().key, stage.now);
    stage.drain();
    EXPECT_THAT(stage.log(), ElementsAre("0 > 100 INVITE"));
    EXPECT_EQ(stage.layer.size(), 1U);
    EXPECT_EQ(stage.layer.deadline(), std::nullopt);
    EXPECT_EQ(header(stage.sent.back().bytes, "To"), "<sip:bob@example.com>");
    EXPECT_EQ(stage.sent.back().to, sip::back_to(stage.source));
    stage.respond(stage.requests.back().key, 486);
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteServer, RepeatsItsLastProvisionalWhenAskedAgain) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.receive(kInvite.text());
    stage.respond(key, 180);
    stage.respond(key, 183);
    stage.receive(kInvite.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 request INVITE", "0 > 100 INVITE", "0 > 100 INVITE",
                                         "0 > 180 INVITE", "0 > 183 INVITE", "0 > 183 INVITE"));
}

TEST(InviteServer, RepeatsAFailureWithDoublingTimerGUntilTimerH) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.log();
    stage.respond(key, 486);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(),
                ElementsAre("0 > 486 INVITE", "500 > 486 INVITE", "1500 > 486 INVITE",
                            "3500 > 486 INVITE", "7500 > 486 INVITE", "11500 > 486 INVITE",
                            "15500 > 486 INVITE", "19500 > 486 INVITE", "23500 > 486 INVITE",
                            "27500 > 486 INVITE", "31500 > 486 INVITE", "32000 failed timeout"));
    EXPECT_EQ(stage.failures.front().key, key);
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteServer, DoesNotRepeatAFailureOverAReliableTransportButWaitsForTimerH) {
    Stage stage(sip::Transport::Tcp);
    const Key key = stage.accepted(tcp_invite());
    stage.log();
    stage.respond(key, 486);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), ElementsAre("0 > 486 INVITE", "32000 failed timeout"));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteServer, RepeatsAFailureWhenAskedAgain) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.respond(key, 486);
    stage.log();
    stage.pass(Millis(100));
    stage.receive(kInvite.text());
    EXPECT_THAT(stage.log(), ElementsAre("100 > 486 INVITE"));
}

TEST(InviteServer, AbsorbsAcksAndInvitesForTimerIAfterItsAck) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.respond(key, 486);
    stage.log();
    stage.pass(Millis(100));
    const std::string ack = kInvite.as("ACK").with_to_tag("local").text();
    stage.receive(ack);
    stage.receive(ack);
    stage.receive(kInvite.text());
    stage.pass(Millis(4999));
    EXPECT_EQ(stage.layer.size(), 1U);
    stage.receive(ack);
    EXPECT_THAT(stage.log(), IsEmpty());
    stage.pass(Millis(1));
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteServer, EndsAtItsAckOverAReliableTransport) {
    Stage stage(sip::Transport::Tcp);
    const Key key = stage.accepted(tcp_invite());
    stage.respond(key, 486);
    stage.receive(tcp_invite().as("ACK").with_to_tag("local").text());
    EXPECT_EQ(stage.layer.size(), 0U);
    EXPECT_EQ(stage.layer.deadline(), std::nullopt);
}

TEST(InviteServer, IgnoresAnAckBeforeItsAnswer) {
    Stage stage;
    stage.accepted(kInvite);
    stage.log();
    stage.receive(kInvite.as("ACK").text());
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(InviteServer, SendsASuccessOnceAndAbsorbsTheRequestUntilTimerL) {
    for (const auto& [transport, invite] :
         {std::pair(sip::Transport::Udp, kInvite), std::pair(sip::Transport::Tcp, tcp_invite())}) {
        Stage stage(transport);
        const Key key = stage.accepted(invite);
        stage.log();
        stage.respond(key, 200);
        stage.pass(Millis(31'999));
        stage.receive(invite.text());
        EXPECT_THAT(stage.log(), ElementsAre("0 > 200 INVITE"));
        EXPECT_EQ(stage.layer.size(), 1U);
        stage.pass(Millis(1));
        EXPECT_EQ(stage.layer.size(), 0U);
        EXPECT_THAT(stage.log(), IsEmpty());
    }
}

TEST(InviteServer, SendsTheRepetitionsOfASuccessForItsOwner) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.log();
    stage.respond(key, 200);
    stage.pass(Millis(500));
    stage.respond(key, 200);
    stage.respond(key, 486);
    stage.respond(key, 180);
    EXPECT_THAT(stage.log(), ElementsAre("0 > 200 INVITE", "500 > 200 INVITE"));
    EXPECT_EQ(stage.sent.back().key, key);
    EXPECT_EQ(stage.sent.back().to, sip::back_to(stage.source));
    stage.pass(kLong);
    stage.respond(key, 200);
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteServer, PassesTheAckOfASuccessUpWithWhateverBranch) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.respond(key, 200);
    stage.log();
    RequestText ack = kInvite.as("ACK").with_to_tag("local");
    stage.receive(ack.text());
    ack.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKother;rport";
    stage.receive(ack.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 ack", "0 ack"));
    EXPECT_EQ(stage.acks.front().from, stage.source);
}

TEST(InviteServer, TakesOneFinalAnswerOnly) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.log();
    stage.respond(key, 486);
    stage.respond(key, 200);
    stage.respond(key, 503);
    stage.respond(key, 180);
    EXPECT_THAT(stage.log(), ElementsAre("0 > 486 INVITE"));
    stage.receive(kInvite.as("ACK").with_to_tag("local").text());
    stage.respond(key, 200);
    EXPECT_THAT(stage.log(), IsEmpty());
}

// RFC 6026 §8.8: whatever happens to an answer, the state stays.
TEST(InviteServer, GoesOnWhenAnAnswerIsUndeliverable) {
    Stage stage;
    const Key key = stage.accepted(kInvite);
    stage.undeliverable(key);
    stage.respond(key, 486);
    stage.undeliverable(key);
    stage.log();
    stage.receive(kInvite.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 486 INVITE"));
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(InviteServer, SendsARefusalWithoutKeepingAnything) {
    Stage stage;
    stage.receive(kInvite.text());
    const Key key = stage.requests.back().key;
    stage.layer.refuse(key, answer(kInvite.text(), 403));
    stage.drain();
    EXPECT_THAT(stage.log(), ElementsAre("0 request INVITE", "0 > 403 INVITE"));
    EXPECT_EQ(stage.sent.back().to, sip::back_to(stage.source));
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.layer.refuse(key, answer(kInvite.text(), 403));
    stage.layer.accept(key, stage.now);
    stage.drain();
    EXPECT_THAT(stage.log(), IsEmpty());
    stage.receive(kInvite.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 request INVITE"));
    stage.layer.refuse(stage.requests.back().key, {});
    stage.drain();
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(InviteServer, ForgetsARequestThatWasNeitherAcceptedNorRefused) {
    Stage stage;
    stage.receive(kInvite.text());
    const Key key = stage.requests.back().key;
    stage.receive(kInvite.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 request INVITE", "0 request INVITE"));
    EXPECT_NE(stage.requests.back().key, key);
    stage.layer.accept(key, stage.now);
    stage.respond(key, 200);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(InviteServer, IsNotAnsweredBeforeItIsAccepted) {
    Stage stage;
    stage.receive(kInvite.text());
    stage.log();
    stage.respond(stage.requests.back().key, 200);
    stage.undeliverable(stage.requests.back().key);
    stage.cancel(stage.requests.back().key);
    EXPECT_THAT(stage.log(), IsEmpty());
}

// ── how many are kept ───────────────────────────────────────────────────────────────────────────

RequestText an_invite(int number) {
    RequestText invite;
    invite.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKn" + std::to_string(number) + ";rport";
    invite.call_id = "n" + std::to_string(number);
    return invite;
}

TEST(InviteServer, KeepsOnlySoManyFailuresThatNobodyAcknowledges) {
    constexpr std::size_t kMost = 3;
    Stage stage(sip::Transport::Udp, {}, kMost);
    for (int i = 0; i < 10; ++i) {
        stage.respond(stage.accepted(an_invite(i)), 404);
    }
    EXPECT_EQ(stage.count("SIP/2.0 404"), 10U) << "each has its answer";
    EXPECT_EQ(stage.layer.size(), kMost);
    stage.pass(Millis{500});
    EXPECT_EQ(stage.count("SIP/2.0 404"), 10U + kMost) << "only those that are kept are repeated";
    stage.receive(an_invite(0).with_to_tag("local").as("ACK").text());
    stage.pass(Millis{5000});
    stage.respond(stage.accepted(an_invite(10)), 404);
    EXPECT_EQ(stage.layer.size(), kMost) << "an acknowledged one makes room";
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.respond(stage.accepted(an_invite(11)), 404);
    EXPECT_EQ(stage.layer.size(), 1U) << "and so does time";
}

TEST(InviteServer, DoesNotCountCallsAmongThem) {
    Stage stage(sip::Transport::Udp, {}, 1);
    for (int i = 0; i < 5; ++i) {
        stage.respond(stage.accepted(an_invite(i)), 200);
    }
    EXPECT_EQ(stage.layer.size(), 5U);
}

}  // namespace
}  // namespace causeway::transaction
