#pragma once

#include "support/ua/process.hpp"
#include "support/ua/socket_loop.hpp"
#include "support/ua/user_agent.hpp"

#include "causeway/base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace causeway::testing {

/// A daemon of our own on addresses of 127.0.0.0/8 that nobody else uses, with one carrier, one
/// gateway group and one tenant; for integration tests. Thread: one owner. Owns: the process, the
/// sockets, a temporary directory.
class DaemonBench {
public:
    /// 127.x.y.LAST with x and y of this process, so that tests that run side by side do not meet.
    [[nodiscard]] static IpAddress address(std::uint8_t last);
    struct Options {
        std::string causeway{};            ///< path of the daemon
        std::vector<Endpoint> gateways{};  ///< of one group, in this order
        std::string gateway_params{};      ///< of their URIs: `;transport=tcp`
        std::string gateway_kind{"livekit"};
        std::string extra{};             ///< more YAML: `call: {no_response: 300ms}`
        std::string carrier_keys{};      ///< more keys of the carrier: `ringing: confirmed`
        std::size_t descriptors{};       ///< RLIMIT_NOFILE of the daemon; 0: ours
        IpAddress carrier{address(10)};  ///< the carrier's source
    };

    /// Fails: Io, with the daemon's own words if it did not start.
    [[nodiscard]] Result<void> start(const Options& options);
    /// SIGTERM, without waiting.
    void drain();
    /// Ends it with SIGTERM; its exit status.
    int stop();

    /// Where the carrier sends to, and the address that is known as the carrier's.
    [[nodiscard]] const Endpoint& listener() const { return carrier_listener_; }
    [[nodiscard]] const Endpoint& livekit_listener() const { return livekit_listener_; }
    [[nodiscard]] const IpAddress& carrier_ip() const { return carrier_ip_; }
    /// The lines of the CDR file so far.
    [[nodiscard]] std::vector<std::string> cdrs() const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] SocketLoop& loop() { return loop_; }
    [[nodiscard]] const std::string& directory() const { return directory_.path(); }
    [[nodiscard]] bool is_running() { return process_ && !process_->poll(); }

private:
    [[nodiscard]] std::string configuration(const Options& options) const;
    [[nodiscard]] Result<void> wait_until_ready();

    TemporaryDirectory directory_;
    SocketLoop loop_;
    Endpoint carrier_listener_, livekit_listener_;
    IpAddress carrier_ip_;
    std::unique_ptr<UserAgent> probe_;
    std::unique_ptr<Process> process_;
};

}  // namespace causeway::testing
