#pragma once

#include "causeway/store/store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

namespace causeway::test {

/// A good file, a line a string, so that a test can name the line it breaks.
inline std::vector<std::string> good_lines() {
    return {
        /*  1 */ "node: n1",
        /*  2 */ "interfaces:",
        /*  3 */
        "  - {name: in, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10000-10999}",
        /*  4 */
        "  - {name: out, side: livekit, bind: 127.0.0.2, sip: [udp:5080], rtp_ports: 11000-11999}",
        /*  5 */ "carriers:",
        /*  6 */ "  - {name: one, sources: [10.0.1.10/32]}",
        /*  7 */ "  - {name: two, sources: [10.0.2.0/24]}",
        /*  8 */ "gateway_groups:",
        /*  9 */ "  - {id: 1, name: main, gateways: [{uri: \"sip:127.0.0.20:5060\"}]}",
        /* 10 */ "tenants:",
        /* 11 */ "  - {id: alpha, domain: alpha.example, dids: [\"+4930111\", \"+49302*\"]}",
        /* 12 */ "  - {id: beta, domain: beta.example, dids: [\"+49302999\"]}",
        /* 13 */ "cdr: {file: /tmp/causeway-test.jsonl}",
    };
}

/// One line of the good file (1-based) replaced; the text may hold several lines.
struct Edit {
    std::size_t line;
    std::string text;
};

inline std::string edited(std::initializer_list<Edit> edits) {
    auto lines = good_lines();
    for (const Edit& edit : edits) {
        lines.at(edit.line - 1) = edit.text;
    }
    std::string text;
    for (const std::string& line : lines) {
        text += line + "\n";
    }
    return text;
}

using Loaded = Result<config::Configuration, std::vector<config::Problem>>;

/// A file that is gone with the object.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text)
        : path_(testing::TempDir() + "causeway-store-" + std::to_string(getpid()) + ".yaml") {
        std::ofstream(path_, std::ios::binary) << text;
    }
    ~TemporaryFile() { unlink(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// Loads this text, without asking the host unless told to.
inline Loaded load(const std::string& text, store::Layer layer = store::Layer::File) {
    const TemporaryFile file(text);
    return store::make_yaml_store({file.path(), layer, {}})->load();
}

/// `LINE: message` of every problem, warnings marked.
inline std::vector<std::string> told(const std::vector<config::Problem>& problems) {
    std::vector<std::string> all;
    for (const config::Problem& problem : problems) {
        const bool is_warning = problem.severity == config::Severity::Warning;
        all.push_back(std::to_string(problem.line) + ": " + (is_warning ? "warning: " : "") +
                      problem.message);
    }
    return all;
}

inline std::vector<std::string> problems_of(const std::string& text,
                                            store::Layer layer = store::Layer::File) {
    const auto loaded = load(text, layer);
    return told(loaded ? loaded->warnings : loaded.error());
}

/// A broken file and all that is said about it.
struct Row {
    const char* name;
    std::initializer_list<Edit> edits;
    std::vector<std::string> want;
};

template <std::size_t N>
void expect_problems(const Row (&rows)[N]) {
    for (const Row& row : rows) {
        EXPECT_EQ(problems_of(edited(row.edits)), row.want) << row.name;
    }
}

}  // namespace causeway::test
