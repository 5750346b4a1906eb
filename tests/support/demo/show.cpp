#include "support/demo/show.hpp"

#include "support/tone/tone.hpp"
#include "support/tone/wav.hpp"

#include <signal.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace causeway::testing {
namespace {

constexpr Millis kReadiness{8000};
constexpr Millis kSetup{5000};
constexpr Millis kCdr{2000};
constexpr Millis kRing{1300};  // long enough for LiveKit's second 180
constexpr double kCarrierLevel = -10.0;
constexpr double kLivekitLevel = -13.0;

std::string contents(const std::string& path, std::uint64_t from) {
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(from));
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t size_of(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

/// Frames heard that are the talker's, bit for bit, once the first one is found in the program.
std::size_t identical(const std::vector<std::int16_t>& program, Law law,
                      const std::vector<std::int16_t>& heard) {
    constexpr std::size_t kFrame = 160;
    const auto is_same = [&](std::size_t frame, std::size_t offset) {
        for (std::size_t i = 0; i < kFrame; ++i) {
            const auto said = program[(offset * kFrame + frame * kFrame + i) % program.size()];
            if (g711_decode(law, g711_encode(law, said)) != heard[frame * kFrame + i]) {
                return false;
            }
        }
        return true;
    };
    std::size_t best = 0;
    const std::size_t frames = heard.size() / kFrame;
    for (std::size_t offset = 0; offset < 25 && best < frames; ++offset) {
        std::size_t same = 0;
        for (std::size_t frame = 0; frame < frames; ++frame) {
            same += is_same(frame, offset) ? 1U : 0U;
        }
        best = std::max(best, same);
    }
    return best;
}

}  // namespace

Show::Show(Settings settings, std::string scratch)
    : settings_(std::move(settings)),
      scratch_(std::move(scratch)),
      dialled_(national(settings_.number)) {}

Result<void> Show::claim_addresses() {
    const auto named = [](const Endpoint& address, const Error& error) {
        const std::string holder = holder_of(address.ip.to_string(), address.port);
        return fail(Errc::Io, "UDP " + error.what + (holder.empty() ? "" : ", held by " + holder));
    };
    for (const Endpoint& listener : settings_.listeners) {
        SocketLoop trial;  // only to see whether the daemon could have it
        if (const auto got = trial.bind(listener); !got) {
            return named(listener, got.error());
        }
    }
    constexpr std::uint16_t kSipPort = 5060;
    for (const Endpoint& ours : {Endpoint{settings_.carrier, kSipPort}, settings_.gateway}) {
        if (const auto got = loop_.bind(ours); !got) {
            return named(ours, got.error());
        }
    }
    carrier_sip_ = {settings_.carrier, kSipPort};
    CAUSEWAY_TRY(carrier_rtp_, loop_.bind_even(settings_.carrier));
    CAUSEWAY_TRY(probe_sip_, loop_.bind({settings_.carrier, 0}));
    CAUSEWAY_TRY(const Endpoint media, loop_.bind_even(settings_.gateway.ip));
    livekit_rtp_ = {media.port};
    return {};
}

std::vector<std::int16_t> Show::voice(const std::string& sentence, double dbfs) {
    std::vector<std::int16_t> program;
    const std::string file = scratch_ + "/voice.wav";
    auto speaker = Process::start({"espeak-ng", "-w", file, sentence}, scratch_ + "/espeak.log");
    if (speaker) {
        for (int i = 0; i < 300 && !speaker->poll(); ++i) {
            loop_.run(Millis{10});
        }
        if (auto speech = read_wav(file)) {
            program = *std::move(speech);
        }
    }
    has_speech_ = has_speech_ && !program.empty();
    constexpr std::size_t kToneLength = 40'000;  // five seconds
    const auto tone = make_tone(kTestTone, dbfs, kToneLength);
    program.insert(program.end(), tone.begin(), tone.end());
    return program;
}

void Show::prepare_voices() {
    carrier_voice_ = voice("Hello. This is the caller.", kCarrierLevel);
    livekit_voice_ = voice("Hi, this is your agent.", kLivekitLevel);
    carrier_ = std::make_unique<UserAgent>(UserAgent::Options{
        .sip = carrier_sip_,
        .rtp = carrier_rtp_,
        .user = "015112345678",
        .display = "Demo Caller",
        .program = carrier_voice_,
        .seed = static_cast<std::uint64_t>(SocketLoop::now().time_since_epoch().count())});
    probe_ = std::make_unique<UserAgent>(UserAgent::Options{
        .sip = probe_sip_,
        .rtp = carrier_rtp_,
        .seed = static_cast<std::uint64_t>(SocketLoop::now().time_since_epoch().count())});
    FakeLivekit::Options options;
    options.sip = settings_.gateway;
    options.rtp_ports = livekit_rtp_;
    options.media = Media::Watched;
    options.numbers = {{settings_.number, Behaviour::answer(kRing)}};
    options.program = livekit_voice_;
    options.seed = static_cast<std::uint64_t>(SocketLoop::now().time_since_epoch().count());
    options.record = true;
    livekit_ = std::make_unique<FakeLivekit>(std::move(options));
    loop_.join(*carrier_, carrier_sip_, {carrier_rtp_.port});
    loop_.join(*probe_, probe_sip_);
    loop_.join(*livekit_, settings_.gateway, livekit_rtp_);
}

Result<void> Show::start_daemon(const std::string& causeway, const std::string& config) {
    cdr_start_ = size_of(settings_.cdr_file);
    CAUSEWAY_TRY(auto started,
                 Process::start({causeway, "serve", "--config", config}, scratch_ + "/log"));
    daemon_ = std::make_unique<Process>(std::move(started));
    const Time end = SocketLoop::now() + kReadiness;
    while (probe_->status_of("OPTIONS") != 200) {
        if (daemon_->poll()) {
            return broken("the daemon ended with status " + std::to_string(*daemon_->poll()));
        }
        if (SocketLoop::now() > end) {
            return broken("the daemon did not answer OPTIONS within 8 s");
        }
        probe_->request("OPTIONS",
                        {.target = settings_.carrier_listener,
                         .request_uri = "sip:" + settings_.carrier_listener.to_string()},
                        SocketLoop::now());
        loop_.run(Millis{100}, [&] {
            return probe_->status_of("OPTIONS") != 0 || daemon_->poll() || is_interrupted();
        });
        if (is_interrupted()) {
            return broken("interrupted");
        }
    }
    return {};
}

Result<void> Show::play(Millis talk) {
    const auto over = [&] {
        return carrier_->state() == UserAgent::State::Ended || daemon_->poll();
    };
    carrier_->call(
        {.target = settings_.carrier_listener,
         .request_uri = "sip:" + dialled_ + "@" + settings_.carrier_listener.to_string()},
        SocketLoop::now());
    loop_.run(kSetup, [&] {
        return carrier_->state() == UserAgent::State::Confirmed || over() || is_interrupted();
    });
    if (carrier_->state() != UserAgent::State::Confirmed) {
        const int status = carrier_->final_status();
        return broken(status == 0 ? "the call was not answered within 5 s"
                                  : "the call was refused: " + std::to_string(status) + " " +
                                        carrier_->final_reason());
    }
    loop_.run(talk, [&] { return over() || is_interrupted(); });
    if (carrier_->state() != UserAgent::State::Confirmed) {
        return broken("the call ended before the carrier hung up");
    }
    carrier_->bye(SocketLoop::now());
    loop_.run(kCdr,
              [&] { return carrier_->is_quiet() && livekit_->live().empty() && !cdr().empty(); });
    if (carrier_->status_of("BYE") != 200 || !livekit_->live().empty()) {
        return broken("the BYE did not reach both ends");
    }
    if (is_interrupted()) {
        return broken("interrupted");
    }
    return {};
}

Result<void> Show::stop_daemon() {
    const int status = daemon_->stop();
    if (status != 0) {
        return broken("the daemon ended with status " + std::to_string(status));
    }
    return {};
}

Witnesses Show::witnesses() const {
    const std::uint64_t frames =
        livekit_->audio() == nullptr
            ? 0
            : livekit_->audio()->facts().received + carrier_->audio().facts().received;
    return {.carrier = carrier_->ladder(),
            .livekit = livekit_->ladder(),
            .carrier_name = carrier_sip_.to_string(),
            .causeway_name = settings_.carrier_listener.ip.to_string(),
            .livekit_name = settings_.gateway.to_string(),
            .frames = frames};
}

std::vector<AudioFacts> Show::audio() const {
    const RtpStream* far = livekit_->audio();
    if (far == nullptr) {
        return {};
    }
    const RtpStream& near = carrier_->audio();
    const Law law =
        carrier_->remote_sdp() && carrier_->remote_sdp()->find("PCMA/8000") ? Law::A : Law::Mu;
    const auto facts = [law](std::string name, const RtpStream& from, const RtpStream& to,
                             const std::vector<std::int16_t>& program, double dbfs) {
        return AudioFacts{.name = std::move(name),
                          .sent = from.facts().sent,
                          .arrived = to.facts(),
                          .level_sent = dbfs,
                          .level_heard = tone_level(to.heard()),
                          .frames = to.heard().size() / 160,
                          .identical = identical(program, law, to.heard()),
                          .delay = to.delay_from(from)};
    };
    return {facts("carrier → livekit   ", near, *far, carrier_voice_, kCarrierLevel),
            facts("livekit → carrier   ", *far, near, livekit_voice_, kLivekitLevel)};
}

std::string Show::cdr() const {
    const std::string lines = contents(settings_.cdr_file, cdr_start_);
    return lines.find(carrier_->call_id()) == std::string::npos ? std::string{} : lines;
}

std::string Show::log() const {
    return contents(scratch_ + "/log", 0);
}

bool Show::is_interrupted() const {
    sigset_t signals;
    return sigpending(&signals) == 0 &&
           (sigismember(&signals, SIGINT) == 1 || sigismember(&signals, SIGTERM) == 1);
}

Result<void> Show::broken(const std::string& what) {
    return fail(Errc::Internal, what);
}

}  // namespace causeway::testing
