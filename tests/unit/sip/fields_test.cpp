#include "samples.hpp"

#include "causeway/sip/grammar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace causeway::sip {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct TagRow {
    std::string_view value;
    std::string_view tag;
};

constexpr TagRow kTags[] = {
    {.value = "<sip:a@b>;tag=x1", .tag = "x1"},
    {.value = "sip:a@b;tag=x1", .tag = "x1"},
    {.value = "sip:a@b ;\tTAG \t=  x1 ", .tag = "x1"},
    {.value = "\"q;tag=no\" <sip:a@b;tag=no>;p=\";tag=no\";tag=yes;z", .tag = "yes"},
    {.value = "\"\\\";tag=no\" <sip:a@b>;tag=yes", .tag = "yes"},
    {.value = "<sip:a@b>;tag=one;tag=two", .tag = "one"},
    {.value = "<sip:a@b>;mytag=no", .tag = ""},
    {.value = "<sip:a@b;tag=no>", .tag = ""},
    {.value = "<sip:a@b>;tag=", .tag = ""},
    {.value = "<sip:a@b>;tag", .tag = ""},
    {.value = "<sip:a@b>;tag=x<y", .tag = "x"},
    {.value = "<sip:a@b", .tag = ""},
    {.value = "\"open <sip:a@b>;tag=no", .tag = ""},
};

TEST(TagOf, ReadsTheHeaderParameterOnly) {
    for (const TagRow& row : kTags) {
        SCOPED_TRACE(row.value);
        const Message message = an_invite().to("To: " + std::string(row.value)).message();
        EXPECT_EQ(tag_of(message, Field::To), row.tag);
        EXPECT_EQ(tag_of(message, Field::From), "from1");
    }
}

TEST(MaxForwards, IsSeventyWhenMissing) {
    EXPECT_EQ(max_forwards(an_invite().message()), 70U);
}

TEST(MaxForwards, IsANumberOfAnOctet) {
    const auto read = [](std::string_view value) {
        return max_forwards(an_invite().line("Max-Forwards: " + std::string(value)).message());
    };
    EXPECT_EQ(read("0"), 0U);
    EXPECT_EQ(read("0068"), 68U);
    EXPECT_EQ(read("255"), 255U);
    for (const std::string_view bad : {"256", "-1", "", "7x", "4294967296", "1 2", "0x10"}) {
        EXPECT_FALSE(read(bad)) << bad;
    }
}

TEST(Tokens, CollectsTheListsOfAllLines) {
    const Message message = an_invite()
                                .line("Supported: timer , 100rel,,")
                                .line("k: \"a,b\", replaces")
                                .line("Require:")
                                .message();
    EXPECT_THAT(tokens(message, Field::Supported),
                ElementsAre("timer", "100rel", "\"a,b\"", "replaces"));
    EXPECT_THAT(tokens(message, Field::Require), IsEmpty());
    EXPECT_THAT(tokens(message, Field::Allow), IsEmpty());
}

TEST(RetryAfter, ReadsSecondsBeforeCommentAndParameters) {
    const auto read = [](std::string_view value) {
        return retry_after(a_response().line("Retry-After: " + std::string(value)).message());
    };
    EXPECT_EQ(read("120"), 120U);
    EXPECT_EQ(read("120;duration=60"), 120U);
    EXPECT_EQ(read("18 (in a meeting);duration=60"), 18U);
    for (const std::string_view bad : {"", "soon", "-5", "5x", "99999999999", "1 2"}) {
        EXPECT_EQ(read(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(retry_after(a_response().message()), std::nullopt);
}

TEST(Quoted, EscapesAndDropsWhatEndsAQuotedString) {
    EXPECT_EQ(quoted("Alice"), "Alice");
    EXPECT_EQ(quoted("A \"B\" \\ C"), "A \\\"B\\\" \\\\ C");
    EXPECT_EQ(quoted("a\r\nVia: x\x7f\tb"), "aVia: xb");
    EXPECT_EQ(quoted("J\xc3\xbcrgen"), "J\xc3\xbcrgen");
    EXPECT_EQ(quoted({"a\0b", 3}), "ab");
}

}  // namespace
}  // namespace causeway::sip
