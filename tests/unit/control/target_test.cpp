#include "target.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::control {
namespace {

using Parts = std::vector<std::string>;

TEST(Target, IsDecodedPartByPart) {
    const auto target = parse_target("/api/v1/why/%2B4930+1?a=b%20c&d=1+2&e");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->parts, (Parts{"api", "v1", "why", "+4930+1"}));
    EXPECT_EQ(target->query, (Fields{{"a", "b c"}, {"d", "1 2"}, {"e", ""}}));
    EXPECT_EQ(parse_target("/a%2Fb")->parts, Parts{"a/b"}) << "no part of its own";
    EXPECT_TRUE(parse_target("/")->parts.empty());
    EXPECT_EQ(parse_target("/a/")->parts, (Parts{"a", ""})) << "not /a";
    EXPECT_EQ(parse_target("/a//b")->parts, (Parts{"a", "", "b"}));
}

TEST(Target, IsRefusedIfItIsNone) {
    for (const char* text : {"", "a", "*", "http://evil.example/", "/%", "/%4", "/%zz", "/%00",
                             "/a?b=%", "/a?b=1&b=2"}) {
        EXPECT_FALSE(parse_target(text)) << text;
    }
}

}  // namespace
}  // namespace causeway::control
