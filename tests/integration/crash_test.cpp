// SIGKILL in the middle of calls: what is left behind must not keep the next start from calls.
#include "integration/calls.hpp"
#include "integration/stream_peer.hpp"

#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::testing {
namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

class Crash : public Calls {
protected:
    UserAgent& another() {
        UserAgent& agent =
            *others.emplace_back(std::make_unique<UserAgent>(carrier_options(bench.carrier_ip())));
        join(agent);
        return agent;
    }
    bool reaches(UserAgent& agent, State state, Millis within = Millis{8000}) {
        return bench.loop().run(within, [&] { return agent.state() == state; });
    }
    void crash_and_start() {
        bench.kill();
        const auto again = bench.start(options);
        ASSERT_TRUE(again) << again.error().what;
    }

    std::vector<std::unique_ptr<UserAgent>> others;
};

TEST_F(Crash, LeavesNothingThatKeepsTheNextStartFromCalls) {
    ASSERT_NO_FATAL_FAILURE(start());
    UserAgent& done = another();
    call(done);
    ASSERT_TRUE(reaches(done, State::Confirmed));
    done.bye(SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(1));
    const std::string whole = bench.cdrs().front();

    livekits[0]->script("+49301234568", Behaviour::ring());
    UserAgent& ringing = another();
    call(ringing, "0301234568");
    ASSERT_TRUE(reaches(ringing, State::Ringing));
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hear(Millis{200});
    // Its end of this connection will wait out its time on the listener's port (RFC 9293 §3.6.1).
    StreamPeer peer = StreamPeer::connect(bench.listener(), {bench.carrier_ip(), 0});
    ASSERT_TRUE(peer.send("OPTIONS"));

    bench.kill();
    // The kernel took half of a line when the disk was full, or the machine went.
    std::ofstream(bench.directory() + "/cdr.jsonl", std::ios::app) << R"({"call_id":"0123)";
    const auto again = bench.start(options);
    ASSERT_TRUE(again) << again.error().what;

    // Whoever still believes in a call of the former process learns that it is over.
    carrier->bye(SocketLoop::now());
    EXPECT_TRUE(bench.loop().run(Millis{3000}, [&] { return carrier->is_quiet(); }));
    EXPECT_EQ(carrier->status_of("BYE"), 481);

    UserAgent& fresh = another();
    call(fresh);
    ASSERT_TRUE(reaches(fresh, State::Confirmed)) << fresh.final_status();
    const auto heard = fresh.audio().facts().received;
    hear(Millis{500});
    EXPECT_GT(fresh.audio().facts().received, heard);
    fresh.bye(SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(3));
    const std::vector<std::string> cdrs = bench.cdrs();
    EXPECT_EQ(cdrs[0], whole);
    EXPECT_EQ(cdrs[1], R"({"call_id":"0123)");
    EXPECT_TRUE(has(cdrs[2], fresh.call_id())) << cdrs[2];
    EXPECT_EQ(cdrs[2].front(), '{');
}

TEST_F(Crash, OverAndOverWithCallsUpAlwaysStartsAgain) {
    ASSERT_NO_FATAL_FAILURE(start());
    for (int round = 0; round < 5; ++round) {
        UserAgent& agent = another();
        call(agent);
        ASSERT_TRUE(reaches(agent, State::Confirmed)) << "round " << round;
        StreamPeer peer = StreamPeer::connect(bench.listener(), {bench.carrier_ip(), 0});
        ASSERT_TRUE(peer.is_open());
        ASSERT_NO_FATAL_FAILURE(crash_and_start());
    }
}

TEST_F(Crash, DismissesAGatewayThatAnswersTheFormerProcess) {
    ASSERT_NO_FATAL_FAILURE(start());
    Behaviour slow = Behaviour::answer(Millis{1500});
    livekits[0]->script("+49301234567", slow);
    call(*carrier);
    ASSERT_TRUE(run_to(State::Ringing));
    ASSERT_NO_FATAL_FAILURE(crash_and_start());
    EXPECT_TRUE(bench.loop().run(Millis{8000}, [&] { return !livekits[0]->ended().empty(); }))
        << "nobody hung up";
    EXPECT_TRUE(livekits[0]->ended().front().acked);
    EXPECT_TRUE(livekits[0]->ended().front().bye_received);
}

}  // namespace
}  // namespace causeway::testing
