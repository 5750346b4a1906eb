#pragma once

#include "client.hpp"
#include "commands.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace causeway::app {

/// The commands that speak to a running daemon: `status`, `calls`, `stats`, `reload`, `drain`.
/// Thread: main. Owns: what the command line says.
class Operate {
public:
    /// Adds them to the command line. `config` is the default of `--config`.
    Operate(CLI::App& app, std::string config);
    Operate(const Operate&) = delete;
    Operate& operator=(const Operate&) = delete;
    Operate(Operate&&) = delete;
    Operate& operator=(Operate&&) = delete;
    ~Operate() = default;

    /// Does what the command line asks for; nothing: it asks for none of these.
    [[nodiscard]] std::optional<Exit> run();

private:
    CLI::App* add(CLI::App& app, const std::string& name, const std::string& about);
    [[nodiscard]] Exit calls(const Remote& remote) const;
    [[nodiscard]] Exit watch(const Remote& remote) const;

    RemoteOptions remote_;
    bool json_{};
    bool watch_{};
    bool undo_{};
    bool exit_{};
    std::string call_;
    std::string hang_up_;
    CLI::App* status_;
    CLI::App* calls_;
    CLI::App* stats_;
    CLI::App* reload_;
    CLI::App* drain_;
};

}  // namespace causeway::app
