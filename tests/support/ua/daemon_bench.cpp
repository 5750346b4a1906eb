#include "support/ua/daemon_bench.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace causeway::testing {
namespace {

constexpr Millis kReadiness{15'000};

std::string listening(const Endpoint& at) {
    const std::string port = std::to_string(at.port);
    return "bind: '" + at.ip.to_string() + "', sip: [udp:" + port + ", tcp:" + port + "]";
}

}  // namespace

IpAddress DaemonBench::address(std::uint8_t last) {
    const auto pid = static_cast<unsigned int>(getpid());
    return IpAddress::v4(127, static_cast<std::uint8_t>(1 + pid % 200),
                         static_cast<std::uint8_t>(pid / 200 % 250), last);
}

Result<Endpoint> DaemonBench::unused(const IpAddress& ip) {
    return SocketLoop().bind({ip, 0});
}

Result<void> DaemonBench::start(const Options& options) {
    carrier_ip_ = options.carrier;
    carrier_listener_ = options.carrier_listener;
    livekit_listener_ = options.livekit_listener;
    std::ofstream(directory() + "/causeway.yaml") << configuration(options);
    std::vector<std::string> command{options.causeway, "serve", "--config",
                                     directory() + "/causeway.yaml"};
    if (!options.descriptors.empty()) {
        command.insert(command.begin(), {"prlimit", "--nofile=" + options.descriptors});
    }
    CAUSEWAY_TRY(auto process, Process::start(command, directory() + "/log"));
    process_ = std::make_unique<Process>(std::move(process));
    return wait_until_ready();
}

std::string DaemonBench::configuration(const Options& options) const {
    std::ostringstream yaml;
    yaml << "node: test\ninterfaces:\n"
         << "  - {name: carriers, side: carrier, " << listening(carrier_listener_)
         << ", rtp_ports: 10000-10099}\n"
         << "  - {name: livekit, side: livekit, " << listening(livekit_listener_)
         << ", rtp_ports: 15000-15099}\n"
         << "carriers:\n  - name: test\n    interface: carriers\n    sources: ['"
         << carrier_ip_.to_string() << "']\n    numbers: {country: DE}\n";
    if (!options.carrier_keys.empty()) {
        yaml << "    " << options.carrier_keys << '\n';
    }
    yaml << "gateway_groups:\n  - id: 1\n    name: default\n    gateways:\n";
    for (std::size_t i = 0; i < options.gateways.size(); ++i) {
        yaml << "      - {name: gw" << i << ", kind: " << options.gateway_kind
             << ", priority: " << 100 - i << ", uri: \"sip:" << options.gateways[i].to_string()
             << options.gateway_params << "\"}\n";
    }
    yaml << "tenants:\n  - {id: demo, domain: demo.example, dids: [\"+493012345*\"]}\n"
         << "cdr: {file: " << directory() << "/cdr.jsonl}\n"
         << options.extra << '\n';
    return yaml.str();
}

Result<void> DaemonBench::wait_until_ready() {
    CAUSEWAY_TRY(const Endpoint address, loop_.bind({carrier_ip_, 0}));
    probe_ = std::make_unique<UserAgent>(UserAgent::Options{.sip = address, .rtp = address});
    loop_.join(*probe_, address);
    const Time end = SocketLoop::now() + kReadiness;
    while (probe_->status_of("OPTIONS") == 0) {
        if (!is_running() || SocketLoop::now() > end) {
            return fail(Errc::Io, "the daemon did not start: " + log());
        }
        probe_->request(
            "OPTIONS",
            {.target = carrier_listener_, .request_uri = "sip:" + carrier_listener_.to_string()},
            SocketLoop::now());
        loop_.run(Millis{100}, [&] { return probe_->status_of("OPTIONS") != 0 || !is_running(); });
    }
    return {};
}

void DaemonBench::drain() {
    process_->terminate();
}

int DaemonBench::stop() {
    return process_ ? process_->stop() : -1;
}

std::vector<std::string> DaemonBench::cdrs() const {
    std::vector<std::string> lines;
    std::ifstream file(directory() + "/cdr.jsonl");
    std::string line;
    while (std::getline(file, line)) {
        lines.push_back(line);
    }
    return lines;
}

std::string DaemonBench::log() const {
    std::ifstream file(directory() + "/log");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace causeway::testing
