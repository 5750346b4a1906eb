#pragma once

#include "client.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The commands of the one binary (PRODUCT §2).
namespace causeway::app {

/// False, and a word on standard error, if this is not a file that can be read.
[[nodiscard]] bool is_readable_file(const std::string& path);

/// What the shell gets.
enum class Exit : std::uint8_t { Good = 0, Bad = 1, Usage = 2 };

struct CheckOptions {
    enum class Layer : std::uint8_t { File, FileAndHost };
    enum class Warnings : std::uint8_t { Pass, AreErrors };
    std::string path;
    Layer layer{Layer::FileAndHost};
    Warnings warnings{Warnings::Pass};
};

/// An INVITE by its parts, or in a file.
struct ExplainOptions {
    enum class Output : std::uint8_t { Table, Json };
    std::string path;
    CheckOptions::Layer layer{CheckOptions::Layer::FileAndHost};
    std::string from;                  ///< number or SIP URI
    std::string to;                    ///< likewise
    std::string source;                ///< `IP[:PORT]`
    std::string interface;             ///< empty: where the source is known
    std::vector<std::string> headers;  ///< `Name: value`
    std::string call_id;
    std::string invite;  ///< path; instead of `from` and `to`
    Output output{Output::Table};
};

/// What `causeway why` is asked about.
struct WhyOptions {
    enum class Output : std::uint8_t {
        Text,
        Messages,  ///< with the whole messages of a call that failed
        Json,
    };
    std::string subject;  ///< a code or token of the table of reasons, or what the daemon is asked
    RemoteOptions remote;
    Output output{Output::Text};
};

/// Runs the daemon until it is told to stop. Bad: it could not start, and standard error says why.
Exit serve(const std::string& path);

/// Prints every problem; Bad if there is one, Usage if the file cannot be read.
Exit check(const CheckOptions& options);

/// Prints each stage's verdict on an INVITE and the attempts in order; sends nothing. Good: it
/// would be placed, Bad: rejected, Usage: nothing to judge.
Exit explain(const ExplainOptions& options);

/// Prints what a stable code means and what to change, which needs no daemon; else what the daemon
/// remembers of `last`, a call, a number or an address. Bad: nothing. Usage: no code of ours, or
/// nobody answers.
Exit why(const WhyOptions& options);

}  // namespace causeway::app
