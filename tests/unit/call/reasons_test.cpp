#include "causeway/call/reasons.hpp"

#include "support/reference/reference.hpp"

#include "causeway/call/outcome.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace causeway::call {
namespace {

const std::string kSource = CAUSEWAY_SOURCE_DIR;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The source text of every stage that gives a reason; without what only lists or translates them.
std::string stages_text() {
    std::string all;
    for (const char* module :
         {"admission", "normalize", "tenant", "routing", "intake", "call", "b2bua", "app"}) {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(kSource + "/src/" + module)) {
            const std::string name = entry.path().filename();
            const bool is_list =
                name == "reasons.cpp" || name == "reply.cpp" || name == "sentence.cpp";
            if (name.ends_with(".cpp") && !is_list) {
                all += text_of(entry.path());
            }
        }
    }
    return all;
}

/// What stands in quotation marks where a verdict or an outcome is made.
std::set<std::string> said_in(const std::string& text) {
    const std::regex places(
        R"re((?:Stage::\w+,|refuse\(\d+,|Cause::\w+, By::\w+, \d+,|sip::status\(\d+\),|)re"
        R"re(end_attempt\(\w+,|std::string_view reason =|hang_up_all\(|kReason =|)re"
        R"re(by_peer \? std::string_view\(event\.status\.reason\) :))re"
        R"re(\s*(?:[\w.:()]+\s*(?:==\s*[\w:]+)?\s*\?\s*)?"([a-z_]+)"(?:\s*:\s*"([a-z_]+)")?)re");
    std::set<std::string> tokens;
    for (auto hit = std::sregex_iterator(text.begin(), text.end(), places);
         hit != std::sregex_iterator(); ++hit) {
        tokens.insert((*hit)[1]);
        if ((*hit)[2].matched) {
            tokens.insert((*hit)[2]);
        }
    }
    return tokens;
}

TEST(Reasons, HaveTheCodeThatFollowsFromTheToken) {
    std::set<std::string_view> codes;
    for (const Reason& reason : reasons()) {
        std::string code = "CW-";
        for (const char c : reason.token) {
            code.push_back(c == '_' ? '-' : static_cast<char>(c - 'a' + 'A'));
        }
        EXPECT_EQ(reason.code, code);
        EXPECT_TRUE(codes.insert(reason.code).second) << reason.code << " stands twice";
        EXPECT_TRUE(reason.meaning.ends_with('.') && reason.remedy.ends_with('.')) << reason.code;
    }
}

TEST(Reasons, AreFoundByTokenAndByCodeInAnyCase) {
    const Reason* const reason = find_reason("unknown_did");
    ASSERT_NE(reason, nullptr);
    EXPECT_EQ(find_reason("CW-UNKNOWN-DID"), reason);
    EXPECT_EQ(find_reason("cw-unknown-did"), reason);
    EXPECT_EQ(find_reason("UNKNOWN-DID"), reason);
    EXPECT_EQ(find_reason("CW-UNKNOWN"), nullptr);
    EXPECT_EQ(find_reason("CW-"), nullptr);
    EXPECT_EQ(find_reason(""), nullptr);
    EXPECT_EQ(code_of("unknown_did"), "CW-UNKNOWN-DID");
    EXPECT_EQ(code_of("answered"), "");
}

TEST(Reasons, AreThoseOfTheContract) {
    const std::string contract = text_of(kSource + "/docs/PRODUCT.md");
    const std::size_t from = contract.find("| stage | reason");
    const std::string table = contract.substr(from, contract.find("\n\n", from) - from);
    const std::regex row(R"(\| (\w+) \|([^\n]*)\|)");
    const std::regex token("`([a-z_]+)`");
    std::set<std::string> expected;
    for (auto line = std::sregex_iterator(table.begin(), table.end(), row);
         line != std::sregex_iterator(); ++line) {
        const std::string cell = (*line)[2];
        for (auto hit = std::sregex_iterator(cell.begin(), cell.end(), token);
             hit != std::sregex_iterator(); ++hit) {
            expected.insert((*line)[1].str() + " " + (*hit)[1].str());
        }
    }
    std::set<std::string> here;
    for (const Reason& reason : reasons()) {
        here.insert(std::string(reason.stage) + " " + std::string(reason.token));
    }
    EXPECT_GT(expected.size(), 30U);
    EXPECT_EQ(here, expected);
}

TEST(Reasons, HoldEverythingThatTheStagesSayAndNothingElse) {
    const std::string text = stages_text();
    for (const std::string& token : said_in(text)) {
        const bool is_no_reason = token == "answered";  // of an attempt that went well
        EXPECT_TRUE(is_no_reason || find_reason(token) != nullptr)
            << token << " is in no row of the table";
    }
    for (const Reason& reason : reasons()) {
        const bool is_said = text.find('"' + std::string(reason.token) + '"') != std::string::npos;
        EXPECT_EQ(is_said, reason.since == Since::Now)
            << reason.token << (is_said ? " is said" : " is never said");
    }
}

TEST(Reasons, AreWrittenDown) {
    EXPECT_EQ(text_of(kSource + "/docs/REASONS.md"), test::reasons_reference())
        << "cmake --build DIR --target reference";
}

TEST(Reasons, OfACallAreThoseThatASnapshotMayName) {
    for (const Reason& reason : reasons()) {
        const bool is_of_calls = reason.stage == "call" || reason.stage == "end";
        EXPECT_EQ(reason_token(reason.token), is_of_calls ? reason.token : "");
    }
}

}  // namespace
}  // namespace causeway::call
