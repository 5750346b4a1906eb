#include "access.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

namespace causeway::control {
namespace {

using Lines = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr std::uint16_t kPort = 8080;

/// 200 if it passes.
unsigned status(const Gate& gate, const Lines& lines, bool has_body = false) {
    const auto verdict = gate.judge({lines, has_body}, kPort);
    return verdict ? 200 : verdict.error().status;
}

TEST(Gate, WithoutTokensServesLoopbackNamesAlone) {
    const Gate gate(Access::Guarded, {});
    struct Row {
        const char* what;
        Lines lines;
        unsigned status;
    };
    const Row rows[] = {
        {"an address", {{"Host", "127.0.0.1:8080"}}, 200},
        {"another loopback address", {{"Host", "127.3.2.1:8080"}}, 200},
        {"a name", {{"host", "LocalHost:8080"}}, 200},
        {"IPv6", {{"Host", "[::1]:8080"}}, 200},
        {"no Host", {}, 403},
        {"an empty Host", {{"Host", ""}}, 403},
        {"two of them", {{"Host", "localhost:8080"}, {"Host", "localhost:8080"}}, 403},
        {"rebound DNS", {{"Host", "evil.example:8080"}}, 403},
        {"a name that only begins so", {{"Host", "localhost.evil.example:8080"}}, 403},
        {"an address that only begins so", {{"Host", "127.0.0.1.evil.example:8080"}}, 403},
        {"a private address", {{"Host", "10.0.0.1:8080"}}, 403},
        {"any address", {{"Host", "0.0.0.0:8080"}}, 403},
        {"IPv6 without brackets", {{"Host", "::1:8080"}}, 403},
        {"another port", {{"Host", "127.0.0.1:8081"}}, 403},
        {"no port: that is 80", {{"Host", "127.0.0.1"}}, 403},
        {"a port that is none", {{"Host", "127.0.0.1:8080x"}}, 403},
        {"an empty port", {{"Host", "127.0.0.1:"}}, 403},
        {"user and host", {{"Host", "127.0.0.1:8080@evil.example"}}, 403},
        {"our own page", {{"Host", "localhost:8080"}, {"Origin", "http://127.0.0.1:8080"}}, 200},
        {"another page", {{"Host", "localhost:8080"}, {"Origin", "https://evil.example"}}, 403},
        {"a page of another port here",
         {{"Host", "localhost:8080"}, {"Origin", "http://localhost:3000"}},
         403},
        {"a page without an origin", {{"Host", "localhost:8080"}, {"Origin", "null"}}, 403},
        {"an empty Origin", {{"Host", "localhost:8080"}, {"Origin", ""}}, 403},
        {"ours by another scheme",
         {{"Host", "localhost:8080"}, {"Origin", "https://localhost:8080"}},
         403},
        {"two Origins",
         {{"Host", "localhost:8080"},
          {"Origin", "http://localhost:8080"},
          {"Origin", "http://localhost:8080"}},
         403},
        {"a proxy", {{"Host", "localhost:8080"}, {"Forwarded", "for=192.0.2.1"}}, 403},
        {"a proxy of the older kind",
         {{"Host", "localhost:8080"}, {"x-forwarded-for", "127.0.0.1"}},
         403},
        {"whatever it forwards", {{"Host", "localhost:8080"}, {"X-Forwarded-Zzz", ""}}, 403},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(status(gate, row.lines), row.status) << row.what;
    }
}

TEST(Gate, NeedsPort80WhereHostNamesNone) {
    const Gate gate(Access::Guarded, {});
    constexpr std::uint16_t kHttp = 80;
    EXPECT_TRUE(gate.judge({{{"Host", "127.0.0.1"}}, false}, kHttp));
    EXPECT_TRUE(gate.judge({{{"Host", "[::1]"}}, false}, kHttp));
}

TEST(Gate, TakesBodiesOfJsonAlone) {
    const Gate gate(Access::Guarded, {});
    const auto with = [&](std::string_view type) {
        return status(gate, {{"Host", "localhost:8080"}, {"Content-Type", type}}, true);
    };
    EXPECT_EQ(with("application/json"), 200U);
    EXPECT_EQ(with("Application/JSON; charset=utf-8"), 200U);
    EXPECT_EQ(with("application/jsonp"), 415U);
    EXPECT_EQ(with("text/plain"), 415U) << "what a form of another page can send";
    EXPECT_EQ(with("application/x-www-form-urlencoded"), 415U);
    EXPECT_EQ(status(gate, {{"Host", "localhost:8080"}}, true), 415U);
}

TEST(Gate, WithTokensWantsOneFromEverybody) {
    const Gate gate(Access::Guarded, {{"ops", "s3cret"}, {"ci", "other"}});
    struct Row {
        const char* what;
        Lines lines;
        unsigned status;
    };
    const Row rows[] = {
        {"none", {{"Host", "127.0.0.1:8080"}}, 401},
        {"the right one", {{"Authorization", "Bearer s3cret"}}, 200},
        {"another right one, from anywhere",
         {{"Host", "sbc.example"}, {"authorization", "bearer other"}, {"Forwarded", "for=x"}},
         200},
        {"a wrong one", {{"Authorization", "Bearer s3cre"}}, 401},
        {"one with something behind it", {{"Authorization", "Bearer s3cret "}}, 401},
        {"an empty one", {{"Authorization", "Bearer "}}, 401},
        {"another scheme", {{"Authorization", "Basic s3cret"}}, 401},
        {"two", {{"Authorization", "Bearer s3cret"}, {"Authorization", "Bearer s3cret"}}, 401},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(status(gate, row.lines), row.status) << row.what;
    }
    EXPECT_EQ(*gate.judge({{{"Authorization", "Bearer other"}}, false}, kPort), "ci");
    EXPECT_EQ(status(gate, {{"Authorization", "Bearer other"}}, true), 415U);
}

TEST(Gate, OfAnOpenListenerAsksNothing) {
    EXPECT_EQ(status(Gate(Access::Open, {}), {{"Host", "sbc.example"}}), 200U);
}

}  // namespace
}  // namespace causeway::control
