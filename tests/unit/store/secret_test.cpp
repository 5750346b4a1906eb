#include "secret.hpp"

#include "unit/store/sample.hpp"

#include <cstdlib>

namespace causeway::test {
namespace {

using Kind = store::SecretSource::Kind;

TEST(StoreSecret, IsLiteralVariableOrFile) {
    struct Written {
        std::string text;
        Kind kind;
        std::string want;
    };
    const Written rows[] = {
        {"plain", Kind::Literal, "plain"},
        {"a$$b$$$$", Kind::Literal, "a$b$$"},
        {"", Kind::Literal, ""},
        {"${LK_PASSWORD}", Kind::Environment, "LK_PASSWORD"},
        {"file:/etc/x", Kind::File, "/etc/x"},
        {"$${X}", Kind::Literal, "${X}"},
    };
    for (const Written& row : rows) {
        const auto source = store::parse_secret(row.text);
        ASSERT_TRUE(source) << row.text;
        EXPECT_EQ(source->kind, row.kind) << row.text;
        EXPECT_EQ(source->text, row.want);
    }
    for (const char* text : {"a$b", "$", "x${Y}", "${}", "${1A}", "${a b}", "file:relative"}) {
        EXPECT_FALSE(store::parse_secret(text)) << text;
    }
}

TEST(StoreSecret, IsFetched) {
    const TemporaryFile file("s3cret\r\n");
    ASSERT_EQ(setenv("CAUSEWAY_TEST_SECRET", "from outside", 1), 0);
    EXPECT_EQ(store::fetch_secret({Kind::Literal, "a"}).value(), "a");
    EXPECT_EQ(store::fetch_secret({Kind::File, file.path()}).value(), "s3cret");
    EXPECT_EQ(store::fetch_secret({Kind::Environment, "CAUSEWAY_TEST_SECRET"}).value(),
              "from outside");
    unsetenv("CAUSEWAY_TEST_SECRET");
    EXPECT_EQ(store::fetch_secret({Kind::Environment, "CAUSEWAY_TEST_SECRET"}).error(),
              "the environment has no CAUSEWAY_TEST_SECRET");
    EXPECT_EQ(store::fetch_secret({Kind::File, "/nonexistent/secret"}).error(),
              "/nonexistent/secret cannot be read: No such file or directory");
}

TEST(StoreSecret, IsMissedByTheHostAlone) {
    unsetenv("CAUSEWAY_TEST_SECRET");
    const std::string text =
        edited({{6,
                 "  - {name: one, sources: [10.0.1.10/32], auth: {username: u, password: "
                 "\"${CAUSEWAY_TEST_SECRET}\"}}"},
                {13,
                 "cdr: {file: /tmp/causeway-test.jsonl}\nhooks: {secret: "
                 "\"file:/nonexistent/secret\"}"}});
    using Told = std::vector<std::string>;
    EXPECT_EQ(problems_of(text), (Told{"6: warning: carriers[].auth: no effect in this version",
                                       "14: warning: hooks: no effect in this version"}));
    EXPECT_EQ(problems_of(text, store::Layer::FileAndHost),
              (Told{"6: carriers[].auth: no effect in this version, and ignoring it would be "
                    "unsafe",
                    "6: carriers[].auth.password: the environment has no CAUSEWAY_TEST_SECRET",
                    "14: warning: hooks: no effect in this version",
                    "14: warning: hooks.secret: /nonexistent/secret cannot be read: No such file "
                    "or directory"}));
}

}  // namespace
}  // namespace causeway::test
