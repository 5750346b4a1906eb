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

}  // namespace
}  // namespace causeway::transaction
