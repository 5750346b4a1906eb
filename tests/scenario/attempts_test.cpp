#include "story.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Attempts at gateways: their timers, the retry rule, and the caller who gives up (PRODUCT §4.6).
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

const std::string kLivekit = R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})";
const std::string kDead = R"({name: dead, kind: livekit, uri: "sip:127.0.0.99:5060"})";
const std::string kDead2 = R"({name: dead2, kind: livekit, uri: "sip:127.0.0.98:5060"})";
const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";
const std::string kNumber = "+4991874350352";

/// What leg a has at the end, with its ACK if that was a failure.
void expect_refused(Story& story, int status, std::string_view reason, Cause cause) {
    ASSERT_EQ(story.carrier->count(status), 1U);
    EXPECT_EQ(story.carrier->last(status).header("X-Causeway-Reason"), reason);
    story.carrier->ack(*SipText::parse(an_invite().text()), story.carrier->last(status));
    const port::CallRecord& record = story.record();
    EXPECT_EQ(record.outcome.reason, reason);
    EXPECT_EQ(record.outcome.cause, cause);
    EXPECT_EQ(record.outcome.sip_status, status);
    EXPECT_FALSE(record.answer.has_value());
    story.expect_nothing_left();
}

TEST(Attempt, NextGatewayTakesOverFromASilentOne) {
    Story story({.gateways = {kDead, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{1990});
    EXPECT_TRUE(story.livekit->requests().empty()) << "no_response is 2 s";
    story.run_for(Millis{100});
    ASSERT_EQ(story.carrier->count(200), 1U);
    EXPECT_EQ(story.carrier->count(180), 1U);
    story.establish(an_invite());  // a retransmission: nothing new begins
    EXPECT_EQ(story.engine->census().calls, 1U);
    story.hang_up();
    const auto& attempts = story.record().attempts;
    ASSERT_EQ(attempts.size(), 2U);
    EXPECT_EQ(attempts[0].gateway, "default/dead");
    EXPECT_EQ(attempts[0].status, 0);
    EXPECT_EQ(attempts[0].reason, "no_response");
    EXPECT_EQ(attempts[0].ms, 2000);
    EXPECT_EQ(attempts[1].gateway, "default/lk");
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
    story.expect_nothing_left();
}

TEST(Attempt, EachHasACallIdAndTagOfItsOwn) {
    Story story({.gateways = {kDead, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{2100});
    std::vector<SipText> invites;
    for (const World::Sent& sent : story.sent()) {
        if (sent.to != World::at(10) && sent.bytes.starts_with("INVITE")) {
            invites.push_back(*SipText::parse(sent.bytes));
        }
    }
    ASSERT_GE(invites.size(), 2U);
    EXPECT_NE(invites.front().header("Call-ID"), invites.back().header("Call-ID"));
    EXPECT_NE(invites.front().from_tag(), invites.back().from_tag());
}

TEST(Attempt, AnUnreachableGatewayIsPassedOverAtOnce) {
    Story story({.gateways = {kDead, kLivekit}});
    story.unreachable(World::at(99));
    story.carrier->invite(an_invite());
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->count(200), 1U);
}

TEST(Attempt, NothingAbove100EndsWithItsTimeout) {
    Story story({.gateways = {kGeneric, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{50});
    story.generic->reply(story.generic->last("INVITE"), 100, "Trying");
    story.run_for(Millis{7900});
    EXPECT_EQ(story.carrier->count(200), 0U);
    story.run_for(Millis{200});
    EXPECT_EQ(story.carrier->count(200), 1U);
    EXPECT_EQ(story.generic->count("CANCEL"), 1U);
}

TEST(Attempt, AGivenUpAttemptThatAnswersLateIsAckedAndByed) {
    Story story({.gateways = {kGeneric, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{2100});
    const SipText invite = story.generic->last("INVITE");
    EXPECT_EQ(story.generic->count("CANCEL"), 0U) << "no provisional yet (RFC 3261 §9.1)";
    story.generic->reply(invite, 180, "Ringing", "late");
    story.run_for(Millis{10});
    EXPECT_EQ(story.generic->count("CANCEL"), 1U);
    story.generic->reply(invite, 200, "OK", "late", an_sdp({.rtp = World::at(30, 5000)}));
    story.run_for(Millis{10});
    EXPECT_EQ(story.generic->count("ACK"), 1U);
    ASSERT_EQ(story.generic->count("BYE"), 1U);
    story.generic->reply(story.generic->last("BYE"), 200, "OK");
    story.generic->reply(story.generic->last("CANCEL"), 200, "OK");
    EXPECT_EQ(story.carrier->count(200), 1U) << "the other gateway's";
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Attempt, SilenceAfterLivekitsRingingMeansDropped) {
    Story story({.numbers = {{kNumber, Behaviour::drop()}}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{4900});
    EXPECT_EQ(story.carrier->count(180), 1U);
    EXPECT_EQ(story.carrier->count(480), 0U);
    story.run_for(Millis{200});
    expect_refused(story, 480, "livekit_silence", Cause::Upstream);
}

TEST(Attempt, ARingingLivekitIsNotSilent) {
    Story story({.numbers = {{kNumber, Behaviour::ring()}}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{60'000});
    EXPECT_EQ(story.carrier->count(480), 0U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Attempt, RingingTooLongIsCancelledAndNotTriedElsewhere) {
    Story story({.gateways = {kGeneric, kLivekit}, .call = "{ring_timeout: 10s}"});
    story.carrier->invite(an_invite());
    story.run_for(Millis{20});
    story.generic->reply(story.generic->last("INVITE"), 180, "Ringing", "g");
    story.run_for(Millis{10'100});
    EXPECT_EQ(story.generic->count("CANCEL"), 1U);
    EXPECT_EQ(story.generic->last("CANCEL").header("Reason"), "Q.850;cause=19");
    story.generic->reply(story.generic->last("CANCEL"), 200, "OK");
    story.generic->reply(story.generic->last("INVITE"), 487, "Request Terminated", "g");
    EXPECT_TRUE(story.livekit->requests().empty());
    expect_refused(story, 480, "no_answer", Cause::Client);
}

TEST(Attempt, SetupTimeoutEndsEverything) {
    Story story({.gateways = {kDead, kDead2},
                 .call = "{no_response: 8s, ring_timeout: 5s, setup_timeout: 10s}"});
    story.carrier->invite(an_invite());
    story.run_for(Millis{10'100});
    expect_refused(story, 480, "no_response", Cause::Upstream);
}

struct Final {
    int status;
    const char* phrase;
    bool next_gateway;
};
// PRODUCT §4.6: these are worth another gateway, every other final is the answer.
constexpr Final kFinals[] = {{408, "Request Timeout", true},     {430, "Flow Failed", true},
                             {480, "Unavailable", true},         {500, "", true},
                             {502, "Bad Gateway", true},         {503, "Try again later", true},
                             {504, "Server Time-out", true},     {400, "", false},
                             {404, "No trunk found", false},     {486, "Busy Here", false},
                             {487, "Request Terminated", false}, {501, "", false},
                             {600, "Busy Everywhere", false},    {603, "Decline", false}};

TEST(RetryRule, DecidesByTheFinalAnswer) {
    for (const Final& row : kFinals) {
        SCOPED_TRACE(row.status);
        Story story({.gateways = {kGeneric, kLivekit}});
        story.carrier->invite(an_invite());
        story.run_for(Millis{20});
        story.generic->reply(story.generic->last("INVITE"), row.status, row.phrase, "g");
        story.run_for(Millis{100});
        EXPECT_EQ(story.generic->count("ACK"), 1U);
        EXPECT_EQ(story.carrier->count(200), row.next_gateway ? 1U : 0U);
        if (!row.next_gateway) {
            EXPECT_EQ(story.carrier->last(row.status).reason(), sip::status(row.status).reason)
                << "the gateway's own phrase is for the record";
            EXPECT_EQ(story.records.at(0).attempts.at(0).reason, row.phrase);
            expect_refused(story, row.status, "upstream",
                           row.status / 100 == 5 ? Cause::Upstream : Cause::Client);
        }
    }
}

TEST(RetryRule, AGenericGatewayThatRangIsNotRetried) {
    Story story({.gateways = {kGeneric, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{20});
    story.generic->reply(story.generic->last("INVITE"), 180, "Ringing", "g");
    story.generic->reply(story.generic->last("INVITE"), 480, "Temporarily Unavailable", "g");
    story.run_for(Millis{100});
    EXPECT_TRUE(story.livekit->requests().empty()) << "it would ring somebody who declined";
    expect_refused(story, 480, "upstream", Cause::Client);
}

TEST(RetryRule, ALivekitThatRangIsRetriedForItRingsBeforeItDecides) {
    Behaviour conflict = Behaviour::refuse(503, "Try again later");
    conflict.rings = true;
    Story story({.gateways = {kLivekit, kGeneric}, .numbers = {{kNumber, conflict}}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{100});
    EXPECT_EQ(story.generic->count("INVITE"), 1U);
    story.generic->reply(story.generic->last("INVITE"), 180, "Ringing", "g");
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->count(180), 1U) << "one ringing, whoever rings";
}

TEST(RetryRule, TheLastGatewaysFinalIsTheAnswer) {
    Story story({.numbers = {{kNumber, Behaviour::refuse(503, "Try again later")}}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{100});
    expect_refused(story, 503, "upstream", Cause::Upstream);
    EXPECT_FALSE(story.carrier->last(503).has("Retry-After"));
}

TEST(RetryRule, AChallengeOrARedirectionIsNotTheCallersBusiness) {
    for (const auto& [theirs, ours] : {std::pair{401, 403}, {407, 403}, {302, 480}}) {
        SCOPED_TRACE(theirs);
        Story story({.gateways = {kGeneric}});
        story.carrier->invite(an_invite());
        story.run_for(Millis{20});
        story.generic->reply(story.generic->last("INVITE"), theirs, "X", "g", {},
                             "Contact: <sip:inside.example>\r\n");
        story.run_for(Millis{20});
        EXPECT_EQ(story.carrier->count(ours), 1U);
        EXPECT_EQ(story.carrier->last(ours).bytes.find("inside.example"), std::string::npos);
    }
}

// ── what rings ──────────────────────────────────────────────────────────────────────────────────

TEST(Ringing, IsNotWhat199Says) {
    Story story({.gateways = {kGeneric, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    story.generic->reply(leg_b, 199, "Early Dialog Terminated", "g");
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(180), 0U) << "RFC 6228: an early dialog has ended";
    story.generic->reply(leg_b, 503, "Service Unavailable", "g");
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->count(200), 1U) << "nobody rang: the next gateway may";
}

TEST(Ringing, EndsWithTheInvitationsExpires) {
    Story story({.gateways = {kGeneric}});
    const SipText invite = *SipText::parse(an_invite().header("Expires", "30").text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    story.generic->reply(story.generic->last("INVITE"), 180, "Ringing", "g");
    story.run_for(Millis{29'900});
    EXPECT_EQ(story.carrier->count(487), 0U);
    story.run_for(Millis{200});
    ASSERT_EQ(story.carrier->count(487), 1U) << "RFC 3261 §13.3.1";
    story.carrier->ack(invite, story.carrier->last(487));
    EXPECT_EQ(story.generic->count("CANCEL"), 1U);
    story.generic->reply(story.generic->last("CANCEL"), 200, "OK");
    story.generic->reply(story.generic->last("INVITE"), 487, "Request Terminated", "g");
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Client, By::A, 487, "cancelled"}));
    story.expect_nothing_left();
}

TEST(Expires, OfAnAnsweredCallMeansNothing) {
    Story story;
    story.establish(an_invite().header("Expires", "5"));
    story.run_for(Millis{20'000});
    EXPECT_EQ(story.engine->census().calls, 1U);
}

// ── CANCEL ──────────────────────────────────────────────────────────────────────────────────────

TEST(Cancel, WhileRingingEndsBothLegs) {
    Story story({.numbers = {{kNumber, Behaviour::ring()}}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{1500});
    story.carrier->cancel(invite);
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->last(200).method(), "CANCEL");
    EXPECT_EQ(story.livekit->ended().front().phase, LivekitCall::Phase::Cancelled);
    const auto is_cancel = [](const World::Sent& sent) { return sent.bytes.starts_with("CANCEL"); };
    const auto cancel = std::find_if(story.sent().begin(), story.sent().end(), is_cancel);
    ASSERT_NE(cancel, story.sent().end());
    EXPECT_EQ(SipText::parse(cancel->bytes)->header("Reason"), "Q.850;cause=16") << "RFC 3326";
    expect_refused(story, 487, "cancelled", Cause::Client);
    EXPECT_EQ(story.records.front().outcome.side, By::A);
}

TEST(Cancel, BeforeAnyProvisionalWaitsForOneBeforeItGoesOn) {
    Story story({.gateways = {kGeneric}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    story.carrier->cancel(invite);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(487), 1U) << "the caller does not wait for the gateway";
    EXPECT_EQ(story.generic->count("CANCEL"), 0U);
    story.generic->reply(story.generic->last("INVITE"), 100, "Trying");
    story.run_for(Millis{20});
    EXPECT_EQ(story.generic->count("CANCEL"), 1U);
    story.generic->reply(story.generic->last("CANCEL"), 200, "OK");
    story.generic->reply(story.generic->last("INVITE"), 487, "Request Terminated", "g");
    expect_refused(story, 487, "cancelled", Cause::Client);
}

TEST(Cancel, CrossingTheGateways200GetsAckAndBye) {
    Story story({.gateways = {kGeneric}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    story.generic->reply(story.generic->last("INVITE"), 180, "Ringing", "g");
    story.run_for(Millis{20});
    story.carrier->cancel(invite);
    story.generic->reply(story.generic->last("INVITE"), 200, "OK", "g",
                         an_sdp({.rtp = World::at(30, 5000)}));
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(487), 1U);
    EXPECT_EQ(story.generic->count("ACK"), 1U);
    ASSERT_EQ(story.generic->count("BYE"), 1U);
    story.generic->reply(story.generic->last("BYE"), 200, "OK");
    story.generic->reply(story.generic->last("CANCEL"), 481, "No such call");
    expect_refused(story, 487, "cancelled", Cause::Client);
}

TEST(Cancel, CrossingOurOwn200ChangesNothing) {
    Story story;
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{200});
    ASSERT_EQ(story.carrier->count(200), 1U);
    story.carrier->cancel(invite);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(487), 0U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Bye, BeforeTheAnswerEndsTheCallLikeCancel) {
    Story story({.numbers = {{kNumber, Behaviour::ring()}}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{500});
    story.carrier->request("BYE", invite, story.carrier->last(180), 2);
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(487), 1U);
    story.carrier->ack(invite, story.carrier->last(487));
    EXPECT_EQ(story.record().outcome.reason, "cancelled");
    story.expect_nothing_left();
}

}  // namespace
}  // namespace causeway::testing
