#include "transaction/branch.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace causeway::transaction {
namespace {

std::string text_of(const Branch& branch) {
    const Branch::Characters characters = branch.text();
    return {characters.data(), characters.size()};
}

TEST(Branch, IsWrittenInFixedWidth) {
    EXPECT_EQ(text_of({0, 0}), "z9hG4bK000000000000000000000000");
    EXPECT_EQ(text_of({0xabc, 0x123456789abcdef0}), "z9hG4bK00000abc123456789abcdef0");
    EXPECT_EQ(text_of({0xffffffff, ~0ULL}), "z9hG4bKffffffffffffffffffffffff");
}

TEST(Branch, IsReadBack) {
    for (const Branch branch :
         {Branch{0, 0}, Branch{17, 0x123456789abcdef0}, Branch{0xffffffff, ~0ULL}}) {
        const auto read = Branch::parse(text_of(branch));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->slot, branch.slot);
        EXPECT_EQ(read->cookie, branch.cookie);
    }
}

TEST(Branch, RefusesWhatItDidNotWrite) {
    for (const std::string_view text :
         {"", "z9hG4bK", "z9hG4bK00000abc123456789abcdef", "z9hG4bK00000abc123456789abcdef00",
          "z9hG4bk00000abc123456789abcdef0", "z9hG4bK00000ABC123456789abcdef0",
          "z9hG4bK00000abcg23456789abcdef0", "z9hG4bK-0000abc123456789abcdef0",
          "z9hG4bK0x000abc123456789abcdef0", "x9hG4bK00000abc123456789abcdef0"}) {
        EXPECT_FALSE(Branch::parse(text)) << text;
    }
}

}  // namespace
}  // namespace causeway::transaction
