#include "story.hpp"
#include "support/world/configuration.hpp"

#include "causeway/call/reasons.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// What `causeway why` is told: one sentence, what to change, the ladder.
namespace causeway::testing {
namespace {

using b2bua::Way;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";

b2bua::Story why(const World& world, std::string_view subject = "last") {
    auto story = world.engine->why(subject);
    EXPECT_TRUE(story) << "nothing is known of " << subject;
    return story.value_or(b2bua::Story{});
}

/// Who said what, as `a> INVITE`, `b< 180`.
std::vector<std::string> ladder(const b2bua::Story& story) {
    std::vector<std::string> all;
    for (const auto& message : story.messages) {
        const std::string way = message.way == Way::FromA ? "a> "
                                : message.way == Way::ToA ? "a< "
                                : message.way == Way::ToB ? "b< "
                                                          : "b> ";
        const bool is_answer = message.line.starts_with("SIP/2.0 ");
        const std::string word = message.line.substr(is_answer ? 8 : 0);
        all.push_back(way + word.substr(0, word.find(' ')));
    }
    return all;
}

bool has_whole_messages(const b2bua::Story& story) {
    return std::ranges::all_of(story.messages,
                               [](const auto& message) { return !message.text.empty(); });
}

TEST(Why, AGoodCallIsItsStartLinesAndTimes) {
    Story story;
    story.establish();
    story.run_for(Millis{3000});
    story.hang_up();
    story.expect_nothing_left();
    const b2bua::Story told = why(story);
    EXPECT_EQ(told.reason, "bye");
    EXPECT_THAT(told.sentence, HasSubstr("The caller hung up after 3."));
    auto steps = ladder(told);
    ASSERT_GT(steps.size(), 13U) << "LiveKit repeats its 200";
    steps.erase(steps.begin() + 10, steps.end() - 3);
    EXPECT_THAT(steps,
                ElementsAre("a> INVITE", "a< 100", "b< INVITE", "b> 100", "b> 180", "a< 180",
                            "b> 200", "b< ACK", "a< 200", "a> ACK", "a> BYE", "a< 200", "b< BYE"));
    for (const auto& message : told.messages) {
        EXPECT_EQ(message.text, "") << message.line;
    }
    EXPECT_EQ(told.messages.front().at, Millis{0});
    EXPECT_EQ(told.messages.front().peer, "primary");
    EXPECT_EQ(told.messages[2].peer, "default/lk");
    EXPECT_GE(told.messages.back().at, Millis{3000});
}

TEST(Why, AFailedCallIsAllMessagesOfBothLegs) {
    Story story({.gateways = {kGeneric}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{50});
    story.generic->reply(story.generic->last("INVITE"), 486, "Busy Here", "t", {},
                         "Reason: Q.850;cause=17\r\n");
    story.run_for(Millis{50});
    const b2bua::Story told = why(story);
    EXPECT_EQ(told.reason, "upstream");
    EXPECT_THAT(told.sentence, HasSubstr("Gateway default/gw refused the call: default/gw answered "
                                         "486 Busy Here after"));
    EXPECT_THAT(told.sentence, HasSubstr("carrier primary got 486"));
    EXPECT_THAT(ladder(told),
                ElementsAre("a> INVITE", "a< 100", "b< INVITE", "b> 486", "b< ACK", "a< 486"));
    EXPECT_TRUE(has_whole_messages(told));
    EXPECT_EQ(told.messages.front().text, an_invite().text());
    EXPECT_THAT(told.messages[3].text, HasSubstr("Reason: Q.850;cause=17"));
    EXPECT_EQ(told.fix, call::find_reason("upstream")->remedy);
}

TEST(Why, AFailoverNamesEveryAttempt) {
    Story story(
        {.gateways = {R"({name: dead, kind: livekit, uri: "sip:127.0.0.99:5060"})", kGeneric}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{2500});
    story.generic->reply(story.generic->last("INVITE"), 503, "No", "t");
    story.run_for(Millis{100});
    const b2bua::Story told = why(story);
    EXPECT_THAT(told.sentence, HasSubstr("default/dead: no_response after 2.0 s; default/gw "
                                         "answered 503 No after"));
    EXPECT_EQ(std::ranges::count(ladder(told), "b< INVITE"), 4)
        << "2 s of repetitions, and another";
    EXPECT_EQ(told.messages[2].peer, "default/dead");
    EXPECT_EQ(told.messages.back().way, Way::ToA);
}

TEST(Why, ACallerWhoGaveUpIsToldSo) {
    Story story({.gateways = {kGeneric}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{50});
    story.generic->reply(story.generic->last("INVITE"), 180, "Ringing", "t");
    story.run_for(Millis{3950});
    story.carrier->cancel(*SipText::parse(an_invite().text()));
    story.run_for(Millis{50});
    const b2bua::Story told = why(story);
    EXPECT_EQ(told.reason, "cancelled");
    EXPECT_THAT(told.sentence, HasSubstr("The caller gave up after 4.0 s while default/gw rang"));
    const auto steps = ladder(told);
    EXPECT_NE(std::ranges::find(steps, "a> CANCEL"), steps.end());
    EXPECT_NE(std::ranges::find(steps, "b< CANCEL"), steps.end());
}

struct Refusal {
    const char* name;
    InviteBuilder invite;
    const char* reason;
    const char* sentence;
    const char* fix;
};

class Refused : public ::testing::TestWithParam<Refusal> {};

TEST_P(Refused, NamesWhatIsMissing) {
    const Refusal& row = GetParam();
    Story story;
    story.carrier->invite(row.invite);
    story.run_for(Millis{50});
    const b2bua::Story told = why(story);
    EXPECT_EQ(told.reason, row.reason);
    EXPECT_THAT(told.sentence, HasSubstr(row.sentence));
    EXPECT_THAT(told.fix, HasSubstr(row.fix));
    ASSERT_FALSE(told.messages.empty());
    EXPECT_EQ(told.messages.front().text, row.invite.text());
}

INSTANTIATE_TEST_SUITE_P(
    Why, Refused,
    ::testing::Values(
        Refusal{"NoTenant", an_invite().to("+4940111222"), "no_tenant",
                "Nobody owns +4940111222, which carrier primary called",
                R"(tenants: [{id: NAME, dids: ["+4940111222"]}])"},
        Refusal{"NoTenantNear", an_invite().to("+4991874350353"), "no_tenant",
                "Nearest: +4991874350352 of tenant acme", R"(dids: ["+4991874350353"])"},
        Refusal{"UnknownDid", an_invite().to("040111222").host("acme.example"), "unknown_did",
                "Tenant acme, found by the domain that was called, does not take +4940111222 "
                "(dialled 040111222)",
                R"(tenants: [{id: acme, dids: ["+4940111222"]}])"},
        Refusal{"BadExtension", an_invite().header("Require", "100rel"), "bad_extension",
                "requires 100rel", "Supported"},
        Refusal{"TooManyHops", an_invite().without("Max-Forwards").header("Max-Forwards", "0"),
                "too_many_hops", "used up its Max-Forwards", "Via"},
        Refusal{"MediaUnsupported",
                an_invite().sdp("v=0\r\no=- 1 1 IN IP4 127.0.0.10\r\ns=-\r\nt=0 0\r\n"
                                "c=IN IP4 127.0.0.10\r\nm=video 6000 RTP/AVP 96\r\n"),
                "media_unsupported", "The audio that carrier primary offered", "codecs"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Why, AStrangerIsNamedWithTheLineThatAdmitsHim) {
    Story story;
    story.stranger->invite(an_invite());
    story.stranger->invite(an_invite());
    story.run_for(Millis{50});
    for (const char* subject : {"last", "127.0.0.66"}) {
        const b2bua::Story told = why(story, subject);
        EXPECT_EQ(told.kind, b2bua::Story::Kind::Stranger);
        EXPECT_EQ(told.reason, "unknown_source");
        EXPECT_THAT(told.sentence, HasSubstr("127.0.0.66 is no carrier's source on interface "
                                             "carriers"));
        EXPECT_THAT(told.sentence, HasSubstr("2 times"));
        EXPECT_EQ(told.fix,
                  "carriers: [{name: NAME, interface: carriers, sources: [127.0.0.66/32]}]");
    }
}

TEST(Why, AnOfferOnTheWrongInterfaceIsToldSo) {
    Story story;
    story.send_from(World::at(10), World::livekit_side(), an_invite().text());
    story.run_for(Millis{50});
    EXPECT_THAT(why(story).sentence, HasSubstr("It is known on interface carriers"));
}

TEST(Why, IsAskedByIdNumberAndCallId) {
    Story story;
    story.establish();
    const std::string id(story.leg_b.header("X-Causeway-Call-ID"));
    EXPECT_EQ(why(story, id).kind, b2bua::Story::Kind::Live);
    EXPECT_THAT(why(story, id).sentence,
                HasSubstr("The call is up: carrier primary to default/lk"));
    story.hang_up();
    story.expect_nothing_left();
    for (const std::string& subject :
         {id, std::string("+4991874350352"), std::string("09187 4350352"), std::string("0352"),
          std::string("+4930123456"), std::string("call-1@carrier.example"),
          std::string(story.leg_b.header("Call-ID")), std::string("127.0.0.10")}) {
        EXPECT_EQ(why(story, subject).record.call_id, story.record().call_id) << subject;
    }
    EXPECT_FALSE(story.engine->why("0000000000000001"));
    EXPECT_FALSE(story.engine->why("+4940999"));
    EXPECT_FALSE(story.engine->why("127.0.0.99"));
    EXPECT_FALSE(story.engine->why(""));
}

TEST(Why, ARefusalThatWouldPassByNowSaysSo) {
    Story story;
    story.carrier->invite(an_invite().to("+4940111222"));
    story.run_for(Millis{50});
    EXPECT_THAT(why(story).sentence, ::testing::Not(HasSubstr("would be placed")));
    const auto former = story.engine->configure(read_configuration(R"(node: world
interfaces:
  - {name: carriers, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10000-10999}
  - {name: livekit, side: livekit, bind: 127.0.0.1, sip: [udp:5080], rtp_ports: 15000-15999}
carriers: [{name: primary, interface: carriers, sources: [127.0.0.10/32]}]
tenants: [{id: acme, dids: ["+4940111222"]}]
gateway_groups: [{id: 1, gateways: [{uri: "sip:127.0.0.20:5060"}]}]
cdr: {file: /nonexistent/cdr.jsonl}
)")
                                                    .snapshot);
    EXPECT_THAT(why(story).sentence, HasSubstr("it would be placed"));
}

TEST(Why, RemembersAThousandCalls) {
    Story story;
    std::vector<CallId> ids;
    for (unsigned i = 0; i < 1001; ++i) {
        story.carrier->invite(an_invite()
                                  .to("+4940" + std::to_string(i))
                                  .branch("b" + std::to_string(i))
                                  .call_id("c" + std::to_string(i)));
        story.run_for(Millis{10});
    }
    ASSERT_EQ(story.records.size(), 1001U);
    EXPECT_FALSE(story.engine->why("c0"));
    EXPECT_TRUE(story.engine->why("c1"));
    EXPECT_EQ(why(story).record.a_call_id, "c1000");
}

TEST(Why, TheSameStoryIsTheSameBytes) {
    const auto play = [] {
        Story story({.gateways = {kGeneric}});
        story.carrier->invite(an_invite());
        story.run_for(Millis{9000});
        const b2bua::Story told = why(story);
        std::string all = told.sentence;
        for (const auto& message : told.messages) {
            all += std::to_string(message.at.count()) + message.text;
        }
        return all;
    };
    const std::string first = play();
    EXPECT_GT(first.size(), 1000U);
    EXPECT_EQ(first, play());
}

TEST(Why, OfACallThatWasTakenUpBeginsThere) {
    Story story;
    story.establish();
    story.restart();
    story.hang_up();
    story.expect_nothing_left();
    const b2bua::Story told = why(story);
    EXPECT_EQ(told.reason, "bye");
    EXPECT_EQ(ladder(told).front(), "a> BYE");
}

}  // namespace
}  // namespace causeway::testing
