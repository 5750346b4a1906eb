#pragma once

#include "support/ua/process.hpp"
#include "support/ua/socket_loop.hpp"
#include "support/ua/user_agent.hpp"

#include "causeway/base/result.hpp"

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
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
        std::string extra{};                  ///< more YAML: `call: {no_response: 300ms}`
        std::string control_keys{};           ///< of `control`: `, tokens: [{name: a, token: t}]`
        std::string carrier_keys{};           ///< more keys of the carrier: `ringing: confirmed`
        std::string dids{"\"+493012345*\""};  ///< of the one tenant, as YAML list elements
        std::string cdr_file{"cdr.jsonl"};    ///< in the directory
        std::vector<std::string> environment{};  ///< of the daemon besides ours: `NAME=value`
        std::string descriptors{};               ///< its RLIMIT_NOFILE: N or SOFT:HARD; empty: ours
        std::size_t max_tenants{1000};           ///< `metrics.max_tenants`
        IpAddress carrier{address(10)};          ///< the carrier's source
        Endpoint carrier_listener{address(1), 5060};  ///< of the daemon, UDP and TCP
        Endpoint livekit_listener{address(2), 5080};
    };

    /// Fails: Io, with the daemon's own words if it did not start. Again after `kill`: with the
    /// same ports and files.
    [[nodiscard]] Result<void> start(const Options& options);
    /// Another configuration in the place of the one it was started with.
    void write(const Options& options) const;
    void write(const std::string& yaml) const;
    [[nodiscard]] std::string configuration(const Options& options) const;
    /// SIGHUP, SIGTERM without waiting.
    void hang_up();
    void drain();
    /// SIGKILL; returns when it is gone.
    void kill();
    [[nodiscard]] pid_t pid() const { return process_->pid(); }
    /// Ends it with SIGTERM; its exit status.
    int stop();

    /// Where the carrier sends to, and the address that is known as the carrier's.
    [[nodiscard]] const Endpoint& listener() const { return carrier_listener_; }
    [[nodiscard]] const Endpoint& livekit_listener() const { return livekit_listener_; }
    /// Its control interface.
    [[nodiscard]] static Endpoint control() { return {address(1), 8080}; }
    [[nodiscard]] static Endpoint metrics() { return {address(1), 9494}; }
    [[nodiscard]] const IpAddress& carrier_ip() const { return carrier_ip_; }
    /// The lines of the CDR file so far.
    [[nodiscard]] std::vector<std::string> cdrs(const std::string& file = "cdr.jsonl") const;
    /// Runs the parties until the log has this text so many times. True: it has.
    [[nodiscard]] bool await_log(std::string_view text, std::size_t times = 1);
    [[nodiscard]] std::string log() const;
    [[nodiscard]] SocketLoop& loop() { return loop_; }
    [[nodiscard]] const std::string& directory() const { return directory_.path(); }
    [[nodiscard]] bool is_running() { return process_ && !process_->poll(); }

private:
    [[nodiscard]] Result<void> wait_until_ready();

    TemporaryDirectory directory_;
    SocketLoop loop_;
    Endpoint carrier_listener_, livekit_listener_;
    IpAddress carrier_ip_;
    std::vector<std::unique_ptr<UserAgent>> probes_;  ///< one a start; the loop knows them all
    std::unique_ptr<Process> process_;
};

}  // namespace causeway::testing
