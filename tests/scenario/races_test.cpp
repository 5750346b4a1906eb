#include "story.hpp"

#include <algorithm>
#include <string>
#include <string_view>

/// What crosses on the wire, and what peers of another age or temper send.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";

SipText with_cseq(SipText invite, std::uint32_t cseq) {
    for (auto& [name, value] : invite.headers) {
        value = name == "CSeq" ? std::to_string(cseq) + " INVITE" : value;
    }
    return invite;
}

/// A call between the carrier and the scripted gateway, not answered yet.
class Race : public Story {
public:
    explicit Race(const InviteBuilder& builder = an_invite()) : Story({.gateways = {kGeneric}}) {
        invite = *SipText::parse(builder.text());
        carrier->send(invite.bytes);
        run_for(Millis{20});
        leg_b = generic->last("INVITE");
    }
    void answered(std::string_view tag = "g") {
        generic->reply(leg_b, 200, "OK", tag, an_sdp({.rtp = at(30, 5000)}));
        run_for(Millis{20});
        answer = carrier->last(200);
    }
    void acknowledged() {
        carrier->ack(invite, answer);
        run_for(Millis{20});
    }
    void bye_and_nothing_left(std::uint32_t cseq) {
        carrier->request("BYE", invite, answer, cseq);
        run_for(Millis{20});
        generic->reply(generic->last("BYE"), 200, "OK");
        run_for(Millis{20});
        EXPECT_EQ(record().outcome.cause, Cause::Success);
        expect_nothing_left();
    }
};

// ── forks ───────────────────────────────────────────────────────────────────────────────────────

TEST(Forks, RingOnceForTheCarrierAndUnderOneTagWhoeverWins) {
    Race story;
    story.generic->reply(story.leg_b, 180, "Ringing", "one");
    story.generic->reply(story.leg_b, 183, "Session Progress", "two",
                         an_sdp({.rtp = World::at(30, 5000)}));
    story.generic->reply(story.leg_b, 181, "Call Is Being Forwarded", "three");
    story.generic->reply(story.leg_b, 180, "Ringing", "one");
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(180), 1U);
    EXPECT_EQ(story.carrier->count(183), 0U);
    story.answered("two");
    EXPECT_EQ(story.carrier->last(180).to_tag(), story.answer.to_tag());
    EXPECT_EQ(story.generic->last("ACK").to_tag(), "two");
    story.acknowledged();
    story.bye_and_nothing_left(2);
    EXPECT_EQ(story.generic->last("BYE").to_tag(), "two");
}

TEST(Forks, ThatAllAnswerAreEndedButTheFirst) {
    Race story;
    story.answered("one");
    for (const char* tag : {"two", "three", "two", "one"}) {
        story.generic->reply(story.leg_b, 200, "OK", tag, an_sdp({.rtp = World::at(30, 5002)}));
        story.run_for(Millis{20});
    }
    EXPECT_EQ(story.generic->count("ACK"), 5U) << "each 200 its ACK";
    std::vector<std::string> ended;
    for (const SipText& message : story.generic->inbox()) {
        if (message.is_request() && message.method() == "BYE") {
            ended.emplace_back(message.to_tag());
            story.generic->reply(message, 200, "OK");
        }
    }
    EXPECT_EQ(ended, (std::vector<std::string>{"two", "three"}));
    EXPECT_EQ(story.carrier->count(200), 1U);
    story.acknowledged();
    story.bye_and_nothing_left(2);
}

TEST(Forks, AnEarlyDialogThatNobodyAnswersIsForgotten) {
    Race story;
    story.generic->reply(story.leg_b, 180, "Ringing", "one");
    story.generic->reply(story.leg_b, 486, "Busy Here", "two");
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(486), 1U);
    story.carrier->ack(story.invite, story.carrier->last(486));
    EXPECT_EQ(story.generic->last("ACK").to_tag(), "two");
    story.expect_nothing_left();
}

// ── BYE and re-INVITE ───────────────────────────────────────────────────────────────────────────

TEST(CarriersBye, BeforeItsAckEndsTheCall) {
    Race story;
    story.answered();
    story.bye_and_nothing_left(2);
}

TEST(Reinvites, OfBothEndsAtOnceAreEachAnsweredHere) {
    Race story;
    story.answered();
    story.acknowledged();
    story.carrier->request("INVITE", story.invite, story.answer, 2,
                           an_sdp({.rtp = World::at(10, 41000), .version = 2}));
    story.generic->request_as_callee("INVITE", story.leg_b, "g", 5,
                                     an_sdp({.rtp = World::at(30, 6000), .version = 2}));
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(200), 2U);
    EXPECT_EQ(story.generic->count(200), 1U);
    EXPECT_EQ(story.carrier->count("INVITE"), 0U) << "no glare: neither hears of the other's";
    EXPECT_EQ(story.generic->count("INVITE"), 1U);
}

TEST(Reinvites, BeforeTheAckOfTheOneBeforeAre491) {
    Race story;
    story.answered();
    story.acknowledged();
    const std::string offer = an_sdp({.rtp = World::at(10, 41000), .version = 2});
    story.carrier->request("INVITE", story.invite, story.answer, 2, offer);
    story.run_for(Millis{20});
    const SipText ok = story.carrier->last(200);
    story.carrier->request("INVITE", story.invite, story.answer, 3, offer);
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(491), 1U);
    story.carrier->ack(with_cseq(story.invite, 3), story.carrier->last(491));
    story.carrier->ack(with_cseq(story.invite, 2), ok);
    story.run_for(Millis{20});
    story.carrier->request("INVITE", story.invite, story.answer, 4, offer);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(200), 3U) << "now it may";
}

TEST(Reinvites, RepeatedAreAnsweredOnceAndTheAnswerIsRepeated) {
    Race story;
    story.answered();
    story.acknowledged();
    story.carrier->request("INVITE", story.invite, story.answer, 2,
                           an_sdp({.rtp = World::at(10, 41000), .version = 2}));
    story.run_for(Millis{1600});
    EXPECT_EQ(story.carrier->count(200), 4U) << "at 0, 0.5 and 1.5 s, and the call's own";
    story.carrier->ack(with_cseq(story.invite, 2), story.carrier->last(200));
    story.run_for(Millis{10'000});
    EXPECT_EQ(story.carrier->count(200), 4U);
}

TEST(Reinvites, MoveTheDialogOnlyIfTheyAreAccepted) {
    Race story;
    story.answered();
    story.acknowledged();
    const auto contact = [&](const char* at) {
        SipText moved = story.invite;
        for (auto& [name, value] : moved.headers) {
            value = name == "Contact" ? "<sip:" + std::string(at) + ">" : value;
        }
        return moved;
    };
    story.carrier->request("INVITE", contact("refused@127.0.0.10:5060"), story.answer, 2,
                           an_sdp({.rtp = World::at(10, 41000), .formats = "0 101"}));
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(488), 1U);
    story.carrier->ack(with_cseq(story.invite, 2), story.carrier->last(488));
    story.carrier->request("INVITE", contact("moved@127.0.0.10:5060"), story.answer, 3,
                           an_sdp({.rtp = World::at(10, 41000), .version = 2}));
    story.run_for(Millis{20});
    story.carrier->ack(with_cseq(story.invite, 3), story.carrier->last(200));
    story.carrier->request("INVITE", contact("again@127.0.0.10:5060"), story.answer, 4,
                           an_sdp({.rtp = World::at(10, 41000), .formats = "0 101"}));
    story.run_for(Millis{20});
    story.generic->request_as_callee("BYE", story.leg_b, "g", 5);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->last("BYE").request_uri(), "sip:moved@127.0.0.10:5060")
        << "RFC 3261 §14.2: a refused re-INVITE changes nothing";
}

// ── rudeness ────────────────────────────────────────────────────────────────────────────────────

TEST(OldPeer, OfRfc2543WithoutCookieOrTagMakesAWholeCall) {
    std::string text = an_invite().text();
    const auto cut = [&](std::string_view what) { text.erase(text.find(what), what.size()); };
    cut(";branch=z9hG4bKa1");
    cut(";tag=from-a1");
    Story story({.gateways = {kGeneric}});
    story.invite = *SipText::parse(text);
    story.carrier->send(text);
    story.carrier->send(text);
    story.run_for(Millis{20});
    ASSERT_EQ(story.generic->count("INVITE"), 1U) << "the repetition is recognised";
    const SipText leg_b = story.generic->last("INVITE");
    story.generic->reply(leg_b, 200, "OK", "g", an_sdp({.rtp = World::at(30, 5000)}));
    story.run_for(Millis{20});
    story.answer = story.carrier->last(200);
    story.carrier->ack(story.invite, story.answer);
    story.run_for(Millis{5000});
    EXPECT_EQ(story.carrier->count(200), 1U) << "its ACK was understood";
    story.carrier->request("BYE", story.invite, story.answer, 2);
    story.run_for(Millis{20});
    story.generic->reply(story.generic->last("BYE"), 200, "OK");
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
    story.expect_nothing_left();
}

/// Where its From names a host, or no address at all, the source of its last message is reached.
TEST(OldPeer, OfRfc2543WithoutContactIsReachedWhereItsFromSays) {
    struct Row {
        const char* from;
        const char* target;
        const char* record_route{""};
    };
    for (const Row& row : {
             Row{"<sip:+4930123456@127.0.0.10:5060;user=phone>",
                 "sip:+4930123456@127.0.0.10:5060;user=phone"},
             Row{"\"A\" <sip:+4930123456@old.example>", "sip:+4930123456@old.example"},
             Row{"tel:+4930123456", "tel:+4930123456"},
             Row{"<sip:a@198.51.100.9>", "sip:a@198.51.100.9", "<sip:127.0.0.10;lr>"},
         }) {
        SCOPED_TRACE(row.from);
        InviteBuilder builder = an_invite().without("Contact").without("From").header(
            "From", std::string(row.from) + ";tag=f");
        if (*row.record_route != '\0') {
            builder.header("Record-Route", row.record_route);
        }
        std::string text = builder.text();
        const std::string_view branch = ";branch=z9hG4bKa1";
        text.erase(text.find(branch), branch.size());
        Story story;
        story.invite = *SipText::parse(text);
        story.carrier->send(text);
        story.run_for(Millis{100});
        ASSERT_EQ(story.carrier->count(200), 1U);
        story.carrier->ack(story.invite, story.carrier->last(200));
        story.run_for(Millis{50});
        const SipText leg_b = *SipText::parse(story.livekit->live().front().invite);
        ASSERT_TRUE(story.livekit->hang_up(leg_b.header("Call-ID"), story.clock.now()));
        story.run_for(Millis{50});
        ASSERT_EQ(story.carrier->count("BYE"), 1U);
        EXPECT_EQ(story.carrier->last("BYE").request_uri(), row.target);
        story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
        story.run_for(Millis{50});
        EXPECT_EQ(story.record().outcome.cause, Cause::Success);
        story.expect_nothing_left();
    }
}

TEST(OldPeer, OfRfc2543CancelsAndAcknowledges) {
    std::string text = an_invite().text();
    const std::string_view branch = ";branch=z9hG4bKa1";
    text.erase(text.find(branch), branch.size());
    Story story({.gateways = {kGeneric}});
    const SipText invite = *SipText::parse(text);
    story.carrier->send(text);
    story.run_for(Millis{20});
    story.carrier->cancel(invite);
    story.run_for(Millis{20});
    ASSERT_EQ(story.carrier->count(487), 1U);
    story.carrier->ack(invite, story.carrier->last(487));
    story.run_for(Millis{5000});
    EXPECT_EQ(story.carrier->count(487), 1U) << "not repeated after the ACK";
    story.expect_nothing_left();
}

TEST(Rudeness, SupportOf100relIsIgnored) {
    Race story(an_invite().header("Supported", "100rel, timer, replaces"));
    story.generic->reply(story.leg_b, 180, "Ringing", "g");
    story.run_for(Millis{20});
    EXPECT_FALSE(story.carrier->last(180).has("Require"));
    EXPECT_FALSE(story.carrier->last(180).has("RSeq"));
    EXPECT_FALSE(story.leg_b.has("Supported"));
}

TEST(Rudeness, RecordRouteIsReturnedInWhatMakesADialog) {
    const std::string first = "<sip:127.0.0.10:5060;lr;x=1>";
    const std::string second = "<sip:10.9.9.9;lr>";
    Race story(an_invite().header("Record-Route", first).header("Record-Route", second));
    story.generic->reply(story.leg_b, 180, "Ringing", "g");
    story.run_for(Millis{20});
    story.answered();
    for (const int status : {180, 200}) {
        const auto routes = story.carrier->last(status).all("Record-Route");
        ASSERT_EQ(routes.size(), 2U) << status;
        EXPECT_EQ(routes[0], first);
        EXPECT_EQ(routes[1], second);
    }
    EXPECT_FALSE(story.leg_b.has("Record-Route"));
    story.acknowledged();
    story.generic->request_as_callee("BYE", story.leg_b, "g", 5);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->last("BYE").all("Route").size(), 2U);
}

TEST(Rudeness, AnAckWithAnUnexpectedDescriptionChangesNothing) {
    Race story;
    story.answered();
    story.carrier->ack(story.invite, story.answer, an_sdp({.rtp = World::at(66, 9999)}));
    story.run_for(Millis{20});
    story.relay->inject_rtp(Story::our_rtp(story.leg_b.body), World::at(30, 5000), 8, 1);
    const auto sent = story.relay->take_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent.front().to, World::at(10, 40000)) << "RFC 3264: no offer, no answer";
}

TEST(Rudeness, RequestsInADialogThatIsOverAre481) {
    Race story;
    story.answered();
    story.acknowledged();
    story.bye_and_nothing_left(2);
    const std::string offer = an_sdp({.rtp = World::at(10, 41000)});
    story.carrier->request("INVITE", story.invite, story.answer, 3, offer);
    story.carrier->request("BYE", story.invite, story.answer, 4);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(481), 2U);
    EXPECT_EQ(story.generic->count("INVITE"), 1U);
    story.expect_nothing_left();
}

TEST(Rudeness, TheHighestCSeqIsANumberLikeAnyOther) {
    std::string text = an_invite().text();
    const std::string_view first = "CSeq: 1 INVITE";
    text.replace(text.find(first), first.size(), "CSeq: 2147483647 INVITE");
    Story story({.gateways = {kGeneric}});
    story.invite = *SipText::parse(text);
    story.carrier->send(text);
    story.run_for(Millis{20});
    story.leg_b = story.generic->last("INVITE");
    story.generic->reply(story.leg_b, 200, "OK", "g", an_sdp({.rtp = World::at(30, 5000)}));
    story.run_for(Millis{20});
    story.answer = story.carrier->last(200);
    story.carrier->ack(story.invite, story.answer);
    story.run_for(Millis{20});
    const auto malformed = story.engine->counters().malformed;
    story.carrier->request("BYE", story.invite, story.answer, 2147483648U);
    story.run_for(Millis{20});
    EXPECT_EQ(story.engine->counters().malformed, malformed + 1) << "RFC 3261 §8.1.1.5";
    story.carrier->request("BYE", story.invite, story.answer, 1);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(500), 1U) << "and it does not wrap";
    story.generic->request_as_callee("BYE", story.leg_b, "g", 5);
    story.run_for(Millis{20});
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
    story.expect_nothing_left();
}

TEST(Rudeness, ACancelOfAReinviteIsAnsweredAndChangesNothing) {
    Race story;
    story.answered();
    story.acknowledged();
    story.carrier->request("INVITE", story.invite, story.answer, 2,
                           an_sdp({.rtp = World::at(10, 41000), .version = 2}));
    story.run_for(Millis{20});
    const SipText ok = story.carrier->last(200);
    SipText reinvite = with_cseq(story.invite, 2);
    for (auto& [name, value] : reinvite.headers) {
        value = name == "Via" ? std::string(ok.header("Via")) : value;
        value = name == "To" ? std::string(ok.header("To")) : value;
    }
    story.carrier->cancel(reinvite);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->last(200).method(), "CANCEL");
    EXPECT_EQ(story.carrier->count(487), 0U);
    EXPECT_EQ(story.engine->census().calls, 1U);
}

}  // namespace
}  // namespace causeway::testing
