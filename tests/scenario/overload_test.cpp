#include "scenario/story.hpp"

#include <gtest/gtest.h>

#include <string>

/// More than we can do (PRODUCT §8): what is refused, what never is.
namespace causeway::testing {
namespace {

InviteBuilder another(std::size_t number) {
    return an_invite()
        .branch("o" + std::to_string(number))
        .call_id("over-" + std::to_string(number) + "@carrier.example");
}

TEST(Overload, RefusesANewInviteThatHasWaitedTooLong) {
    Story story;
    story.is_late = true;
    story.carrier->invite(an_invite());
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->last(503).header("X-Causeway-Reason"), "no_capacity");
    EXPECT_FALSE(story.carrier->last(503).header("Retry-After").empty());
    EXPECT_EQ(story.carrier->count(100), 0U);
    EXPECT_EQ(story.engine->census().transactions, 0U) << "nothing is kept of it";
    EXPECT_TRUE(story.records.empty());
}

TEST(Overload, NeverRefusesWhatBelongsToACall) {
    Story story({.numbers = {{"+4991874350352", Behaviour::answer(Millis{1000})}}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{500});
    story.is_late = true;
    story.carrier->send(invite.bytes);  // a retransmission: the call is in progress
    story.run_for(Millis{1000});
    EXPECT_EQ(story.carrier->count(503), 0U);
    ASSERT_EQ(story.carrier->count(200), 1U);
    story.carrier->ack(invite, story.carrier->last(200));
    story.carrier->request("BYE", invite, story.carrier->last(200), 2);
    story.run_for(Millis{50});
    EXPECT_EQ(story.record().outcome.reason, "bye");
    story.expect_nothing_left();
}

TEST(Overload, AnswersAProbeThatHasWaited) {
    Story story;
    story.is_late = true;
    std::string options = an_invite().sdp("").text();
    for (std::size_t at = 0; (at = options.find("INVITE", at)) != std::string::npos;) {
        options.replace(at, 6, "OPTIONS");
    }
    story.carrier->send(options);
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->count(200), 1U);
}

TEST(Overload, IsSilentBeyondFiveThousandRefusalsASecond) {
    Story story;
    story.is_late = true;
    for (std::size_t i = 0; i < 5100; ++i) {
        story.carrier->invite(another(i));
    }
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->count(503), 5000U);
    EXPECT_EQ(story.engine->counters().rejected, 5100U);
    story.run_for(Millis{1000});
    story.carrier->invite(another(1));
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->count(503), 5001U);
}

TEST(Overload, OfASourceThatNeverAcknowledgesIsNobodyElses) {
    Story story({.max_calls = 80});  // of which one address may leave 20 without ACK
    for (std::size_t i = 0; i < 20; ++i) {
        story.carrier->invite(another(i));
    }
    story.run_for(Millis{200});
    ASSERT_EQ(story.carrier->count(503), 0U);

    story.carrier->invite(another(20));
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->last(503).header("X-Causeway-Reason"), "no_capacity");

    const std::size_t before = story.livekit->live().size();
    story.send_from(World::at(11), World::carrier_side(), another(21).source(World::at(11)).text());
    story.run_for(Millis{50});
    EXPECT_EQ(story.livekit->live().size(), before + 1) << "another carrier's";

    story.run_for(Millis{40'000});  // 64·T1 and some: they have all been given up
    story.carrier->invite(another(22));
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->count(503), 1U);
}

TEST(Overload, EndsWithTheAcknowledgement) {
    Story story({.max_calls = 1});  // 16 without ACK at least
    story.establish();
    story.hang_up();
    for (std::size_t i = 0; i < 20; ++i) {
        const SipText invite = *SipText::parse(another(i).text());
        story.carrier->send(invite.bytes);
        story.run_for(Millis{100});
        ASSERT_EQ(story.carrier->count(503), 0U) << i;
        const SipText answer = story.carrier->last(200);
        story.carrier->ack(invite, answer);
        story.carrier->request("BYE", invite, answer, 2);
        story.run_for(Millis{50});
    }
    story.expect_nothing_left();
}

}  // namespace
}  // namespace causeway::testing
