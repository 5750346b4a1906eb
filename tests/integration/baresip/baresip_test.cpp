// A second opinion: baresip, which shares no line with us, at either end of a call through the
// daemon. It plays a tone of its own (ausine) and writes what it hears to a file (sndfile).
#include "support/fake_livekit/fake_livekit.hpp"
#include "support/tone/tone.hpp"
#include "support/tone/wav.hpp"
#include "support/ua/daemon_bench.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace causeway::testing {
namespace {

constexpr std::string_view kModules = "/usr/lib/baresip/modules";
constexpr double kBaresipTone = 1500.0;

/// A baresip with an account of its own, without sound card, run in `folder`.
class Baresip {
public:
    struct Options {
        Endpoint sip;
        std::string account;  ///< contents of `accounts`
        std::string command;  ///< executed at start; empty: none
    };

    [[nodiscard]] Result<void> start(const std::string& folder, const Options& options) {
        folder_ = folder;
        std::filesystem::create_directory(folder);
        std::ofstream(folder + "/accounts") << options.account << '\n';
        std::ofstream(folder + "/contacts") << '\n';
        std::ofstream(folder + "/config")
            << "poll_method epoll\nsip_listen " << options.sip.to_string() << "\n"
            << "sip_trans_def udp\ncall_local_timeout 30\ncall_max_calls 4\n"
            << "audio_player aubridge,nowhere\naudio_source ausine," << kBaresipTone << "\n"
            << "audio_alert aubridge,silent\nausrc_srate 48000\nausrc_channels 2\n"
            << "rtp_ports 20000-20100\nrtp_stats no\n"
            << "net_interface " << options.sip.ip.to_string() << "\n"
            << "module_path " << kModules << "\nsnd_path " << folder << "\n"
            << "module g711.so\nmodule ausine.so\nmodule aubridge.so\nmodule sndfile.so\n"
            << "module_tmp uuid.so\nmodule_tmp account.so\nmodule_app menu.so\n";
        std::vector<std::string> command{"baresip", "-4", "-f", folder};
        if (!options.command.empty()) {
            command.insert(command.end(), {"-e", options.command});
        }
        CAUSEWAY_TRY(auto process, Process::start(command, folder + "/log"));
        process_.emplace(std::move(process));
        return {};
    }
    int stop() { return process_->stop(); }
    [[nodiscard]] std::string log() const {
        std::ifstream file(folder_ + "/log");
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// Level of a tone in what it decoded from its peer.
    [[nodiscard]] double heard(double hertz) const {
        double best = -120.0;
        for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
            if (entry.path().string().ends_with("-dec.wav")) {
                const auto samples = read_wav(entry.path());
                best = std::max(best, samples ? tone_level(*samples, hertz) : -120.0);
            }
        }
        return best;
    }

private:
    std::string folder_;
    std::optional<Process> process_;
};

/// baresip sends RTP from a socket that is bound to no address, which on this host means from here.
const IpAddress kBaresipIp = IpAddress::v4(127, 0, 0, 1);

Endpoint free_address() {
    SocketLoop trial;
    return trial.bind({kBaresipIp, 0}).value();
}

class BaresipCall : public ::testing::Test {
protected:
    void TearDown() override {
        if (bench.is_running()) {
            EXPECT_EQ(bench.stop(), 0);
        }
        if (HasFailure()) {
            std::cerr << bench.log() << baresip.log();
        }
    }
    [[nodiscard]] std::string folder() const { return bench.directory() + "/baresip"; }
    bool wait_for_cdr() {
        return bench.loop().run(Millis{3000}, [&] { return !bench.cdrs().empty(); });
    }

    DaemonBench bench;
    Baresip baresip;
};

TEST_F(BaresipCall, IsAnsweredByBaresip) {
    const Endpoint gateway = free_address();
    const auto awake =
        baresip.start(folder(), {.sip = gateway,
                                 .account = "<sip:+49301234567@" + gateway.ip.to_string() +
                                            ">;regint=0;answermode=auto;audio_codecs=PCMA",
                                 .command = ""});
    ASSERT_TRUE(awake) << awake.error().what;
    const auto started = bench.start({.causeway = CAUSEWAY_DAEMON, .gateways = {gateway}});
    ASSERT_TRUE(started) << started.error().what;

    const auto sip = bench.loop().bind({bench.carrier_ip(), 0});
    const auto rtp = bench.loop().bind_even(bench.carrier_ip());
    UserAgent carrier({.sip = *sip, .rtp = *rtp, .program = make_tone(kTestTone, -10.0, 8000)});
    bench.loop().join(carrier, *sip, {rtp->port});
    carrier.call({.target = bench.listener(),
                  .request_uri = "sip:0301234567@" + bench.listener().to_string()},
                 SocketLoop::now());
    ASSERT_TRUE(bench.loop().run(Millis{8000},
                                 [&] { return carrier.state() == UserAgent::State::Confirmed; }));
    bench.loop().run(Millis{3000});
    EXPECT_EQ(carrier.state(), UserAgent::State::Confirmed);
    carrier.bye(SocketLoop::now());
    EXPECT_TRUE(wait_for_cdr());
    // The record may be read before the answer that left ahead of it.
    bench.loop().run(Millis{3000}, [&] { return carrier.status_of("BYE") != 0; });
    EXPECT_EQ(carrier.status_of("BYE"), 200);
    baresip.stop();

    EXPECT_GE(carrier.audio().facts().received, 140U);
    EXPECT_EQ(carrier.audio().facts().lost, 0U);
    EXPECT_GT(tone_level(carrier.audio().heard(), kBaresipTone), -20.0);
    EXPECT_NEAR(baresip.heard(kTestTone), -10.0, 1.0);
    EXPECT_LT(baresip.heard(kBaresipTone), -40.0);  // its own tone does not come back
    EXPECT_NE(bench.cdrs().front().find("\"cause\":\"success\""), std::string::npos);
}

TEST_F(BaresipCall, IsPlacedByBaresip) {
    const auto sip = bench.loop().bind({DaemonBench::address(20), 5060});
    const auto rtp = bench.loop().bind_even(sip->ip);
    FakeLivekit livekit({.sip = *sip,
                         .rtp_ports = {rtp->port},
                         .media = Media::Watched,
                         .otherwise = Behaviour::answer(Millis{300}),
                         .program = make_tone(kTestTone, -13.0, 8000)});
    bench.loop().join(livekit, *sip, {rtp->port});
    const auto started =
        bench.start({.causeway = CAUSEWAY_DAEMON, .gateways = {*sip}, .carrier = kBaresipIp});
    ASSERT_TRUE(started) << started.error().what;

    const auto awake = baresip.start(
        folder(), {.sip = free_address(),
                   .account = "<sip:015112345678@127.0.0.1>;regint=0",
                   .command = "/dial sip:0301234567@" + bench.listener().to_string()});
    ASSERT_TRUE(awake) << awake.error().what;
    ASSERT_TRUE(bench.loop().run(
        Millis{8000}, [&] { return !livekit.live().empty() && livekit.live().front().acked; }));
    bench.loop().run(Millis{3000});
    ASSERT_EQ(livekit.live().size(), 1U);
    livekit.hang_up(livekit.live().front().call_id, SocketLoop::now());
    EXPECT_TRUE(wait_for_cdr());
    baresip.stop();

    EXPECT_GE(livekit.audio()->facts().received, 140U);
    EXPECT_EQ(livekit.audio()->facts().lost, 0U);
    EXPECT_GT(tone_level(livekit.audio()->heard(), kBaresipTone), -20.0);
    EXPECT_NEAR(baresip.heard(kTestTone), -13.0, 1.0);
    EXPECT_TRUE(livekit.ended().front().bye_answered);
    EXPECT_NE(bench.cdrs().front().find("\"side\":\"b\""), std::string::npos);
}

}  // namespace
}  // namespace causeway::testing

int main(int count, char** values) try {
    ::testing::InitGoogleTest(&count, values);
    for (const std::string_view module : {"ausine.so", "sndfile.so", "account.so"}) {
        const std::string path =
            std::string(causeway::testing::kModules) + "/" + std::string(module);
        if (!std::filesystem::exists(path)) {
            std::cout << "SKIPPED: " << path << " is missing (Debian package baresip-core)\n";
            return 77;
        }
    }
    return RUN_ALL_TESTS();
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
