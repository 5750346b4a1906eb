// SIGHUP, SIGTERM and SIGKILL on the running daemon, with calls up.
#include "integration/calls.hpp"
#include "integration/notify_socket.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::testing {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

class Reloads : public Calls {
protected:
    void SetUp() override {
        notify.emplace(bench.directory() + "/notify");
        options.environment = {"NOTIFY_SOCKET=" + notify->path()};
    }
    /// What the service manager has heard, when it has heard as much.
    std::vector<std::string> heard(std::size_t messages) {
        bench.loop().run(Millis{15'000}, [&] { return notify->messages().size() >= messages; });
        return notify->messages();
    }
    /// A live call, `agent`'s, that has been heard.
    void establish(UserAgent& agent) {
        call(agent);
        ASSERT_TRUE(
            bench.loop().run(Millis{8000}, [&] { return agent.state() == State::Confirmed; }))
            << "status " << agent.final_status();
    }
    /// Waits for the answer to the BYE.
    void end(UserAgent& agent) {
        agent.bye(SocketLoop::now());
        EXPECT_TRUE(bench.loop().run(Millis{5000}, [&] { return agent.is_quiet(); }));
        EXPECT_EQ(agent.status_of("BYE"), 200);
    }
    UserAgent& another() {
        UserAgent& agent =
            *others.emplace_back(std::make_unique<UserAgent>(carrier_options(bench.carrier_ip())));
        join(agent);
        return agent;
    }
    int status_of_options(UserAgent& agent) {
        agent.request(
            "OPTIONS",
            {.target = bench.listener(), .request_uri = "sip:" + bench.listener().to_string()},
            SocketLoop::now());
        bench.loop().run(Millis{3000}, [&] { return agent.is_quiet(); });
        return agent.status_of("OPTIONS");
    }
    /// Until the daemon has ended: its exit status.
    int ended(Millis within) {
        EXPECT_TRUE(bench.loop().run(within, [&] { return !bench.is_running(); }));
        return bench.stop();
    }

    std::optional<NotifySocket> notify;
    std::vector<std::unique_ptr<UserAgent>> others;
};

TEST_F(Reloads, GiveNewCallsTheNewFileAndLiveOnesTheirOwn) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    options.gateways = {add_livekit()};
    bench.write(options);
    bench.hang_up();
    ASSERT_TRUE(bench.await_log("reload.applied version=2"));
    UserAgent& late = another();
    ASSERT_NO_FATAL_FAILURE(establish(late));
    EXPECT_EQ(livekits[1]->live().size(), 1U);
    EXPECT_EQ(livekits[0]->live().size(), 1U);
    end(late);
    end(*carrier);
    ASSERT_TRUE(wait_for_cdrs(2));
    for (const std::string& cdr : bench.cdrs()) {
        EXPECT_TRUE(has(cdr, "\"cause\":\"success\"")) << cdr;
    }
    const auto said = heard(3);
    ASSERT_EQ(said.size(), 3U);
    EXPECT_EQ(said[0], "READY=1");
    EXPECT_TRUE(has(said[1], "RELOADING=1\nMONOTONIC_USEC=")) << said[1];
    EXPECT_TRUE(has(said[2], "READY=1\nSTATUS=configuration 2")) << said[2];
}

TEST_F(Reloads, AreRefusedWhole) {
    ASSERT_NO_FATAL_FAILURE(start());
    DaemonBench::Options other = options;
    other.gateways = {add_livekit()};
    const std::string yaml = bench.configuration(other);
    const std::string path = bench.directory() + "/causeway.yaml";

    bench.write(yaml + "call: {ring_timeout: soon}\n");
    const auto line = std::to_string(std::count(yaml.begin(), yaml.end(), '\n') + 1);
    bench.hang_up();
    ASSERT_TRUE(bench.await_log("reload.refused problems=1 in_force=1"));
    EXPECT_TRUE(has(bench.log(), path + ":" + line + ": call.ring_timeout: "));

    std::string renamed = yaml;
    renamed.replace(renamed.find("node: test"), 10, "node: else");
    bench.write(renamed + "media: {threads: 5}\n");
    bench.hang_up();
    ASSERT_TRUE(bench.await_log("reload.refused problems=2 in_force=1"));
    EXPECT_TRUE(has(bench.log(), path + ":1: node: needs a restart"));
    EXPECT_TRUE(has(bench.log(), path + ":" + line + ": media.threads: needs a restart"));

    fs::remove(path);
    bench.hang_up();
    ASSERT_TRUE(bench.await_log(path + ": cannot be read: No such file or directory"));

    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    EXPECT_EQ(livekits[0]->live().size(), 1U) << "the old file holds";
    end(*carrier);
    const auto said = heard(7);
    ASSERT_EQ(said.size(), 7U);
    EXPECT_TRUE(has(said[6], "READY=1\nSTATUS=configuration 1; the last reload was refused: "))
        << said[6];

    bench.write(other);
    bench.hang_up();
    ASSERT_TRUE(bench.await_log("reload.applied version=2"));
}

TEST_F(Reloads, ChangeLogRecordsAndDeadline) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    options.cdr_file = "other/calls.jsonl";
    options.extra = "log: {format: json, level: debug}\ndrain: {deadline: 300ms}";
    bench.write(options);
    bench.hang_up();
    ASSERT_TRUE(bench.await_log("\"event\":\"reload.applied\",\"version\":2"));
    bench.drain();
    EXPECT_EQ(ended(Millis{5000}), 0);
    EXPECT_TRUE(carrier->bye_received());
    EXPECT_TRUE(bench.cdrs().empty());
    ASSERT_EQ(bench.cdrs(options.cdr_file).size(), 1U);
    EXPECT_TRUE(has(bench.cdrs(options.cdr_file)[0], "\"reason\":\"drain_deadline\""));
}

TEST_F(Reloads, AreRefusedIfTheRecordsCannotBeWritten) {
    ASSERT_NO_FATAL_FAILURE(start());
    options.cdr_file = "a/b/calls.jsonl";
    bench.write(options);
    bench.hang_up();
    ASSERT_TRUE(bench.await_log("reload.refused problems=1 in_force=1"));
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    end(*carrier);
    EXPECT_TRUE(wait_for_cdrs(1));
}

TEST_F(Reloads, FiftyTimesLeaveEveryCallAlone) {
    constexpr int kReloads = 50;
    ASSERT_NO_FATAL_FAILURE(start(2));
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    const std::vector<Endpoint> both = options.gateways;
    UserAgent& busy = another();
    int placed = 0;
    for (int i = 0; i < kReloads; ++i) {
        options.gateways = {both[static_cast<std::size_t>(i) % 2]};
        options.extra = i + 1 < kReloads ? "" : "otlp: {url: \"http://127.0.0.1/\"}";
        bench.write(options);
        bench.hang_up();
        if (i % 10 == 0) {
            ASSERT_NO_FATAL_FAILURE(establish(busy));
            end(busy);
            ++placed;
        } else {
            hear(Millis{5});
        }
    }
    ASSERT_NO_FATAL_FAILURE(establish(busy));
    end(busy);
    end(*carrier);
    EXPECT_TRUE(wait_for_cdrs(static_cast<std::size_t>(placed) + 2));

    // However many were gathered into one, the last file is in force: the one that is warned of.
    ASSERT_TRUE(bench.await_log("otlp: no effect in this version"));
    bench.loop().run(Millis{15'000}, [&] {
        const auto& said = notify->messages();
        return !said.empty() && has(said.back(), "READY=1\nSTATUS=");
    });
    const auto before = livekits[1]->ladder().count(Way::In, "INVITE ");
    ASSERT_NO_FATAL_FAILURE(establish(busy));
    EXPECT_EQ(livekits[1]->ladder().count(Way::In, "INVITE "), before + 1);
    end(busy);
    const std::string log = bench.log();
    EXPECT_FALSE(has(log, "reload.refused")) << log;
}

/// CPU time of the daemon's main thread so far.
std::chrono::nanoseconds spent_on_sip(pid_t pid) {
    const std::string id = std::to_string(pid);
    std::ifstream file("/proc/" + id + "/task/" + id + "/schedstat");
    std::int64_t nanoseconds = 0;
    file >> nanoseconds;
    return std::chrono::nanoseconds(nanoseconds);
}

TEST_F(Reloads, OfTenThousandNumbersCostTheSipThreadNothing) {
    constexpr int kNumbers = 10'000;
    ASSERT_NO_FATAL_FAILURE(start());
    std::ostringstream dids;
    dids << "\"+493012345*\"";
    for (int i = 0; i < kNumbers; ++i) {
        dids << ", \"+4930" << 2'000'000 + i << '"';
    }
    options.dids = dids.str();
    bench.write(options);
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    const auto before = spent_on_sip(bench.pid());
    for (std::size_t i = 1; i <= 3; ++i) {  // the second one frees such a table, too
        bench.hang_up();
        ASSERT_TRUE(bench.await_log("reload.applied", i));
    }
    // No handler can have been longer than all of them together.
    EXPECT_LT(spent_on_sip(bench.pid()) - before, std::chrono::milliseconds(50));
    EXPECT_EQ(carrier->state(), State::Confirmed);
    end(*carrier);
    UserAgent& other = another();
    call(other, "+49302000042");
    EXPECT_TRUE(bench.loop().run(Millis{8000}, [&] { return other.state() == State::Confirmed; }));
    end(other);
}

TEST_F(Reloads, OfADrainingDaemonHoldForItToo) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    bench.drain();
    ASSERT_TRUE(bench.await_log("drain calls=1"));
    options.extra = "drain: {deadline: 200ms}";
    bench.write(options);
    bench.hang_up();
    EXPECT_EQ(ended(Millis{8000}), 0);
    EXPECT_TRUE(carrier->bye_received());
    const auto said = notify->messages();
    ASSERT_EQ(said.size(), 2U) << "what stops reloads nothing for the service manager";
    EXPECT_TRUE(has(said[1], "STOPPING=1")) << said[1];
}

TEST_F(Reloads, AndAllElseLeaveTheWatchdogItsTwoSignsAnInterval) {
    options.environment.emplace_back("WATCHDOG_USEC=1000000");
    ASSERT_NO_FATAL_FAILURE(start());
    EXPECT_TRUE(bench.loop().run(Millis{15'000}, [&] {
        const auto& said = notify->messages();
        return std::count(said.begin(), said.end(), "WATCHDOG=1") >= 2;
    }));
}

using Drains = Reloads;

TEST_F(Drains, RefuseNewCallsAndProbesAndSaySo) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    UserAgent& late = another();
    EXPECT_EQ(status_of_options(late), 200);
    bench.drain();
    ASSERT_TRUE(bench.await_log("drain calls=1"));
    EXPECT_EQ(status_of_options(late), 503);
    call(late);
    bench.loop().run(Millis{3000}, [&] { return late.state() == State::Ended; });
    EXPECT_EQ(late.final_status(), 503);
    const Step* refusal = late.ladder().find(Way::In, "SIP/2.0 503");
    ASSERT_NE(refusal, nullptr);
    EXPECT_TRUE(has(refusal->bytes, "Retry-After: ")) << refusal->bytes;
    EXPECT_TRUE(has(refusal->bytes, "X-Causeway-Reason: draining")) << refusal->bytes;
    EXPECT_EQ(carrier->state(), State::Confirmed);
    end(*carrier);
    const Time last = SocketLoop::now();
    EXPECT_EQ(ended(Millis{5000}), 0);
    EXPECT_LE(SocketLoop::now() - last, Millis{2500});
    const auto said = notify->messages();
    ASSERT_EQ(said.size(), 2U);
    EXPECT_TRUE(has(said[1], "STOPPING=1")) << said[1];
}

TEST_F(Drains, EndCallsAtTheirDeadline) {
    ASSERT_NO_FATAL_FAILURE(start(1, "drain: {deadline: 500ms}"));
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    bench.drain();
    EXPECT_EQ(ended(Millis{5000}), 0);
    EXPECT_TRUE(carrier->bye_received());
    ASSERT_EQ(livekits[0]->ended().size(), 1U);
    EXPECT_TRUE(livekits[0]->ended().front().bye_received);
    ASSERT_EQ(bench.cdrs().size(), 1U);
    EXPECT_TRUE(has(bench.cdrs()[0], "\"cause\":\"indeterminate\"")) << bench.cdrs()[0];
    EXPECT_TRUE(has(bench.cdrs()[0], "\"reason\":\"drain_deadline\"")) << bench.cdrs()[0];
}

TEST_F(Drains, EndAtOnceTheSecondTime) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(establish(*carrier));
    bench.drain();
    ASSERT_TRUE(bench.await_log("drain calls=1"));
    bench.drain();
    EXPECT_EQ(ended(Millis{3000}), 0);
    EXPECT_TRUE(carrier->bye_received());
    EXPECT_EQ(bench.cdrs().size(), 1U);
}

TEST_F(Drains, EndAtOnceWithoutCalls) {
    ASSERT_NO_FATAL_FAILURE(start());
    bench.drain();
    EXPECT_EQ(ended(Millis{2000}), 0);
}

}  // namespace
}  // namespace causeway::testing
