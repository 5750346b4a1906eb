#pragma once

#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"

#include <cstdint>
#include <string>

namespace causeway::app {

/// Where a running daemon listens, and what it wants to see.
struct Remote {
    std::string host;  ///< a name or an address, without brackets
    std::uint16_t port{};
    std::string path;   ///< before ours, as a proxy may want it; without `/` at its end
    std::string token;  ///< empty: none
};

/// How the command line names it: by the daemon's own file, or by `--api` and `--token`.
struct RemoteOptions {
    std::string config;
    std::string api;  ///< `http://HOST[:PORT][/PATH]`; empty: by `config`
    std::string token;
};
/// The failing side is a sentence for whoever typed it.
[[nodiscard]] Result<Remote> find_remote(const RemoteOptions& options);

struct HttpAnswer {
    unsigned status{};
    std::string body;
};
/// One request, and its answer; a body is sent as JSON. Blocks. Io: nobody answers there. Timeout.
[[nodiscard]] Result<HttpAnswer> ask(const Remote& remote, const std::string& method,
                                     const std::string& target, const std::string& body = {},
                                     Millis patience = Millis{15'000});

}  // namespace causeway::app
