#include "text.hpp"

#include <gtest/gtest.h>

namespace causeway::store {
namespace {

TEST(StoreText, FindsTheLineThatIsNoUtf8) {
    struct Row {
        const char* name;
        std::string_view text;
        int want;
    };
    const Row rows[] = {
        {.name = "ASCII", .text = "a\tb\r\nc", .want = 0},
        {.name = "two, three and four bytes", .text = "é\n€\n😀", .want = 0},
        {.name = "largest code point", .text = "\xf4\x8f\xbf\xbf", .want = 0},
        {.name = "beyond it", .text = "a\n\xf4\x90\x80\x80", .want = 2},
        {.name = "overlong", .text = "\xc0\xaf", .want = 1},
        {.name = "overlong in three bytes", .text = "\xe0\x9f\xbf", .want = 1},
        {.name = "surrogate", .text = "\n\n\xed\xa0\x80", .want = 3},
        {.name = "cut off", .text = "a\xe2\x82", .want = 1},
        {.name = "a stray continuation", .text = "\x80", .want = 1},
        {.name = "bell", .text = "a\n\x07", .want = 2},
        {.name = "delete", .text = "\x7f", .want = 1},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(first_bad_line(row.text), row.want) << row.name;
    }
}

TEST(StoreText, GuessesWhatWasMeant) {
    EXPECT_EQ(closest("intefaces", {"interfaces", "carriers"}), "interfaces");
    EXPECT_EQ(closest("gateway_group", {"gateway_groups", "tenants"}), "gateway_groups");
    EXPECT_EQ(closest("limits", {"domains", "dids"}), "");
    EXPECT_EQ(closest("x", {"id"}), "");
}

TEST(StoreText, SplitsAndJoins) {
    EXPECT_EQ(split("110, 112", ", "), (std::vector<std::string_view>{"110", "112"}));
    EXPECT_TRUE(split("", ", ").empty());
    EXPECT_EQ(join({"a", "b"}), "a, b");
    EXPECT_EQ(join({}), "");
}

}  // namespace
}  // namespace causeway::store
