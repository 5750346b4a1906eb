#include "unit/store/sample.hpp"

#include <sys/stat.h>

namespace causeway::test {
namespace {

TEST(StoreFile, SaysWhereItIsNoConfiguration) {
    struct Broken {
        const char* name;
        std::string text;
        std::vector<std::string> want;
    };
    const std::vector<Broken> rows{
        {"empty", "", {"0: the file is empty"}},
        {"comments only", "# nothing\n\n# here\n", {"0: the file is empty"}},
        {"a list", "\n- node\n", {"2: a map of keys is expected, not a list"}},
        {"a word", "node", {"1: a map of keys is expected, not a single value"}},
        {"an empty document", "---\n", {"0: the file is empty"}},
        {"a bracket that stays open", "node: [\nb: 1\n", {"3: end of sequence flow not found"}},
        {"a tab", "node: 1\n\tb: 2\n", {"2: illegal tab when looking for indentation"}},
        {"an alias inside itself",
         "a: 1\nnode: &x [1, *x]\n",
         {"2: this alias names the value that it stands in"}},
        {"two documents",
         "node: a\n---\nnode: b\n",
         {"2: a second document (---): one file is one document"}},
        {"Latin-1", "node: a\n# caf\xe9\n", {"2: not UTF-8 text, or a control character in it"}},
        {"a NUL",
         std::string("node: a\0b\n", 10),
         {"1: not UTF-8 text, or a control character in it"}},
        {"deep nesting", std::string(100'000, '['), {"1: bad file"}},
    };
    for (const Broken& row : rows) {
        EXPECT_EQ(problems_of(row.text), row.want) << row.name;
    }
}

TEST(StoreFile, SaysWhereAnAliasNamesNothing) {
    const auto problems = problems_of("a: 1\nnode: *x\n");
    ASSERT_EQ(problems.size(), 1U);
    // From yaml-cpp 0.8 on, the name follows.
    EXPECT_TRUE(problems[0].starts_with("2: the referenced anchor is not defined")) << problems[0];
}

TEST(StoreFile, SaysWhyItCannotBeRead) {
    const auto load_path = [](const std::string& path) {
        const auto loaded = store::make_yaml_store({path, store::Layer::File, {}})->load();
        return loaded ? std::string("loaded") : loaded.error().at(0).to_string();
    };
    EXPECT_EQ(load_path("/nonexistent/causeway.yaml"),
              "/nonexistent/causeway.yaml: cannot be read: No such file or directory");
    EXPECT_EQ(load_path("/tmp"), "/tmp: cannot be read: Is a directory");
    const TemporaryFile huge(std::string((std::size_t{16} << 20U) + 1, '#'));
    EXPECT_EQ(load_path(huge.path()), huge.path() + ": larger than 16 MiB");
}

TEST(StoreFile, ReportsKeysWithTheirLines) {
    const Row rows[] = {
        {"repeated at the top",
         {{13, "cdr: {file: /tmp/x}\nnode: n2"}},
         {"14: node: repeated in the same map"}},
        {"repeated in a list's map",
         {{6, "  - {name: one,\n     sources: [10.0.1.10/32],\n     name: uno}"}},
         {"8: carriers[].name: repeated in the same map"}},
        {"unknown, with advice",
         {{1, "node: n1\ngateway_group: []"}},
         {"2: gateway_group: not known in this version (did you mean gateway_groups?)"}},
        {"a merge key",
         {{1, "x-a: &a {node: n1}\nnode: n1\n<<: *a"}},
         {"3: <<: not known in this version"}},
        {"a key that is a list",
         {{1, "node: n1\n[a, b]: c"}},
         {"2: a key must be a plain word, not a list"}},
        {"a map instead of a value",
         {{1, "node: {a: b}"}},
         {"1: node: a single value is expected, not a map"}},
        {"nothing instead of a value",
         {{1, "node:"}},
         {"1: node: a single value is expected, not nothing"}},
        {"a value instead of a map",
         {{13, "cdr: /tmp/x"}},
         {"13: cdr: a map is expected, not a single value"}},
        {"a value instead of an element",
         {{6, "  - one"}},
         {"6: carriers[]: a map is expected, not a single value"}},
        {"a map instead of a list",
         {{10, "tenants: {id: a}"}, {11, ""}, {12, ""}},
         {"10: tenants: a list is expected, not a map"}},
        {"an escaped control character",
         {{1, "node: \"a\\x07b\""}},
         {"1: node: no name: at most 64 letters, digits and ._-, a letter or digit first"}},
        {"the value of an alias",
         {{1, "x-bind: &bind 10.0.0.300\nnode: n1"},
          {3,
           "  - {name: in, side: carrier, bind: *bind, sip: [udp:5060], rtp_ports: "
           "10000-10999}"}},
         {"1: interfaces[].bind: 10.0.0.300: no IPv4 or IPv6 address"}},
    };
    expect_problems(rows);
}

TEST(StoreFile, TellsEverythingAtOnce) {
    const std::vector<std::string> want{"1: interfaces: missing",
                                        "1: carriers: missing",
                                        "1: gateway_groups: missing",
                                        "1: tenants: missing",
                                        "1: cdr: missing",
                                        "1: node: a b: no name: at most 64 "
                                        "letters, digits and ._-, a letter or digit first",
                                        "2: foo: not known in this version"};
    auto told_all = problems_of("node: a b\nfoo: 1\n");
    std::sort(told_all.begin(), told_all.end());
    auto sorted = want;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(told_all, sorted);
}

TEST(StoreFile, BoundsWhatAliasesMake) {
    std::string text = "x-s: &s [";
    for (int i = 0; i < 3000; ++i) {
        text += "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ", ";
    }
    text += "]\ncarriers:\n";
    for (int i = 0; i < 3000; ++i) {
        text += "  - {name: c" + std::to_string(i) + ", sources: *s}\n";
    }
    const auto problems = problems_of(text);
    const auto bound = std::find_if(problems.begin(), problems.end(), [](const std::string& one) {
        return one.find("aliases make more than 2000000 values") != std::string::npos;
    });
    EXPECT_NE(bound, problems.end());
}

TEST(StoreFile, BoundsWhatIsTold) {
    std::string text;
    for (int i = 0; i < 5000; ++i) {
        text += "k" + std::to_string(i) + ": 1\n";
    }
    EXPECT_LE(problems_of(text).size(), 2000U);
    EXPECT_LT(problems_of("\"" + std::string(100'000, 'k') + "\": 1\n").at(0).size(), 600U);
}

TEST(StoreFile, NumbersItsSnapshotsAndKeepsCountingAfterABadOne) {
    const TemporaryFile file(edited({}));
    const auto store = store::make_yaml_store({file.path(), store::Layer::File, {}});
    EXPECT_EQ(store->load().value().snapshot->version, 1U);
    std::ofstream(file.path(), std::ios::app) << "foo: 1\n";
    const auto bad = store->load();
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().at(0).to_string(), file.path() + ":14: foo: not known in this version");
    std::ofstream(file.path()) << edited({});
    EXPECT_EQ(store->load().value().snapshot->version, 2U);
}

}  // namespace
}  // namespace causeway::test
