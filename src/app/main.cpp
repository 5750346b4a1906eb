#include "commands.hpp"
#include "operate.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

namespace {

constexpr const char* kDefaultConfig = "/etc/causeway/causeway.yaml";

void add_config(CLI::App& command, std::string& path) {
    command.add_option("--config", path, "configuration file")
        ->type_name("FILE")
        ->capture_default_str();
}

void add_question(CLI::App& command, causeway::app::ExplainOptions& question) {
    command.add_option("--from", question.from, "who calls: a number or a SIP URI")->type_name("N");
    command.add_option("--to", question.to, "whom: a number or a SIP URI")->type_name("URI-OR-N");
    command.add_option("--source", question.source, "the address that it comes from")
        ->type_name("IP[:PORT]");
    command.add_option("--interface", question.interface, "the interface that it arrives on")
        ->type_name("NAME");
    command.add_option("--header", question.headers, "a further header, 'Name: value'")
        ->type_name("TEXT")
        ->allow_extra_args(false);
    command.add_option("--call-id", question.call_id, "its Call-ID")->type_name("TEXT");
    command.add_option("--invite", question.invite, "an INVITE as it was received")
        ->type_name("FILE")
        ->excludes("--from")
        ->excludes("--to")
        ->excludes("--header")
        ->excludes("--call-id");
}

CLI::App* add_why(CLI::App& app, causeway::app::WhyOptions& reason) {
    CLI::App* why = app.add_subcommand("why", "why a call went as it did, and what to change");
    why->add_option("WHAT", reason.subject,
                    "last, a call's id, a number, an address, or a code (CW-...)")
        ->required();
    reason.remote.config = kDefaultConfig;
    CLI::Option* config = why->add_option("--config", reason.remote.config,
                                          "the daemon's file: where it listens, its token");
    config->type_name("FILE")->capture_default_str();
    why->add_option("--api", reason.remote.api, "where it listens: http://HOST[:PORT]")
        ->type_name("URL")
        ->excludes(config);
    why->add_option("--token", reason.remote.token, "what it wants to see")
        ->type_name("T")
        ->envname("CAUSEWAY_TOKEN");
    return why;
}

int run(int argc, char** argv) {
    using causeway::app::Exit;
    CLI::App app{"Causeway: a SIP B2BUA and RTP relay between telecom carriers and LiveKit SIP"};
    app.require_subcommand(1);
    app.set_help_all_flag("--help-all", "help of every command");

    std::string path = kDefaultConfig;
    bool offline = false;
    bool strict = false;
    bool json = false;

    CLI::App* serve = app.add_subcommand("serve", "run the daemon in the foreground");
    add_config(*serve, path);
    CLI::App* check =
        app.add_subcommand("check", "every problem of the configuration as FILE:LINE: message");
    add_config(*check, path);
    check->add_flag("--offline", offline, "the file only, not this host");
    check->add_flag("--strict", strict, "warnings are errors");
    causeway::app::ExplainOptions question;
    CLI::App* explain = app.add_subcommand("explain", "what would become of an INVITE, and why");
    add_config(*explain, path);
    add_question(*explain, question);
    explain->add_flag("--json", json, "print JSON");
    explain->add_flag("--offline", offline, "the file only, not this host");
    causeway::app::Operate operate(app, kDefaultConfig);
    causeway::app::WhyOptions reason;
    bool messages = false;
    CLI::App* why = add_why(app, reason);
    why->add_flag("--messages", messages, "the whole messages of a call that failed");
    why->add_flag("--json", json, "print JSON");
    CLI::App* version = app.add_subcommand("version", "print the version");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : static_cast<int>(Exit::Usage);
    }
    Exit exit = Exit::Usage;
    if (serve->parsed()) {
        exit = causeway::app::serve(path);
    } else if (explain->parsed()) {
        using causeway::app::CheckOptions;
        question.path = path;
        question.layer = offline ? CheckOptions::Layer::File : CheckOptions::Layer::FileAndHost;
        question.output = json ? causeway::app::ExplainOptions::Output::Json
                               : causeway::app::ExplainOptions::Output::Table;
        exit = causeway::app::explain(question);
    } else if (check->parsed()) {
        using causeway::app::CheckOptions;
        exit = causeway::app::check(
            {path, offline ? CheckOptions::Layer::File : CheckOptions::Layer::FileAndHost,
             strict ? CheckOptions::Warnings::AreErrors : CheckOptions::Warnings::Pass});
    } else if (why->parsed()) {
        using Output = causeway::app::WhyOptions::Output;
        reason.output = json ? Output::Json : messages ? Output::Messages : Output::Text;
        exit = causeway::app::why(reason);
    } else if (version->parsed()) {
        std::cout << "causeway " << CAUSEWAY_VERSION << '\n';
        exit = Exit::Good;
    } else if (const auto done = operate.run()) {
        exit = *done;
    }
    return static_cast<int>(exit);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "causeway: %s\n", error.what());
    } catch (...) {
        std::fputs("causeway: unknown exception\n", stderr);
    }
    return static_cast<int>(causeway::app::Exit::Bad);
}
