#pragma once

#include "support/demo/report.hpp"
#include "support/demo/settings.hpp"
#include "support/fake_livekit/fake_livekit.hpp"
#include "support/ua/process.hpp"
#include "support/ua/socket_loop.hpp"
#include "support/ua/user_agent.hpp"

#include <memory>
#include <string>
#include <vector>

namespace causeway::testing {

/// One call through a daemon of our own: a carrier calls, a LiveKit answers, both talk and play a
/// tone. Every step says what went wrong. Thread: one owner. Owns: both parties and the daemon.
class Show {
public:
    Show(Settings settings, std::string scratch);

    /// Every address the demo needs is free; the error names the first that is not, and its holder.
    [[nodiscard]] Result<void> claim_addresses();
    /// What the two say: espeak-ng's voice, if it is installed, then the tone.
    void prepare_voices();
    /// Starts the daemon and waits until it answers OPTIONS.
    [[nodiscard]] Result<void> start_daemon(const std::string& causeway, const std::string& config);
    /// Rings, talks for `talk`, hangs up, waits for the CDR.
    [[nodiscard]] Result<void> play(Millis talk);
    /// Ends the daemon. Fails if it did not end well.
    [[nodiscard]] Result<void> stop_daemon();

    [[nodiscard]] Witnesses witnesses() const;
    [[nodiscard]] std::vector<AudioFacts> audio() const;
    /// The lines that the daemon wrote for this call.
    [[nodiscard]] std::string cdr() const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] bool has_speech() const { return has_speech_; }
    [[nodiscard]] const std::string& dialled() const { return dialled_; }

private:
    [[nodiscard]] bool is_interrupted() const;
    [[nodiscard]] Result<void> broken(const std::string& what);
    [[nodiscard]] std::vector<std::int16_t> voice(const std::string& sentence, double dbfs);

    Settings settings_;
    std::string scratch_;
    std::string dialled_;
    bool has_speech_{true};
    SocketLoop loop_;
    Endpoint carrier_sip_, carrier_rtp_, probe_sip_;
    std::vector<std::uint16_t> livekit_rtp_;
    std::vector<std::int16_t> carrier_voice_, livekit_voice_;
    std::unique_ptr<UserAgent> carrier_, probe_;
    std::unique_ptr<FakeLivekit> livekit_;
    std::unique_ptr<Process> daemon_;
    std::uint64_t cdr_start_{};
};

}  // namespace causeway::testing
