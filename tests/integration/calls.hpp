#pragma once

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/tone/tone.hpp"
#include "support/ua/daemon_bench.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace causeway::testing {

/// One daemon with `far_ends` LiveKits behind it and a carrier before it.
class Calls : public ::testing::Test {
protected:
    using State = UserAgent::State;

    /// With `options` as they are.
    void start_daemon() {
        options.causeway = CAUSEWAY_DAEMON;
        const auto started = bench.start(options);
        ASSERT_TRUE(started) << started.error().what;
        carrier = std::make_unique<UserAgent>(carrier_options(bench.carrier_ip()));
        join(*carrier);
    }
    void start(std::size_t far_ends = 1, const std::string& extra = "",
               const std::string& carrier_keys = "") {
        options.extra = extra;
        options.carrier_keys = carrier_keys;
        for (std::size_t i = 0; i < far_ends; ++i) {
            options.gateways.push_back(add_livekit());
        }
        start_daemon();
    }
    void TearDown() override {
        // A daemon that crashed, leaked (sanitizers) or hung fails the test that did it.
        if (bench.is_running()) {
            EXPECT_EQ(bench.stop(), 0) << bench.log();
        }
        if (HasFailure()) {
            std::cerr << bench.log();
        }
    }

    UserAgent::Options carrier_options(const IpAddress& ip) {
        const auto sip = bench.loop().bind({ip, 0});
        const auto rtp = bench.loop().bind_even(ip);
        return {.sip = *sip,
                .rtp = *rtp,
                .user = "015112345678",
                .program = make_tone(kTestTone, -10.0, 8000),
                .seed = 3 + parties.size()};
    }
    void join(UserAgent& agent) {
        const auto [sip, rtp] = addresses_of(agent);
        bench.loop().join(agent, sip, {rtp.port});
        parties.push_back(&agent);
    }
    Endpoint add_livekit(const IpAddress& ip = IpAddress::v4(127, 0, 0, 20)) {
        const auto sip = bench.loop().bind({ip, 0});
        FakeLivekit::Options far;
        far.sip = *sip;
        for (int i = 0; i < 8; ++i) {
            far.rtp_ports.push_back(bench.loop().bind_even(sip->ip)->port);
        }
        const std::vector<std::uint16_t> ports = far.rtp_ports;
        far.media = Media::Watched;
        far.program = make_tone(kTestTone, -13.0, 8000);
        far.record = true;
        far.seed = 11 + livekits.size();
        far.otherwise = Behaviour::answer(Millis{50});
        livekits.push_back(std::make_unique<FakeLivekit>(std::move(far)));
        bench.loop().join(*livekits.back(), *sip, ports);
        return *sip;
    }

    void call(UserAgent& agent, const std::string& number = "0301234567") {
        agent.call({.target = bench.listener(),
                    .request_uri = "sip:" + number + "@" + bench.listener().to_string()},
                   SocketLoop::now());
    }
    bool run_to(State state, Millis within = Millis{8000}) {
        return bench.loop().run(within, [&] { return carrier->state() == state; });
    }
    bool wait_for_cdrs(std::size_t count, Millis within = Millis{3000}) {
        return bench.loop().run(within, [&] { return bench.cdrs().size() >= count; });
    }
    void hear(Millis span) { bench.loop().run(span); }

    DaemonBench bench;
    DaemonBench::Options options;  ///< that it was started with
    std::unique_ptr<UserAgent> carrier;
    std::vector<std::unique_ptr<FakeLivekit>> livekits;
    std::vector<UserAgent*> parties;

private:
    static std::pair<Endpoint, Endpoint> addresses_of(const UserAgent& agent) {
        return {agent.options().sip, agent.options().rtp};
    }
};

}  // namespace causeway::testing
