#include "transaction/server.hpp"

#include "stage.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

namespace causeway::transaction {
namespace {

/// What the layer does not show: a forgotten entry in a table would only cost memory.
TEST(Server, LeavesNothingInItsTables) {
    Core core({.secret = kSecret, .identities = {}, .timers = {}, .start = Time{}});
    Server server(core);
    Time now{};
    const auto offered = [&](const RequestText& request) {
        server.receive(parsed(request.text()), {}, now);
        Key key;
        while (const std::optional<Action> action = core.outbox.poll()) {
            if (const auto* const news = std::get_if<Request>(&*action)) {
                key = news->key;
            }
        }
        return core.slots.find(key);
    };
    for (const int status : {200, 486}) {
        for (const std::string method : {"INVITE", "BYE"}) {
            const RequestText request = RequestText{}.as(method);
            const std::uint32_t n = offered(request);
            ASSERT_NE(n, kNoSlot);
            server.accept(n, now);
            server.receive(parsed(request.as("CANCEL").text()), {}, now);
            server.respond(n, answer(request.text(), status, "local"), now);
            EXPECT_GT(server.indexed(), 0U);
            now += std::chrono::minutes(1);
            while (const auto due = core.wheel.expire(now)) {
                server.fire(*due, now);
            }
            EXPECT_EQ(core.slots.size(), 0U);
            EXPECT_EQ(server.indexed(), 0U) << method << " " << status;
        }
    }
}

/// An INVITE that was offered and accepted: its slot.
std::uint32_t accepted(Core& core, Server& server, const RequestText& invite) {
    server.receive(parsed(invite.text()), {}, Time{});
    std::uint32_t n = kNoSlot;
    while (const std::optional<Action> action = core.outbox.poll()) {
        if (const auto* const news = std::get_if<Request>(&*action)) {
            n = core.slots.find(news->key);
        }
    }
    server.accept(n, Time{});
    return n;
}

/// RFC 6026 §7.1: the dialog repeats its 2xx. Thirty-two seconds of answered calls are many.
TEST(Server, KeepsOfAnAnsweredInviteOnlyWhatRecognisesIt) {
    Core core({.secret = kSecret, .identities = {}, .timers = {}, .start = Time{}});
    Server server(core);
    const RequestText invite;
    const std::uint32_t n = accepted(core, server, invite);
    ASSERT_NE(n, kNoSlot);
    server.respond(n, answer(invite.text(), 180, "local"), Time{});
    EXPECT_GT(core.slots[n].text.view().size(), 100U) << "the 180, for a repeated INVITE";
    server.respond(n, answer(invite.text(), 200, "local"), Time{});
    EXPECT_EQ(core.slots[n].text.view(), "local") << "the To tag alone, for a late CANCEL";
}

TEST(Server, HasOneTimerWhateverRuns) {
    Core core({.secret = kSecret, .identities = {}, .timers = {}, .start = Time{}});
    Server server(core);
    const RequestText invite;
    const std::uint32_t n = accepted(core, server, invite);
    ASSERT_NE(n, kNoSlot);
    EXPECT_EQ(core.wheel.size(), 0U) << "an unanswered INVITE waits for its owner";
    server.respond(n, answer(invite.text(), 486, "local"), Time{});
    EXPECT_EQ(core.wheel.size(), 1U) << "timers G and H";
    Time now{};
    int repeated = 0;
    for (; core.slots[n].state == State::Completed; ++repeated) {
        ASSERT_TRUE(core.wheel.next());
        now = *core.wheel.next();
        while (const auto due = core.wheel.expire(now)) {
            EXPECT_EQ(*due, n);
            server.fire(*due, now);
        }
        ASSERT_LE(core.wheel.size(), 1U);
    }
    EXPECT_GT(repeated, 5);
    EXPECT_EQ(core.wheel.size() + core.slots.size(), 0U);
}

}  // namespace
}  // namespace causeway::transaction
