#include "story.hpp"

#include <memory>
#include <string>
#include <utility>

/// Another configuration while calls run (PRODUCT §2): they keep the plan they began with.
namespace causeway::testing {
namespace {

const std::string kLivekit = R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})";
const std::string kDead = R"({name: dead, kind: livekit, uri: "sip:127.0.0.99:5060"})";
const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";

/// Puts the configuration of such a world in force; what was in force before is nobody's then.
void reconfigure(Story& story, const World::Options& options) {
    std::shared_ptr<const config::Snapshot> next = World::configuration(options);
    const auto old = story.engine->configure(next);
    EXPECT_EQ(old, story.snapshot) << "not handed back to be freed elsewhere";
    story.snapshot = std::move(next);
}

TEST(Reload, LeavesACallItsAttemptsAndTimers) {
    Story story({.gateways = {kDead, kLivekit}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{1000});
    reconfigure(story,
                {.gateways = {kGeneric}, .call = "{no_response: 20s, attempt_timeout: 30s}"});
    story.run_for(Millis{1200});
    ASSERT_EQ(story.carrier->count(200), 1U) << "the second gateway of its plan, after its 2 s";
    EXPECT_EQ(story.generic->count("INVITE"), 0U);
    story.establish(an_invite());
    story.hang_up();
    EXPECT_EQ(story.record().gateway, "default/lk");
    EXPECT_EQ(story.record().outcome.cause, call::Cause::Success);

    story.carrier->invite(an_invite().call_id("second@carrier.example").branch("a2"));
    story.run_for(Millis{50});
    EXPECT_EQ(story.generic->count("INVITE"), 1U) << "a new call takes the new table";
}

TEST(Reload, LeavesALiveCallItsMediaTimeout) {
    Story story({.call = "{media_timeout: 10s}", .media = Media::Ignored});
    story.establish();
    reconfigure(story, {.call = "{media_timeout: 0}"});
    story.run_for(Millis{15'000});
    EXPECT_GE(story.carrier->count("BYE"), 1U);
    EXPECT_EQ(story.record().outcome.reason, "media_timeout");
}

TEST(Reload, LetsACarrierThatIsGoneEndItsCallsAndBeginNone) {
    Story story;
    story.establish();
    reconfigure(story, {.carrier = "127.0.0.12/32"});
    story.carrier->invite(an_invite().call_id("late@carrier.example").branch("late"));
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->count(100), 1U) << "the answer to its first call";
    EXPECT_EQ(story.engine->census().calls, 1U);
    story.hang_up();
    EXPECT_EQ(story.carrier->last(200).header("CSeq"), "2 BYE");
    EXPECT_EQ(story.record().outcome.reason, "bye");
    EXPECT_EQ(story.record().carrier, "primary");
    story.expect_nothing_left();
}

TEST(Reload, LetsAGatewayThatIsGoneEndItsCalls) {
    Story story;
    story.establish();
    reconfigure(story, {.gateways = {kGeneric}});
    ASSERT_EQ(story.livekit->live().size(), 1U);
    ASSERT_TRUE(story.livekit->hang_up(story.leg_b.header("Call-ID"), story.clock.now()));
    story.run_for(Millis{100});
    EXPECT_GE(story.carrier->count("BYE"), 1U);
    EXPECT_EQ(story.record().gateway, "default/lk");
}

TEST(Reload, ChangesNothingOfADrain) {
    Story story;
    story.engine->drain();
    reconfigure(story, {.gateways = {kGeneric}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(503), 1U);
}

}  // namespace
}  // namespace causeway::testing
