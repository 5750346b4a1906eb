#include "support/ua/daemon_bench.hpp"

#include <signal.h>
#include <unistd.h>

#include <filesystem>
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
    write(options);
    std::vector<std::string> command{"env"};
    command.insert(command.end(), options.environment.begin(), options.environment.end());
    command.insert(command.end(),
                   {options.causeway, "serve", "--config", directory() + "/causeway.yaml"});
    if (!options.descriptors.empty()) {
        command.insert(command.begin(), {"prlimit", "--nofile=" + options.descriptors});
    }
    CAUSEWAY_TRY(auto process, Process::start(command, directory() + "/log"));
    process_ = std::make_unique<Process>(std::move(process));
    return wait_until_ready();
}

void DaemonBench::write(const Options& options) const {
    write(configuration(options));
}

void DaemonBench::write(const std::string& yaml) const {
    const std::string path = directory() + "/causeway.yaml";
    std::ofstream(path + ".new") << yaml;
    std::filesystem::rename(path + ".new", path);  // it may be read at this moment
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
    yaml << "tenants:\n  - {id: demo, domain: demo.example, dids: [" << options.dids << "]}\n"
         << "cdr: {file: " << directory() << "/" << options.cdr_file << "}\n"
         << "control: {listen: " << control().to_string() << options.control_keys << "}\n"
         << "metrics: {listen: " << metrics().to_string()
         << ", max_tenants: " << options.max_tenants << "}\n"
         << options.extra << '\n';
    return yaml.str();
}

Result<void> DaemonBench::wait_until_ready() {
    CAUSEWAY_TRY(const Endpoint address, loop_.bind({carrier_ip_, 0}));
    UserAgent& probe = *probes_.emplace_back(
        std::make_unique<UserAgent>(UserAgent::Options{.sip = address, .rtp = address}));
    loop_.join(probe, address);
    const Time end = SocketLoop::now() + kReadiness;
    while (probe.status_of("OPTIONS") == 0) {
        if (!is_running() || SocketLoop::now() > end) {
            return fail(Errc::Io, "the daemon did not start: " + log());
        }
        probe.request(
            "OPTIONS",
            {.target = carrier_listener_, .request_uri = "sip:" + carrier_listener_.to_string()},
            SocketLoop::now());
        loop_.run(Millis{100}, [&] { return probe.status_of("OPTIONS") != 0 || !is_running(); });
    }
    return {};
}

void DaemonBench::hang_up() {
    ::kill(pid(), SIGHUP);
}

void DaemonBench::drain() {
    process_->terminate();
}

void DaemonBench::kill() {
    ::kill(pid(), SIGKILL);
    process_->wait();
}

int DaemonBench::stop() {
    return process_ ? process_->stop() : -1;
}

std::vector<std::string> DaemonBench::cdrs(const std::string& name) const {
    std::vector<std::string> lines;
    std::ifstream file(directory() + "/" + name);
    std::string line;
    while (std::getline(file, line)) {
        lines.push_back(line);
    }
    return lines;
}

bool DaemonBench::await_log(std::string_view text, std::size_t times) {
    return loop_.run(kReadiness, [&] {
        const std::string all = log();
        std::size_t seen = 0;
        for (std::size_t at = 0; (at = all.find(text, at)) != std::string::npos; ++at) {
            ++seen;
        }
        return seen >= times;
    });
}

std::string DaemonBench::log() const {
    std::ifstream file(directory() + "/log");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace causeway::testing
