// Whole calls through the running daemon: our carrier on one side, a scripted LiveKit on the other,
// real sockets and real audio between them.
#include "integration/calls.hpp"

#include <string>
#include <string_view>

namespace causeway::testing {
namespace {

bool has(const std::string& line, std::string_view text) {
    return line.find(text) != std::string::npos;
}

TEST_F(Calls, AreAnsweredHeardAndRecorded) {
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hear(Millis{2000});
    carrier->bye(SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(1));
    // The record may be read before the answer that left ahead of it.
    bench.loop().run(Millis{3000}, [&] { return carrier->status_of("BYE") != 0; });
    EXPECT_EQ(carrier->status_of("BYE"), 200);

    const RtpFacts near = carrier->audio().facts();
    const RtpFacts far = livekits[0]->audio()->facts();
    EXPECT_EQ(near.lost + far.lost, 0U);
    EXPECT_GE(near.received + 3, far.sent);
    EXPECT_GE(far.received + 3, near.sent);
    EXPECT_EQ(near.alien + far.alien, 0U);
    EXPECT_NEAR(tone_level(carrier->audio().heard()), -13.0, 0.2);
    EXPECT_NEAR(tone_level(livekits[0]->audio()->heard()), -10.0, 0.2);

    const std::string cdr = bench.cdrs().front();
    EXPECT_TRUE(has(cdr, "\"cause\":\"success\"")) << cdr;
    EXPECT_TRUE(has(cdr, "\"side\":\"a\"")) << cdr;
    EXPECT_TRUE(has(cdr, "\"to\":\"+49301234567\"")) << cdr;
    EXPECT_TRUE(has(cdr, livekits[0]->ended().front().scl_id)) << cdr;
    EXPECT_TRUE(has(cdr, carrier->call_id())) << cdr;
    EXPECT_TRUE(livekits[0]->ended().front().acked);
}

/// The family of each side.
class CallsOfFamilies : public Calls,
                        public ::testing::WithParamInterface<std::pair<IpAddress, IpAddress>> {};

TEST_P(CallsOfFamilies, AreAnsweredHeardAndEnded) {
    const auto& [carriers, gateways] = GetParam();
    options.gateways.push_back(add_livekit(gateways));
    if (!carriers.is_v4()) {
        options.carrier = carriers;
        options.carrier_listener = *DaemonBench::unused(carriers);
    }
    if (!gateways.is_v4()) {
        options.livekit_listener = *DaemonBench::unused(gateways);
    }
    ASSERT_NO_FATAL_FAILURE(start_daemon());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    EXPECT_EQ(carrier->remote_sdp()->rtp()->ip, bench.listener().ip);
    EXPECT_EQ(carrier->remote_sdp()->address_type, carriers.is_v4() ? "IP4" : "IP6");
    const std::string invite = livekits[0]->live().front().invite;
    EXPECT_TRUE(has(invite, gateways.is_v4() ? "c=IN IP4 127." : "c=IN IP6 ::1\r\n")) << invite;
    hear(Millis{1000});
    carrier->reinvite("sendrecv", SocketLoop::now());
    bench.loop().run(Millis{2000}, [&] { return carrier->is_quiet(); });
    EXPECT_EQ(carrier->status_of("INVITE"), 200);
    carrier->bye(SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(1));
    bench.loop().run(Millis{3000}, [&] { return carrier->status_of("BYE") != 0; });
    EXPECT_EQ(carrier->status_of("BYE"), 200);
    EXPECT_NEAR(tone_level(carrier->audio().heard()), -13.0, 0.2);
    EXPECT_NEAR(tone_level(livekits[0]->audio()->heard()), -10.0, 0.2);
    EXPECT_EQ(carrier->audio().facts().lost + livekits[0]->audio()->facts().lost, 0U);
    EXPECT_TRUE(livekits[0]->ended().front().acked);
    EXPECT_TRUE(has(bench.cdrs().front(), "\"cause\":\"success\"")) << bench.cdrs().front();
}

INSTANTIATE_TEST_SUITE_P(
    Ipv6, CallsOfFamilies,
    ::testing::Values(std::pair(*IpAddress::parse("::1"), *IpAddress::parse("::1")),
                      std::pair(*IpAddress::parse("::1"), IpAddress::v4(127, 0, 0, 20)),
                      std::pair(IpAddress::v4(127, 0, 0, 20), *IpAddress::parse("::1"))));

/// 38 calls of four descriptors each and 168 for everything else are 320. Of the soft limit alone
/// there would not be one.
TEST_F(Calls, AreAsManyAsTheHardLimitOfDescriptorsAllows) {
    options.gateways.push_back(add_livekit());
    options.descriptors = "128:320";
    ASSERT_NO_FATAL_FAILURE(start_daemon());
    EXPECT_TRUE(bench.loop().run(Millis{3000}, [&] { return has(bench.log(), "ready"); }));
    EXPECT_TRUE(has(bench.log(), "max_calls=38")) << bench.log();
    EXPECT_TRUE(has(bench.log(), "bound_by=descriptors")) << bench.log();
}

TEST_F(Calls, HideTheCarrierFromLivekit) {
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hear(Millis{300});
    const std::string invite = livekits[0]->live().front().invite;
    const std::string carrier_ip = bench.carrier_ip().to_string();
    EXPECT_FALSE(has(invite, carrier_ip)) << invite;
    EXPECT_FALSE(has(invite, carrier->call_id())) << invite;
    EXPECT_TRUE(has(invite, "To: <sip:+49301234567@")) << invite;
    EXPECT_TRUE(has(invite, "X-Tenant-ID: demo\r\n")) << invite;
    EXPECT_TRUE(has(invite, "X-Original-To: 0301234567\r\n")) << invite;
    EXPECT_LT(invite.size(), 1300U);
    EXPECT_EQ(livekits[0]->oversize(), 0U);
    carrier->bye(SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(1));
    const Step* ok = carrier->ladder().find(Way::In, "SIP/2.0 200");
    EXPECT_FALSE(has(ok->bytes, "127.0.0.20")) << ok->bytes;
    EXPECT_FALSE(has(ok->bytes, "SCL_")) << ok->bytes;
}

TEST_F(Calls, EndWhenLivekitHangsUp) {
    ASSERT_NO_FATAL_FAILURE(start());
    Behaviour how = Behaviour::answer(Millis{50});
    how.hang_up_after = Millis{500};
    livekits[0]->script("+49301234567", how);
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_TRUE(carrier->bye_received());
    ASSERT_TRUE(wait_for_cdrs(1));
    EXPECT_TRUE(livekits[0]->ended().front().bye_answered);
    EXPECT_TRUE(has(bench.cdrs().front(), "\"side\":\"b\"")) << bench.cdrs().front();
}

TEST_F(Calls, AreCancelledOnBothLegs) {
    ASSERT_NO_FATAL_FAILURE(start());
    livekits[0]->script("+49301234567", Behaviour::ring());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Ringing));
    carrier->cancel(SocketLoop::now());
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_EQ(carrier->final_status(), 487);
    ASSERT_TRUE(wait_for_cdrs(1));
    bench.loop().run(Millis{1000}, [&] { return !livekits[0]->ended().empty(); });
    ASSERT_FALSE(livekits[0]->ended().empty());
    EXPECT_EQ(livekits[0]->ended().front().phase, LivekitCall::Phase::Cancelled);
    EXPECT_TRUE(has(bench.cdrs().front(), "\"reason\":\"cancelled\"")) << bench.cdrs().front();
}

TEST_F(Calls, RelayOneRingingOfMany) {
    ASSERT_NO_FATAL_FAILURE(start());
    livekits[0]->script("+49301234567", Behaviour::answer(Millis{2300}));
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    EXPECT_EQ(livekits[0]->ladder().count(Way::Out, "SIP/2.0 180"), 3U);
    EXPECT_EQ(carrier->ladder().count(Way::In, "SIP/2.0 180"), 1U);
    carrier->bye(SocketLoop::now());
    EXPECT_TRUE(wait_for_cdrs(1));
}

TEST_F(Calls, ThatLivekitDropsGetAFinalAnswer) {
    ASSERT_NO_FATAL_FAILURE(start(1, "call: {livekit_silence: 1500ms}"));
    livekits[0]->script("+49301234567", Behaviour::drop());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_EQ(carrier->final_status(), 480);
    ASSERT_TRUE(wait_for_cdrs(1));
    EXPECT_TRUE(has(bench.cdrs().front(), "livekit_silence")) << bench.cdrs().front();
    EXPECT_TRUE(has(bench.cdrs().front(), "\"cause\":\"upstream\"")) << bench.cdrs().front();
}

TEST_F(Calls, GoToTheNextGatewayWhenTheFirstIsDead) {
    ASSERT_NO_FATAL_FAILURE(start(2, "call: {no_response: 500ms}"));
    livekits[0]->set_dead(true);
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    EXPECT_EQ(livekits[1]->live().size(), 1U);
    carrier->bye(SocketLoop::now());
    ASSERT_TRUE(wait_for_cdrs(1));
    EXPECT_TRUE(has(bench.cdrs().front(), "\"gateway\":\"default/gw1\"")) << bench.cdrs().front();
    EXPECT_TRUE(has(bench.cdrs().front(), "no_response")) << bench.cdrs().front();
}

TEST_F(Calls, TryTheNextGatewayUnderAnotherCallId) {
    ASSERT_NO_FATAL_FAILURE(start(2));
    livekits[0]->script("+49301234567", Behaviour::refuse(503, "Try again later"));
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    ASSERT_EQ(livekits[0]->ended().size(), 1U);
    EXPECT_NE(livekits[0]->ended()[0].call_id, livekits[1]->live()[0].call_id);
    carrier->bye(SocketLoop::now());
    EXPECT_TRUE(wait_for_cdrs(1));
}

TEST_F(Calls, AreHeldWithoutLivekitNoticing) {
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hear(Millis{300});
    carrier->reinvite("sendonly", SocketLoop::now());
    bench.loop().run(Millis{2000}, [&] { return carrier->is_quiet(); });
    EXPECT_EQ(carrier->status_of("INVITE"), 200);
    ASSERT_TRUE(carrier->remote_sdp());
    EXPECT_EQ(carrier->remote_sdp()->direction, "recvonly");
    hear(Millis{300});
    const auto held = carrier->audio().facts().received;
    hear(Millis{500});
    EXPECT_LE(carrier->audio().facts().received, held + 2) << "audio to a carrier that holds";
    carrier->reinvite("sendrecv", SocketLoop::now());
    bench.loop().run(Millis{2000}, [&] { return carrier->is_quiet(); });
    EXPECT_EQ(carrier->remote_sdp()->direction, "sendrecv");
    const auto resumed = carrier->audio().facts().received;
    hear(Millis{1000});
    EXPECT_GE(carrier->audio().facts().received, resumed + 40);
    EXPECT_EQ(livekits[0]->ladder().count(Way::In, "INVITE "), 1U);
    carrier->bye(SocketLoop::now());
    EXPECT_TRUE(wait_for_cdrs(1));
}

TEST_F(Calls, FromStrangersGetNoAnswer) {
    ASSERT_NO_FATAL_FAILURE(start());
    UserAgent stranger(carrier_options(IpAddress::v4(127, 0, 0, 66)));
    join(stranger);
    call(stranger);
    stranger.request("OPTIONS", {.target = bench.listener(), .request_uri = "sip:x"},
                     SocketLoop::now());
    hear(Millis{1200});
    EXPECT_EQ(stranger.state(), State::Calling);
    EXPECT_EQ(stranger.ladder().count(Way::In, ""), 0U);
    EXPECT_TRUE(livekits[0]->ladder().count(Way::In, "INVITE ") == 0);
}

TEST_F(Calls, ToUnknownNumbersAreRefusedAtOnce) {
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier, "04099999");
    ASSERT_TRUE(run_to(State::Ended, Millis{1000}));
    EXPECT_EQ(carrier->final_status(), 404);
    ASSERT_TRUE(wait_for_cdrs(1));
    EXPECT_TRUE(has(bench.cdrs().front(), "no_tenant")) << bench.cdrs().front();
}

TEST_F(Calls, InProgressOutliveADrain) {
    ASSERT_NO_FATAL_FAILURE(start());
    call(*carrier);
    ASSERT_TRUE(run_to(State::Confirmed));
    hear(Millis{300});
    UserAgent late(carrier_options(bench.carrier_ip()));
    join(late);
    bench.drain();
    hear(Millis{200});
    call(late);
    bench.loop().run(Millis{2000}, [&] { return late.state() == State::Ended; });
    EXPECT_EQ(late.final_status(), 503);
    EXPECT_EQ(carrier->state(), State::Confirmed);
    carrier->bye(SocketLoop::now());
    const Time ended = SocketLoop::now();
    bench.loop().run(Millis{5000}, [&] { return !bench.is_running(); });
    EXPECT_FALSE(bench.is_running());
    EXPECT_LE(SocketLoop::now() - ended, Millis{2500});
    EXPECT_EQ(bench.stop(), 0);
}

}  // namespace
}  // namespace causeway::testing
