#include "causeway/telemetry/conditions.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace causeway::telemetry {
namespace {

using port::Condition;
using port::Trouble;

constexpr WallTime kStart{1'700'000'000'000};

WallTime after(int seconds) {
    return kStart + std::chrono::seconds(seconds);
}

TEST(Conditions, LastFromRaiseToClear) {
    Conditions conditions;
    conditions.raise(Trouble::CdrUnwritable, {}, "disk full", after(0));
    ASSERT_EQ(conditions.active().size(), 1U);
    EXPECT_EQ(conditions.active()[0],
              (Condition{Trouble::CdrUnwritable, "", "disk full", kStart, std::nullopt, 1}));
    EXPECT_TRUE(conditions.is_active(Trouble::CdrUnwritable));
    EXPECT_TRUE(conditions.history().empty());
    conditions.clear(Trouble::CdrUnwritable, {}, after(30));
    EXPECT_TRUE(conditions.active().empty());
    EXPECT_FALSE(conditions.is_active(Trouble::CdrUnwritable));
    ASSERT_EQ(conditions.history().size(), 1U);
    EXPECT_EQ(conditions.history()[0].since, kStart);
    EXPECT_EQ(conditions.history()[0].until, after(30));
}

TEST(Conditions, RaisedAgainKeepTheirBeginning) {
    Conditions conditions;
    conditions.raise(Trouble::PortsLow, "in", "90 of 100", after(0));
    conditions.raise(Trouble::PortsLow, "in", "95 of 100", after(10));
    ASSERT_EQ(conditions.active().size(), 1U);
    EXPECT_EQ(conditions.active()[0].since, kStart);
    EXPECT_EQ(conditions.active()[0].detail, "95 of 100");
    EXPECT_EQ(conditions.active()[0].times, 1U);
}

TEST(Conditions, OfSeveralSubjectsAreSeveral) {
    Conditions conditions;
    conditions.raise(Trouble::PortsLow, "in", {}, after(0));
    conditions.raise(Trouble::PortsLow, "out", {}, after(1));
    conditions.clear(Trouble::PortsLow, "in", after(2));
    EXPECT_FALSE(conditions.is_active(Trouble::PortsLow, "in"));
    EXPECT_TRUE(conditions.is_active(Trouble::PortsLow, "out"));
}

TEST(Conditions, ClearedWithoutBeingRaisedLeaveNothing) {
    Conditions conditions;
    conditions.clear(Trouble::LogLost, {}, after(0));
    EXPECT_TRUE(conditions.history().empty());
}

TEST(Conditions, ThatComeAndGoAreOneEpisode) {
    Conditions conditions;
    for (int i = 0; i < 50; ++i) {
        conditions.raise(Trouble::CapacityLow, {}, {}, after(20 * i));
        conditions.clear(Trouble::CapacityLow, {}, after(20 * i + 10));
    }
    ASSERT_EQ(conditions.history().size(), 1U);
    EXPECT_EQ(conditions.history()[0].times, 50U);
    EXPECT_EQ(conditions.history()[0].since, kStart);
    conditions.raise(Trouble::CapacityLow, {}, {}, after(20 * 49 + 10 + 59));
    EXPECT_EQ(conditions.active()[0].times, 51U) << "within a minute";
    conditions.clear(Trouble::CapacityLow, {}, after(2000));
    conditions.raise(Trouble::CapacityLow, {}, {}, after(2060));
    EXPECT_EQ(conditions.active()[0].times, 1U) << "after a minute it is another one";
    EXPECT_EQ(conditions.active()[0].since, after(2060));
    EXPECT_EQ(conditions.history().size(), 1U);
}

TEST(Conditions, ForgetTheOldestOfTheirHistory) {
    Conditions conditions;
    const int count = static_cast<int>(Conditions::kHistory) + 20;
    for (int i = 0; i < count; ++i) {
        conditions.raise(Trouble::ReloadRefused, {}, std::to_string(i), after(100 * i));
        conditions.clear(Trouble::ReloadRefused, {}, after(100 * i + 1));
    }
    const auto history = conditions.history();
    ASSERT_EQ(history.size(), Conditions::kHistory);
    EXPECT_EQ(history.front().detail, std::to_string(count - 1)) << "the newest first";
    EXPECT_EQ(history.back().detail, "20");
}

TEST(Conditions, StandByWeightThenByAge) {
    Conditions conditions;
    conditions.raise(Trouble::Draining, {}, {}, after(9));
    conditions.raise(Trouble::PortsLow, "old", {}, after(1));
    conditions.raise(Trouble::PortsLow, "new", {}, after(2));
    conditions.raise(Trouble::CdrUnwritable, {}, {}, after(0));
    const auto list = conditions.active();
    ASSERT_EQ(list.size(), 4U);
    EXPECT_EQ(list[0].trouble, Trouble::CdrUnwritable);
    EXPECT_EQ(list[1].subject, "new");
    EXPECT_EQ(list[2].subject, "old");
    EXPECT_EQ(list[3].trouble, Trouble::Draining);
}

TEST(Troubles, HaveCodesOfTheirOwnThatPeopleCanRead) {
    std::set<std::string_view> codes;
    for (const port::TroubleKind& kind : port::troubles()) {
        EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
        EXPECT_EQ(kind.code.substr(0, 3), "CW-");
        EXPECT_EQ(kind.code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ-"), std::string::npos);
        EXPECT_FALSE(kind.affects.empty());
        EXPECT_EQ(kind.next.back(), '.');
        EXPECT_EQ(port::find_trouble(kind.code), &kind);
        EXPECT_EQ(&port::kind_of(kind.trouble), &kind);
    }
    EXPECT_EQ(port::find_trouble("CW-NONE"), nullptr);
}

/// PRODUCT §2 says what makes `/readyz` 503; nothing else may.
TEST(Troubles, ThatMakeUnreadyAreThoseOfTheContract) {
    std::set<Trouble> unready;
    for (const port::TroubleKind& kind : port::troubles()) {
        if (kind.readiness == port::Readiness::Unready) {
            unready.insert(kind.trouble);
        }
    }
    EXPECT_EQ(unready,
              (std::set<Trouble>{Trouble::Draining, Trouble::CdrUnwritable, Trouble::NoPorts,
                                 Trouble::NoDescriptors, Trouble::NoCapacity}));
}

TEST(Troubles, AreListedInTheDocumentation) {
    std::ifstream file(std::string(CAUSEWAY_SOURCE_DIR) + "/docs/METRICS.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::string rows;
    for (const port::TroubleKind& kind : port::troubles()) {
        rows.append("| `").append(kind.code).append("` | ").append(to_string(kind.severity));
        rows.append(kind.readiness == port::Readiness::Unready ? " | yes | " : " | no | ");
        rows.append(kind.affects).append(" | ").append(kind.next).append(" |\n");
    }
    EXPECT_NE(text.find(rows), std::string::npos) << "docs/METRICS.md should say:\n" << rows;
}

}  // namespace
}  // namespace causeway::telemetry
