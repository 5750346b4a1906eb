#include "support/ua/user_agent.hpp"

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/tone/tone.hpp"
#include "virtual_network.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace causeway::testing {
namespace {

const Endpoint kCarrier{IpAddress::v4(127, 0, 0, 10), 5060};
const Endpoint kLivekit{IpAddress::v4(127, 0, 0, 20), 5060};

using State = UserAgent::State;

class UserAgentCall : public ::testing::Test {
protected:
    UserAgentCall() : UserAgentCall(Behaviour::answer(Millis{30})) {}
    explicit UserAgentCall(Behaviour how)
        : ua({.sip = kCarrier,
              .rtp = {kCarrier.ip, 4000},
              .program = make_tone(kTestTone, -10.0, 8000)}),
          livekit({.sip = kLivekit,
                   .rtp_ports = {20000},
                   .media = Media::Watched,
                   .numbers = {{"+4930", std::move(how)}},
                   .program = make_tone(kTestTone, -14.0, 8000)}) {
        net.join(kCarrier, ua);
        net.join(kLivekit, livekit);
    }
    void call() { ua.call({.target = kLivekit, .request_uri = uri}, net.now()); }
    bool run_to(State state) {
        return net.run(Millis{40'000}, [&] { return ua.state() == state; });
    }

    std::string uri{"sip:+4930@127.0.0.20:5060"};
    VirtualNetwork net;
    UserAgent ua;
    FakeLivekit livekit;
};

TEST_F(UserAgentCall, IsAnsweredAndHeardBothWays) {
    call();
    ASSERT_TRUE(run_to(State::Confirmed));
    net.run(Millis{2000});
    ASSERT_EQ(livekit.live().size(), 1U);
    EXPECT_TRUE(livekit.live().front().acked);
    ua.bye(net.now());
    net.run(Millis{100});
    EXPECT_EQ(ua.status_of("BYE"), 200);
    EXPECT_TRUE(ua.is_quiet());
    ASSERT_EQ(livekit.ended().size(), 1U);
    EXPECT_TRUE(livekit.ended().front().bye_received);
    EXPECT_TRUE(livekit.live().empty());

    EXPECT_NEAR(tone_level(ua.audio().heard()), -14.0, 0.2);
    EXPECT_NEAR(tone_level(livekit.audio()->heard()), -10.0, 0.2);
    EXPECT_GE(ua.audio().facts().received, 100U);
    EXPECT_GE(livekit.audio()->facts().received, 100U);
    EXPECT_EQ(ua.audio().facts().lost + livekit.audio()->facts().lost, 0U);
}

TEST_F(UserAgentCall, SurvivesTheLossOfEveryFirstCopy) {
    std::map<std::string, int> copies;
    net.loses = [&](const Datagram& datagram) {
        const bool is_sip = datagram.to == kCarrier || datagram.to == kLivekit;
        return is_sip && ++copies[datagram.bytes] == 1;
    };
    call();
    ASSERT_TRUE(run_to(State::Confirmed));
    net.run(Millis{3000});
    EXPECT_TRUE(livekit.live().front().acked);
    ua.bye(net.now());
    net.run(Millis{5000});
    EXPECT_EQ(ua.status_of("BYE"), 200);
    EXPECT_GE(ua.ladder().count(Way::Out, "INVITE "), 2U);
    EXPECT_GE(ua.ladder().count(Way::Out, "ACK "), 2U);
    EXPECT_EQ(livekit.ended().size(), 1U);
}

TEST_F(UserAgentCall, GivesUpAfterTimerB) {
    livekit.set_dead(true);
    call();
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_EQ(ua.final_status(), 408);
    EXPECT_EQ(net.now(), Time{} + Millis{32'000});
    EXPECT_EQ(ua.ladder().count(Way::Out, "INVITE "), 7U);  // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s
}

TEST_F(UserAgentCall, HoldsAndResumes) {
    call();
    ASSERT_TRUE(run_to(State::Confirmed));
    net.run(Millis{100});
    ua.reinvite("inactive", net.now());
    net.run(Millis{100});
    EXPECT_EQ(ua.status_of("INVITE"), 200);
    const auto held = ua.audio().facts().sent;
    net.run(Millis{1000});
    EXPECT_EQ(ua.audio().facts().sent, held);
    ua.reinvite("sendrecv", net.now());
    net.run(Millis{1000});
    EXPECT_GE(ua.audio().facts().sent, held + 45);
    EXPECT_EQ(ua.ladder().count(Way::Out, "ACK "), 3U + 2U);  // the first 200 comes three times
}

TEST_F(UserAgentCall, EndsWhenTheOtherHangsUp) {
    call();
    ASSERT_TRUE(run_to(State::Confirmed));
    net.run(Millis{100});
    livekit.hang_up(ua.call_id(), net.now());
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_TRUE(ua.bye_received());
    net.run(Millis{100});
    EXPECT_TRUE(livekit.ended().front().bye_answered);
    EXPECT_FALSE(ua.audio().is_sending());
}

TEST_F(UserAgentCall, AnswersARetransmittedByeAgain) {
    call();
    ASSERT_TRUE(run_to(State::Confirmed));
    net.run(Millis{100});
    int lost = 0;
    net.loses = [&](const Datagram& datagram) {
        return datagram.from == kCarrier && datagram.bytes.starts_with("SIP/2.0 200") &&
               lost++ == 0;
    };
    livekit.hang_up(ua.call_id(), net.now());
    net.run(Millis{1000});
    EXPECT_EQ(ua.ladder().count(Way::In, "BYE "), 2U);
    EXPECT_TRUE(livekit.ended().front().bye_answered);
}

TEST_F(UserAgentCall, AsksOptions) {
    ua.request("OPTIONS", {.target = kLivekit, .request_uri = "sip:127.0.0.20"}, net.now());
    net.run(Millis{100});
    EXPECT_EQ(ua.status_of("OPTIONS"), 200);
    EXPECT_EQ(ua.state(), State::Idle);
}

TEST_F(UserAgentCall, AnOfferlessCallIsRefusedAndAcked) {
    ua.call({.target = kLivekit, .request_uri = uri, .headers = {}, .offer = false}, net.now());
    ASSERT_TRUE(run_to(State::Ended));
    net.run(Millis{100});
    EXPECT_EQ(ua.final_status(), 400);
    EXPECT_EQ(ua.final_reason(), "");
    EXPECT_EQ(ua.ladder().count(Way::Out, "ACK "), 1U);
}

class UserAgentRinging : public UserAgentCall {
protected:
    UserAgentRinging() : UserAgentCall(Behaviour::ring()) {}
};

TEST_F(UserAgentRinging, CancelsWhileItRings) {
    call();
    ASSERT_TRUE(run_to(State::Ringing));
    ua.cancel(net.now());
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_EQ(ua.final_status(), 487);
    EXPECT_EQ(ua.status_of("CANCEL"), 200);
    net.run(Millis{100});
    EXPECT_EQ(livekit.ended().front().phase, LivekitCall::Phase::Cancelled);
}

TEST_F(UserAgentRinging, HoldsTheCancelBackUntilAProvisional) {
    net.loses = [&](const Datagram& datagram) {
        return datagram.from == kLivekit && net.now() < Time{} + Millis{900};
    };
    call();
    ua.cancel(net.now());
    net.run(Millis{400});
    EXPECT_EQ(ua.ladder().count(Way::Out, "CANCEL "), 0U);
    ASSERT_TRUE(run_to(State::Ended));
    EXPECT_EQ(ua.final_status(), 487);
}

}  // namespace
}  // namespace causeway::testing
