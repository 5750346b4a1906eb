#pragma once

#include "support/ua/process.hpp"
#include "support/ua/socket_loop.hpp"
#include "support/ua/user_agent.hpp"

#include "causeway/base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace causeway::testing {

/// A daemon of our own on addresses that nobody else uses, with one carrier, one gateway group and
/// one tenant; for integration tests. Thread: one owner. Owns: the process, the
/// sockets, a temporary directory.
class DaemonBench {
public:
    /// 127.x.y.LAST with x and y of this process, so that tests that run side by side do not meet.
    [[nodiscard]] static IpAddress address(std::uint8_t last);
    /// A port of this address that is free now: of ::1 there is but one for all tests.
    [[nodiscard]] static Result<Endpoint> unused(const IpAddress& ip);
    struct Options {
        std::string causeway{};            ///< path of the daemon
        std::vector<Endpoint> gateways{};  ///< of one group, in this order
        std::string gateway_params{};      ///< of their URIs: `;transport=tcp`
        std::string gateway_kind{"livekit"};
        std::string extra{};             ///< more YAML: `call: {no_response: 300ms}`
        std::string carrier_keys{};      ///< more keys of the carrier: `ringing: confirmed`
        std::string descriptors{};       ///< its RLIMIT_NOFILE: N or SOFT:HARD; empty: ours
        IpAddress carrier{address(10)};  ///< the carrier's source
        Endpoint carrier_listener{address(1), 5060};  ///< of the daemon, UDP and TCP
        Endpoint livekit_listener{address(2), 5080};
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
