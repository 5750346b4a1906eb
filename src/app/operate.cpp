#include "operate.hpp"

#include "tables.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <thread>
#include <utility>

namespace causeway::app {
namespace {

constexpr std::chrono::seconds kRefresh{2};
constexpr unsigned kFirstBad = 300;

/// Both the answer and what went wrong on the way end here: 2 if nobody answered, 1 for a no.
Exit show(const Result<HttpAnswer>& answer, bool as_json,
          std::string (*table)(const std::string&)) {
    if (!answer) {
        std::cerr << "causeway: " << answer.error().what << '\n';
        return Exit::Usage;
    }
    if (answer->status >= kFirstBad) {
        std::cerr << "causeway: " << complaint_of(answer->status, answer->body);
        return Exit::Bad;
    }
    std::cout << (as_json ? answer->body : table(answer->body)) << std::flush;
    return Exit::Good;
}

}  // namespace

CLI::App* Operate::add(CLI::App& app, const std::string& name, const std::string& about) {
    CLI::App* command = app.add_subcommand(name, about);
    CLI::Option* config = command->add_option("--config", remote_.config,
                                              "the daemon's file: where it listens, its token");
    config->type_name("FILE")->capture_default_str();
    command->add_option("--api", remote_.api, "where it listens: http://HOST[:PORT]")
        ->type_name("URL")
        ->excludes(config);
    command->add_option("--token", remote_.token, "what it wants to see")
        ->type_name("T")
        ->envname("CAUSEWAY_TOKEN");
    command->add_flag("--json", json_, "print JSON");
    return command;
}

Operate::Operate(CLI::App& app, std::string config)
    : remote_{std::move(config), {}, {}},
      status_(add(app, "status", "how the daemon is")),
      calls_(add(app, "calls", "live calls, one of them, or its end")),
      stats_(add(app, "stats", "calls that have ended, added up")),
      reload_(add(app, "reload", "have the daemon read its file anew")),
      drain_(add(app, "drain", "refuse new calls; those that live go on")) {
    CLI::Option* one = calls_->add_option("ID", call_, "one call alone")->type_name("");
    CLI::Option* end = calls_->add_option("--hangup", hang_up_, "end this call")->type_name("ID");
    CLI::Option* watch = calls_->add_flag("--watch", watch_, "again every two seconds");
    end->excludes(one)->excludes(watch);
    watch->excludes(one);
    CLI::Option* undo = drain_->add_flag("--undo", undo_, "take calls again");
    drain_->add_flag("--exit", exit_, "and end with the last call, as SIGTERM does")
        ->excludes(undo);
}

std::optional<Exit> Operate::run() {
    CLI::App* const all[]{status_, calls_, stats_, reload_, drain_};
    if (std::none_of(std::begin(all), std::end(all), [](auto* one) { return one->parsed(); })) {
        return std::nullopt;
    }
    const auto remote = find_remote(remote_);
    if (!remote) {
        std::cerr << "causeway: " << remote.error().what << '\n';
        return Exit::Usage;
    }
    if (status_->parsed()) {
        return show(ask(*remote, "GET", "/api/v1/status"), json_, status_table);
    }
    if (stats_->parsed()) {
        return show(ask(*remote, "GET", "/api/v1/stats/calls"), json_, statistics_table);
    }
    if (reload_->parsed()) {
        // Parsing a million numbers takes a while.
        return show(ask(*remote, "POST", "/api/v1/reload", {}, std::chrono::minutes{1}), json_,
                    reload_table);
    }
    if (drain_->parsed()) {
        const std::string body = exit_ ? R"({"exit":true})" : undo_ ? R"({"undo":true})" : "{}";
        return show(ask(*remote, "POST", "/api/v1/drain", body), json_, drain_table);
    }
    return watch_ ? watch(*remote) : calls(*remote);
}

Exit Operate::calls(const Remote& remote) const {
    if (!hang_up_.empty()) {
        return show(ask(remote, "DELETE", "/api/v1/calls/" + hang_up_), json_, hang_up_table);
    }
    if (!call_.empty()) {
        return show(ask(remote, "GET", "/api/v1/calls/" + call_), json_, call_table);
    }
    return show(ask(remote, "GET", "/api/v1/calls"), json_, calls_table);
}

Exit Operate::watch(const Remote& remote) const {
    const bool is_screen = ::isatty(STDOUT_FILENO) == 1 && !json_;
    for (;;) {
        std::cout << (is_screen ? "\x1b[H\x1b[J" : "");
        if (const Exit exit = calls(remote); exit != Exit::Good) {
            return exit;
        }
        std::this_thread::sleep_for(kRefresh);
    }
}

}  // namespace causeway::app
