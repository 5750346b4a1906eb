#include "causeway/tenant/directory.hpp"

#include <gtest/gtest.h>

namespace causeway::tenant {
namespace {

TEST(TenantDirectory, PrefersExactThenTheLongestPattern) {
    Directory directory;
    const TenantId wide = directory.add("wide", {});
    const TenantId narrow = directory.add("narrow", {});
    const TenantId exact = directory.add("exact", {});
    ASSERT_TRUE(directory.own(wide, "+49*"));
    ASSERT_TRUE(directory.own(narrow, "+4930*"));
    ASSERT_TRUE(directory.own(exact, "+4930123"));
    struct Row {
        const char* name;
        const char* number;
        std::optional<TenantId> want;
    };
    const Row rows[] = {
        {.name = "exact", .number = "+4930123", .want = exact},
        {.name = "longer than the exact one", .number = "+49301234", .want = narrow},
        {.name = "the pattern's own digits", .number = "+4930", .want = narrow},
        {.name = "only in the wide one", .number = "+4931", .want = wide},
        {.name = "shorter than every pattern", .number = "+4", .want = std::nullopt},
        {.name = "elsewhere", .number = "+33123", .want = std::nullopt},
        {.name = "nothing", .number = "", .want = std::nullopt},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(directory.owner(row.number), row.want) << row.name;
    }
}

TEST(TenantDirectory, LetsAStarAloneMatchEverything) {
    Directory directory;
    const TenantId all = directory.add("all", {});
    ASSERT_TRUE(directory.own(all, "*"));
    EXPECT_EQ(directory.owner("anything"), all);
    EXPECT_EQ(directory.owner(""), all);
}

TEST(TenantDirectory, KeepsTheFirstOwner) {
    Directory directory;
    const TenantId first = directory.add("first", {"first.example"});
    const TenantId second = directory.add("second", {"first.example", "second.example"});
    EXPECT_TRUE(directory.own(first, "+4930123"));
    EXPECT_FALSE(directory.own(second, "+4930123"));
    EXPECT_TRUE(directory.own(first, "+4931*"));
    EXPECT_FALSE(directory.own(second, "+4931*"));
    EXPECT_TRUE(directory.own(second, "+4931"));  // exact beside the pattern: another thing
    EXPECT_EQ(directory.owner("+4930123"), first);
    EXPECT_EQ(directory.owner("+49311"), first);
    EXPECT_EQ(directory.by_domain("first.example"), first);
    EXPECT_EQ(directory.by_domain("second.example"), second);
    EXPECT_EQ(directory.by_domain(""), std::nullopt);
}

TEST(TenantDirectory, CountsIdsFromOneAndKeepsTheFirstDomain) {
    Directory directory;
    const TenantId first = directory.add("first", {"a.example", "b.example"});
    const TenantId second = directory.add("second", {});
    EXPECT_EQ(directory.size(), 2U);
    EXPECT_EQ(directory.get(first), (Tenant{TenantId{1}, "first", "a.example", true}));
    EXPECT_EQ(directory.get(second), (Tenant{TenantId{2}, "second", "", true}));
}

TEST(TenantDirectory, AcceptsOwnNumbersOrAnyThatNobodyOwns) {
    Directory directory;
    const TenantId owner = directory.add("owner", {});
    const TenantId open = directory.add("open", {});
    const TenantId closed = directory.add("closed", {});
    ASSERT_TRUE(directory.own(owner, "+4930*"));
    directory.takes_any(open);
    EXPECT_TRUE(directory.accepts(owner, "+49301"));
    EXPECT_FALSE(directory.accepts(owner, "+4931"));
    EXPECT_TRUE(directory.accepts(open, "+4931"));
    EXPECT_FALSE(directory.accepts(open, "+49301"));
    EXPECT_FALSE(directory.accepts(closed, "+4931"));
}

}  // namespace
}  // namespace causeway::tenant
