// causeway_demo --causeway PATH --config FILE: one call through the daemon, shown and judged.
#include "support/demo/report.hpp"
#include "support/demo/settings.hpp"
#include "support/demo/show.hpp"
#include "support/ua/process.hpp"

#include <signal.h>
#include <unistd.h>

#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::testing {
namespace {

constexpr Millis kTalk{6000};

struct Arguments {
    std::string causeway, config;
};

std::optional<Arguments> parse(int count, char** values) {
    Arguments arguments;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = values[i];
        if (name == "--causeway") {
            arguments.causeway = values[i + 1];
        } else if (name == "--config") {
            arguments.config = values[i + 1];
        } else {
            return std::nullopt;
        }
    }
    const bool is_whole = !arguments.causeway.empty() && !arguments.config.empty();
    return is_whole && count == 5 ? std::optional(arguments) : std::nullopt;
}

void title(const Palette& colour, std::string_view text) {
    std::cout << '\n' << colour.bold << text << colour.plain << "\n\n";
}

void print_call(const Show& show, const Palette& colour) {
    title(colour, "The call");
    print_ladder(std::cout, colour, show.witnesses());
    const Step* in = show.witnesses().carrier.find(Way::Out, "INVITE ");
    const Step* sent = show.witnesses().livekit.find(Way::In, "INVITE ");
    if (in != nullptr && sent != nullptr) {
        title(colour, "The INVITE in (- =) and out (+ =)");
        print_invites(std::cout, colour, in->bytes, sent->bytes);
    }
    title(colour, show.has_speech() ? "The audio: speech, then 1,004 Hz"
                                    : "The audio: 1,004 Hz (no espeak-ng here for speech)");
    print_audio(std::cout, colour, show.audio());
    title(colour, "The CDR");
    std::cout << (show.cdr().empty() ? "(none)\n" : show.cdr());
}

/// What is wrong with the outcome; empty: nothing.
std::string verdict(const Show& show, const Result<void>& played, const Result<void>& stopped) {
    if (!played) {
        return played.error().what;
    }
    const auto ways = show.audio();
    if (ways.empty()) {
        return "no audio at all";
    }
    for (const AudioFacts& way : ways) {
        if (!way.is_good()) {
            return way.name.substr(0, way.name.find_last_not_of(' ') + 1) +
                   ": audio lost or at another level";
        }
    }
    if (show.cdr().find("\"cause\":\"success\"") == std::string::npos) {
        return "no CDR with outcome success";
    }
    return stopped ? std::string{} : stopped.error().what;
}

int run(const Arguments& arguments) {
    const Palette colour = Palette::for_descriptor(STDOUT_FILENO);
    const auto failed = [](const std::string& what) {
        std::cerr << "causeway_demo: " << what << '\n';
        return 1;
    };
    const auto settings = read_settings(arguments.config);
    if (!settings) {
        return failed(settings.error().what);
    }
    const TemporaryDirectory scratch;
    if (scratch.path().empty()) {
        return failed("no temporary directory can be made");
    }
    Show show(*settings, scratch.path());
    if (const auto claimed = show.claim_addresses(); !claimed) {
        return failed(claimed.error().what);
    }
    show.prepare_voices();
    std::cout << "A carrier at " << settings->carrier.to_string() << " dials " << show.dialled()
              << "; a LiveKit at " << settings->gateway.to_string() << " answers." << std::endl;
    if (const auto started = show.start_daemon(arguments.causeway, arguments.config); !started) {
        std::cerr << show.log();
        return failed(started.error().what);
    }
    const auto played = show.play(kTalk);
    const auto stopped = show.stop_daemon();
    print_call(show, colour);
    const std::string wrong = verdict(show, played, stopped);
    if (!wrong.empty()) {
        title(colour, "The daemon's log");
        std::cout << show.log() << '\n' << std::flush;
        return failed(wrong);
    }
    std::cout << '\n'
              << colour.green << "Good: answered, heard both ways, hung up, recorded."
              << colour.plain << '\n';
    return 0;
}

}  // namespace
}  // namespace causeway::testing

int main(int count, char** values) try {
    const auto arguments = causeway::testing::parse(count, values);
    if (!arguments) {
        std::cerr << "usage: causeway_demo --causeway PATH --config FILE\n";
        return 2;
    }
    // Seen by polling, so that an interrupted demo still ends its daemon and its folder.
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, nullptr);
    return causeway::testing::run(*arguments);
} catch (const std::exception& error) {
    std::cerr << "causeway_demo: " << error.what() << '\n';
    return 1;
}
