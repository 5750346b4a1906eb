#include "causeway/telemetry/watch.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::telemetry {
namespace {

using port::Trouble;

/// A daemon in good health, and a look at it whenever a test says so.
class Looks : public ::testing::Test {
protected:
    Looks() {
        report.max_calls = 100;
        report.ports = {{"in", sip::Side::Carrier, 0, 50, 0},
                        {"out", sip::Side::Livekit, 0, 20, 0},
                        {"more", sip::Side::Livekit, 0, 30, 0}};
        process.max_descriptors = 1000;
        process.descriptors = 50;
    }
    /// What is raised after one more look, as `CODE` or `CODE subject`.
    std::vector<std::string> look(Millis later = Millis{1000}) {
        now += later;
        watch.look(report, process, now, conditions);
        std::vector<std::string> list;
        for (const port::Condition& each : conditions.active()) {
            list.emplace_back(port::kind_of(each.trouble).code);
            if (!each.subject.empty()) {
                list.back().append(" ").append(each.subject);
            }
        }
        std::sort(list.begin(), list.end());
        return list;
    }

    using List = std::vector<std::string>;
    port::Report report;
    Process process;
    Conditions conditions;
    Watch watch;
    WallTime now{1'700'000'000'000};
};

TEST_F(Looks, FindNothingWhereNothingIsWrong) {
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, FindPortsThatRunLowBetweenTwoLevels) {
    report.ports[0].in_use = 44;
    EXPECT_EQ(look(), List{});
    report.ports[0].in_use = 45;  // 90 %
    EXPECT_EQ(look(), List{"CW-PORTS-LOW in"});
    EXPECT_EQ(conditions.active()[0].detail, "45 of 50");
    report.ports[0].in_use = 41;
    EXPECT_EQ(look(), List{"CW-PORTS-LOW in"}) << "82 %: not yet";
    report.ports[0].in_use = 40;  // 80 %
    EXPECT_EQ(look(), List{});
    report.ports[0].in_use = 44;
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, FindNoPortsWhenAWholeSideHasNone) {
    report.ports[1].in_use = 20;
    EXPECT_EQ(look(), List{"CW-PORTS-LOW out"}) << "the other livekit-side interface has some";
    report.ports[2].in_use = 30;
    EXPECT_EQ(look(), (List{"CW-NO-PORTS livekit", "CW-PORTS-LOW more", "CW-PORTS-LOW out"}));
    report.ports[2].in_use = 28;  // 48 of 50
    EXPECT_EQ(look(), (List{"CW-NO-PORTS livekit", "CW-PORTS-LOW more", "CW-PORTS-LOW out"}));
    report.ports[2].in_use = 27;  // 47 of 50
    EXPECT_EQ(look(), (List{"CW-PORTS-LOW more", "CW-PORTS-LOW out"}));
}

TEST_F(Looks, FindTheLastOfAFewPortsFreeAgain) {
    report.ports = {{"in", sip::Side::Carrier, 1, 1, 0}, {"out", sip::Side::Livekit, 0, 9, 0}};
    EXPECT_EQ(look(), (List{"CW-NO-PORTS carrier", "CW-PORTS-LOW in"}));
    report.ports[0].in_use = 0;
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, FindCallsNearTheirNumber) {
    report.calls = 90;
    EXPECT_EQ(look(), List{"CW-CAPACITY-LOW"});
    report.calls = 100;
    EXPECT_EQ(look(), (List{"CW-CAPACITY-LOW", "CW-NO-CAPACITY"}));
    report.calls = 96;
    EXPECT_EQ(look(), (List{"CW-CAPACITY-LOW", "CW-NO-CAPACITY"}));
    report.calls = 95;
    EXPECT_EQ(look(), List{"CW-CAPACITY-LOW"});
    report.calls = 80;
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, FindDescriptorsNearTheirLimit) {
    process.descriptors = 899;
    EXPECT_EQ(look(), List{});
    process.descriptors = 900;
    EXPECT_EQ(look(), List{"CW-DESCRIPTORS-LOW"});
    process.descriptors = 996;
    EXPECT_EQ(look(), (List{"CW-DESCRIPTORS-LOW", "CW-NO-DESCRIPTORS"})) << "no call fits";
    process.descriptors = 800;
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, FindAFileThatTakesNoRecords) {
    report.cdrs_writable = false;
    EXPECT_EQ(look(), List{"CW-CDR-UNWRITABLE"});
    report.cdrs_lost = 1;
    EXPECT_EQ(look(), (List{"CW-CDR-LOST", "CW-CDR-UNWRITABLE"}));
    report.cdrs_writable = true;
    EXPECT_EQ(look(), List{"CW-CDR-LOST"});
    EXPECT_EQ(look(Watch::kQuiet - Millis{2000}), List{"CW-CDR-LOST"});
    EXPECT_EQ(look(), List{}) << "five minutes after the last one";
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, RenewWhatIsLostAgain) {
    report.log_lines_lost = 5;
    EXPECT_EQ(look(), List{"CW-LOG-LOST"});
    report.log_lines_lost = 6;
    EXPECT_EQ(look(Watch::kQuiet), List{"CW-LOG-LOST"});
    EXPECT_EQ(conditions.active()[0].detail, "6 since start");
    EXPECT_EQ(look(Watch::kQuiet - Millis{1}), List{"CW-LOG-LOST"});
    EXPECT_EQ(look(Millis{1}), List{});
}

TEST_F(Looks, FindADrain) {
    report.phase = port::Phase::Draining;
    EXPECT_EQ(look(), List{"CW-DRAINING"});
    report.phase = port::Phase::Ending;
    EXPECT_EQ(look(), List{"CW-DRAINING"});
    report.phase = port::Phase::Serving;
    EXPECT_EQ(look(), List{});
}

TEST_F(Looks, FindAFileThatIsNotInForce) {
    report.reload_problem = "x.yaml:3: no";
    EXPECT_EQ(look(), List{"CW-RELOAD-REFUSED"});
    EXPECT_EQ(conditions.active()[0].detail, "x.yaml:3: no");
    report.reload_problem.clear();
    EXPECT_EQ(look(), List{});
}

}  // namespace
}  // namespace causeway::telemetry
