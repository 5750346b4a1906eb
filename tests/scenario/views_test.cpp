#include "pace.hpp"
#include "story.hpp"

#include "causeway/port/operations.hpp"

#include <chrono>
#include <ctime>
#include <string>
#include <vector>

/// What operators see of live calls and do to them: list, look at one, hang up, drain and undo.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;
using port::CallState;

/// Microseconds for one page; some 2,000 are usual, five times that is a mistake.
#if defined(__OPTIMIZE__) && defined(NDEBUG)
constexpr double kBound = 10'000;
#else
constexpr double kBound = 100'000;
#endif

double cpu_micros() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::vector<port::CallView> all(const World& world) {
    return world.engine->calls({}).calls;
}

TEST(CallViews, FollowACallFromItsInviteToItsEnd) {
    Story story({.numbers = {{"+4991874350352", Behaviour::answer(Millis{1000})}}});
    EXPECT_EQ(story.engine->calls({}).total, 0U);
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{1});
    ASSERT_EQ(all(story).size(), 1U);
    EXPECT_EQ(all(story)[0].state, CallState::Setup);
    story.run_for(Millis{500});
    EXPECT_EQ(all(story)[0].state, CallState::Ringing);
    EXPECT_TRUE(all(story)[0].record.ringing);
    EXPECT_FALSE(all(story)[0].record.answer);
    story.run_for(Millis{1000});
    const port::CallView view = all(story)[0];
    EXPECT_EQ(view.state, CallState::Answered);
    EXPECT_EQ(view.record.tenant, "acme");
    EXPECT_EQ(view.record.carrier, "primary");
    EXPECT_EQ(view.record.gateway, "default/lk");
    EXPECT_EQ(view.record.to, "+4991874350352");
    EXPECT_TRUE(view.record.answer);
    EXPECT_FALSE(view.record.end);
    EXPECT_GT(view.record.duration_ms.value_or(0), 0);
    story.carrier->ack(invite, story.carrier->last(200));
    story.run_for(Millis{50});
    ASSERT_TRUE(story.livekit->hang_up(story.livekit->live().front().call_id, story.clock.now()));
    story.run_for(Millis{50});
    EXPECT_TRUE(all(story).empty());
    EXPECT_FALSE(story.engine->call(view.record.call_id));
    story.expect_nothing_left();
}

TEST(CallViews, ComeInPagesThatTogetherAreAllCalls) {
    Story story;
    constexpr std::size_t kCalls = 25;
    for (std::size_t i = 0; i < kCalls; ++i) {
        story.carrier->invite(
            an_invite().call_id("c" + std::to_string(i)).branch("b" + std::to_string(i)));
    }
    story.run_for(Millis{5});
    std::vector<CallId> seen;
    for (CallId after;;) {
        const port::CallPage page = story.engine->calls({.after = after, .most = 10});
        EXPECT_EQ(page.total, kCalls);
        if (page.calls.empty()) {
            break;
        }
        EXPECT_LE(page.calls.size(), 10U);
        for (const port::CallView& view : page.calls) {
            EXPECT_GT(view.record.call_id, after);
            after = view.record.call_id;
            seen.push_back(after);
        }
    }
    EXPECT_EQ(seen.size(), kCalls);
    const auto one = story.engine->call(seen[7]);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->record.call_id, seen[7]);
}

TEST(CallViews, OfTenThousandCallsTakeTheSipThreadAFewMillisecondsAPage) {
    constexpr std::size_t kCalls = 10'000;
    Story story({.carrier_ports = "10000-29999", .ports = "30000-49999", .max_calls = kCalls});
    for (std::size_t i = 0; i < kCalls; ++i) {
        story.carrier->invite(
            an_invite().call_id("c" + std::to_string(i)).branch("b" + std::to_string(i)));
    }
    story.run_for(Millis{2});
    const double before = cpu_micros();
    const port::CallPage page = story.engine->calls({.after = {}, .most = kCalls});
    const double took = cpu_micros() - before;
    ASSERT_EQ(page.total, kCalls);
    EXPECT_EQ(page.calls.size(), port::CallQuery::kMost) << "never more at a time";
    EXPECT_LT(took, kBound);
    RecordProperty("page_us", static_cast<int>(took));
}

TEST(HangUp, OfOneAnsweredCallEndsBothItsLegsAndNoOther) {
    Story story;
    story.establish();
    const CallId id = all(story)[0].record.call_id;
    story.carrier->invite(an_invite().call_id("other").branch("other"));
    story.run_for(Millis{10});
    ASSERT_EQ(story.engine->calls({}).total, 2U);
    ASSERT_TRUE(story.engine->hang_up(id));
    story.run_for(Millis{50});
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().call_id, id);
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Success, By::Causeway, 200, "hangup"}));
    EXPECT_EQ(story.engine->calls({}).total, 1U) << "the other goes on";
    EXPECT_FALSE(story.engine->hang_up(id));
}

TEST(HangUp, OfARingingCallIs480AndCancel) {
    Story story({.numbers = {{"+4991874350352", Behaviour::answer(Millis{4500})}}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{1500});
    ASSERT_TRUE(story.engine->hang_up(all(story)[0].record.call_id));
    story.run_for(Millis{50});
    ASSERT_EQ(story.carrier->count(480), 1U);
    EXPECT_EQ(story.carrier->last(480).header("X-Causeway-Reason"), "hangup");
    EXPECT_EQ(story.record().outcome, (call::Outcome{Cause::Server, By::Causeway, 480, "hangup"}));
    EXPECT_TRUE(story.livekit->live().empty());
    story.carrier->ack(invite, story.carrier->last(480));
    story.expect_nothing_left();
}

TEST(HangUp, AskedTwiceDoesNotWaitForAnAckThatIsMissing) {
    Story story;
    story.carrier->invite(an_invite());
    story.run_for(Millis{200});
    ASSERT_EQ(story.carrier->count(200), 1U);
    const CallId id = all(story)[0].record.call_id;
    ASSERT_TRUE(story.engine->hang_up(id));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count("BYE"), 0U) << "RFC 3261 §15: not before the ACK";
    EXPECT_EQ(all(story)[0].state, CallState::Ending);
    EXPECT_EQ(all(story)[0].record.outcome.reason, "hangup");
    ASSERT_TRUE(story.engine->hang_up(id));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count("BYE"), 1U);
}

TEST(Drain, IsUndone) {
    Story story;
    story.engine->drain();
    story.carrier->invite(an_invite().call_id("one").branch("one"));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(503), 1U);
    story.engine->undrain();
    story.carrier->invite(an_invite().call_id("two").branch("two"));
    story.run_for(Millis{200});
    EXPECT_EQ(story.carrier->count(200), 1U);
}

TEST(Pace, IsThatOfTheLastFullSecond) {
    b2bua::Pace pace;
    const auto at = [](double seconds) {
        return Time{} + std::chrono::milliseconds(static_cast<int>(seconds * 1000));
    };
    EXPECT_EQ(pace.last_second(at(10)), 0U);
    for (const double second : {10.0, 10.5, 10.9, 11.2}) {
        pace.count(at(second));
    }
    EXPECT_EQ(pace.last_second(at(11.9)), 3U);
    EXPECT_EQ(pace.last_second(at(12.0)), 1U);
    EXPECT_EQ(pace.last_second(at(13.0)), 0U);
    pace.count(at(20));
    EXPECT_EQ(pace.last_second(at(20.1)), 0U);
}

}  // namespace
}  // namespace causeway::testing
