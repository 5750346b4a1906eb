#include "causeway/base/log.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace causeway::log {
namespace {

std::string text(std::initializer_list<Field> fields) {
    return render(Format::Text, Numbers::Masked, Level::Info, "call.answered", fields);
}

std::string json(std::initializer_list<Field> fields) {
    return render(Format::Json, Numbers::Masked, Level::Info, "call.answered", fields);
}

TEST(LogLine, WritesTextWithLevelEventAndFields) {
    EXPECT_EQ(text({{"call", CallId{0xabc}}, {"tenant", "acme"}, {"status", 200}, {"ok", true}}),
              "INFO call.answered call=0000000000000abc tenant=acme status=200 ok=true");
}

TEST(LogLine, WritesJsonWithLevelEventAndFields) {
    EXPECT_EQ(json({{"call", CallId{~0ULL}}, {"n", -5}, {"u", 7U}, {"r", 0.5}, {"ok", false}}),
              R"({"level":"info","event":"call.answered","call":"ffffffffffffffff",)"
              R"("n":-5,"u":7,"r":0.5,"ok":false})");
}

TEST(LogLine, NamesEveryLevel) {
    const auto name = [](Format format, Level level) {
        return render(format, Numbers::Full, level, "e", {});
    };
    EXPECT_EQ(name(Format::Text, Level::Debug), "DEBUG e");
    EXPECT_EQ(name(Format::Text, Level::Warn), "WARN e");
    EXPECT_EQ(name(Format::Text, Level::Error), "ERROR e");
    EXPECT_EQ(name(Format::Json, Level::Debug), R"({"level":"debug","event":"e"})");
    EXPECT_EQ(name(Format::Json, Level::Warn), R"({"level":"warn","event":"e"})");
    EXPECT_EQ(name(Format::Json, Level::Error), R"({"level":"error","event":"e"})");
}

struct ValueRow {
    std::string_view name;
    std::string_view value;
    std::string_view text;
    std::string_view json;
};

// A peer who chooses the value can neither end the line nor start a field of its own.
constexpr ValueRow kValues[] = {
    {.name = "plain", .value = "a-b.c", .text = "a-b.c", .json = R"("a-b.c")"},
    {.name = "empty", .value = "", .text = R"("")", .json = R"("")"},
    {.name = "space", .value = "a b", .text = R"("a b")", .json = R"("a b")"},
    {.name = "equals sign", .value = "a=b", .text = R"("a=b")", .json = R"("a=b")"},
    {.name = "quote", .value = "a\"b", .text = R"("a\"b")", .json = R"("a\"b")"},
    {.name = "backslash", .value = "a\\b", .text = R"("a\\b")", .json = R"("a\\b")"},
    {.name = "line break",
     .value = "a\r\nERROR x",
     .text = R"("a\r\nERROR x")",
     .json = R"("a\r\nERROR x")"},
    {.name = "tab", .value = "a\tb", .text = R"("a\tb")", .json = R"("a\tb")"},
    {.name = "escape sequence",
     .value = "\x1b[31m",
     .text = R"("\u001b[31m")",
     .json = R"("\u001b[31m")"},
    {.name = "NUL", .value = {"a\0b", 3}, .text = R"("a\u0000b")", .json = R"("a\u0000b")"},
    {.name = "DEL", .value = "\x7f", .text = R"("\u007f")", .json = R"("\u007f")"},
    {.name = "C1 control", .value = "\xc2\x9b", .text = R"("\u009b")", .json = R"("\u009b")"},
    {.name = "umlaut", .value = "\xc3\xa9", .text = "\"\xc3\xa9\"", .json = "\"\xc3\xa9\""},
    {.name = "emoji",
     .value = "\xf0\x9f\x98\x80",
     .text = "\"\xf0\x9f\x98\x80\"",
     .json = "\"\xf0\x9f\x98\x80\""},
    {.name = "right-to-left override",
     .value = "\xe2\x80\xae",
     .text = R"("\u202e")",
     .json = R"("\u202e")"},
    {.name = "line separator",
     .value = "\xe2\x80\xa8",
     .text = R"("\u2028")",
     .json = R"("\u2028")"},
    {.name = "stray byte", .value = "a\xff", .text = R"("a\ufffd")", .json = R"("a\ufffd")"},
    {.name = "cut sequence",
     .value = "\xe2\x82",
     .text = R"("\ufffd\ufffd")",
     .json = R"("\ufffd\ufffd")"},
    {.name = "overlong",
     .value = "\xc0\xaf",
     .text = R"("\ufffd\ufffd")",
     .json = R"("\ufffd\ufffd")"},
    {.name = "overlong of three",
     .value = "\xe0\x80\x8a",
     .text = R"("\ufffd\ufffd\ufffd")",
     .json = R"("\ufffd\ufffd\ufffd")"},
    {.name = "surrogate",
     .value = "\xed\xa0\x80",
     .text = R"("\ufffd\ufffd\ufffd")",
     .json = R"("\ufffd\ufffd\ufffd")"},
};

TEST(LogLine, EscapesWhatAValueMustNotSay) {
    for (const ValueRow& row : kValues) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(text({{"k", row.value}}), "INFO call.answered k=" + std::string(row.text));
        EXPECT_EQ(json({{"k", row.value}}),
                  R"({"level":"info","event":"call.answered","k":)" + std::string(row.json) + "}");
    }
}

TEST(LogLine, WritesNullForNumbersThatJsonDoesNotHave) {
    EXPECT_EQ(json({{"x", std::numeric_limits<double>::quiet_NaN()},
                    {"y", std::numeric_limits<double>::infinity()}}),
              R"({"level":"info","event":"call.answered","x":null,"y":null})");
}

TEST(LogLine, MasksNumbersExceptAtDebugOrWhenToldInFull) {
    const std::initializer_list<Field> fields{{"from", Number{"+4930901820352"}}};
    EXPECT_EQ(render(Format::Text, Numbers::Masked, Level::Info, "e", fields),
              "INFO e from=+*********0352");
    EXPECT_EQ(render(Format::Text, Numbers::Masked, Level::Debug, "e", fields),
              "DEBUG e from=+4930901820352");
    EXPECT_EQ(render(Format::Text, Numbers::Full, Level::Error, "e", fields),
              "ERROR e from=+4930901820352");
}

TEST(LogLine, MasksAllDigitsButTheLastFour) {
    EXPECT_EQ(masked("+4930901820352"), "+*********0352");
    EXPECT_EQ(masked("030-12 34 56"), "***-** *4 56");
    EXPECT_EQ(masked("112"), "112");
    EXPECT_EQ(masked("alice"), "alice");
    EXPECT_EQ(masked(""), "");
}

TEST(Log, DiscardsEverythingBeforeItIsStarted) {
    EXPECT_FALSE(enabled(Level::Error));
    info("nobody.listens", {{"k", 1}});
    EXPECT_EQ(lost(), 0U);
}

}  // namespace
}  // namespace causeway::log
