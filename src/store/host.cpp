#include "draft.hpp"
#include "secret.hpp"
#include "text.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

namespace causeway::store {
namespace {

namespace fs = std::filesystem;

struct FreeAddresses {
    void operator()(ifaddrs* list) const noexcept { freeifaddrs(list); }
};

std::optional<IpAddress> to_address(const sockaddr* address) {
    if (address == nullptr) {
        return std::nullopt;
    }
    IpAddress ip;
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::array<std::uint8_t, 4> octets{};
        std::memcpy(octets.data(), &v4.sin_addr, octets.size());
        return IpAddress::v4(octets[0], octets[1], octets[2], octets[3]);
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, address, sizeof v6);
        std::memcpy(ip.bytes.data(), &v6.sin6_addr, ip.bytes.size());
        return ip;
    }
    return std::nullopt;
}

/// Every address of this host, in the system's order, each once.
std::vector<IpAddress> own_addresses() {
    std::vector<IpAddress> all;
    ifaddrs* raw = nullptr;
    if (getifaddrs(&raw) != 0) {
        return all;
    }
    const std::unique_ptr<ifaddrs, FreeAddresses> list(raw);
    for (const ifaddrs* one = list.get(); one != nullptr; one = one->ifa_next) {
        const auto ip = to_address(one->ifa_addr);
        if (ip && std::find(all.begin(), all.end(), *ip) == all.end()) {
            all.push_back(*ip);
        }
    }
    return all;
}

void check_binds(const std::vector<IpAddress>& own, Draft& draft) {
    std::vector<std::string> names;
    names.reserve(own.size());
    for (const IpAddress& ip : own) {
        names.push_back(ip.to_string());
    }
    const auto& interfaces = draft.snapshot.interfaces;
    for (std::size_t i = 0; i < interfaces.size(); ++i) {
        const IpAddress& bind = interfaces[i].bind;
        if (bind.is_unspecified() || (bind.is_v4() && bind.is_loopback()) ||
            std::find(own.begin(), own.end(), bind) != own.end()) {
            continue;
        }
        const auto instead = std::find_if(own.begin(), own.end(), [&](const IpAddress& ip) {
            return !ip.is_loopback() && ip.is_v4() == bind.is_v4();
        });
        const std::string advice = instead == own.end()
                                       ? std::string{}
                                       : "; behind NAT write bind: " + instead->to_string() +
                                             ", advertise: " + bind.to_string();
        draft.problems.error(draft.interface_lines[i],
                             "interfaces[].bind: " + bind.to_string() +
                                 " is no address of this host, which has " + join(names) + advice);
    }
}

/// Where HTTP is served: any address, or one of this host.
void check_listen(const Value& listen, const std::vector<IpAddress>& own, Draft& draft) {
    const auto* endpoint = listen.get<Endpoint>();
    if (endpoint == nullptr || endpoint->ip.is_unspecified() || endpoint->ip.is_loopback() ||
        std::find(own.begin(), own.end(), endpoint->ip) != own.end()) {
        return;
    }
    complain(draft, listen, endpoint->ip.to_string() + " is no address of this host");
}

std::string last_error() {
    return std::generic_category().message(errno);
}

/// Empty if the file can be appended to, or made (with its last folder).
std::string why_not_writable(const fs::path& file) {
    std::error_code error;
    if (fs::is_directory(file, error)) {
        return "is a folder";
    }
    if (fs::exists(file, error)) {
        return access(file.c_str(), W_OK) == 0 ? std::string{} : last_error();
    }
    fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (!fs::exists(folder, error)) {
        folder = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
    }
    if (!fs::is_directory(folder, error)) {
        return folder.string() + " is no folder";
    }
    if (access(folder.c_str(), W_OK | X_OK) == 0) {
        return {};
    }
    return folder.string() + ": " + last_error();
}

/// Ports that the kernel hands to other programs' outgoing sockets may be gone when a call needs
/// them.
void check_ephemeral_ports(const Value& interfaces, Draft& draft) {
    std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
    int first = 0;
    int last = 0;
    if (!(in >> first >> last)) {
        return;
    }
    for (const Value& value : interfaces.children) {
        const Value& ports = value["rtp_ports"];
        const auto* range = ports.get<PortRange>();
        if (range != nullptr && range->first <= last && first <= range->last) {
            draft.problems.warn(ports.line,
                                std::string(ports.key->path) +
                                    ": overlaps the ports that the kernel gives to others, " +
                                    std::to_string(first) + "-" + std::to_string(last) +
                                    " (net.ipv4.ip_local_port_range)");
        }
    }
}

void check_port(const Value& value, const Endpoint& local, sip::Transport transport,
                const Options& options, Draft& draft) {
    const auto obstacle = options.obstacle(local, transport);
    if (!obstacle) {
        return;
    }
    const std::string message = std::string(value.key->path) + ": " + obstacle->what;
    obstacle->severity == config::Severity::Warning ? draft.problems.warn(value.line, message)
                                                    : draft.problems.error(value.line, message);
}

/// Everything that `serve` would listen on.
void check_listeners(const Value& file, const Options& options, Draft& draft) {
    const auto& interfaces = draft.snapshot.interfaces;
    for (std::size_t i = 0; i < interfaces.size(); ++i) {
        for (const Value& element : file["interfaces"].children[i]["sip"].children) {
            const auto* listener = element.get<ListenerText>();
            if (listener != nullptr && !interfaces[i].bind.is_unspecified()) {
                check_port(element, {interfaces[i].bind, listener->port}, listener->transport,
                           options, draft);
            }
        }
    }
    for (const char* section : {"control", "metrics"}) {
        const Value& listen = file[section]["listen"];
        const auto* local = listen.get<Endpoint>();
        if (local != nullptr && file[section].key->effect == Effect::Full &&
            listen.key->effect == Effect::Full) {
            check_port(listen, *local, sip::Transport::Tcp, options, draft);
        }
    }
}

/// Secrets that are not there. Where they would not be used in this version anyway, only a warning.
void check_secrets(const Value& value, bool is_idle, Draft& draft) {
    if (value.key != nullptr && value.key->effect == Effect::Later) {
        is_idle = true;
    }
    for (const Value& child : value.children) {
        check_secrets(child, is_idle, draft);
    }
    const auto* text = value.get<std::string>();
    if (text == nullptr || !value.given || value.key->form != Form::Secret) {
        return;
    }
    const auto source = parse_secret(*text);
    const auto secret = source ? fetch_secret(*source) : Result<std::string, std::string>{};
    if (!secret) {
        const std::string message = std::string(value.key->path) + ": " + secret.error();
        is_idle ? draft.problems.warn(value.line, message)
                : draft.problems.error(value.line, message);
    }
}

}  // namespace

void check_host(const Value& file, const Options& options, Draft& draft) {
    const auto own = options.addresses ? options.addresses() : own_addresses();
    check_binds(own, draft);
    check_listen(file["control"]["listen"], own, draft);
    check_ephemeral_ports(file["interfaces"], draft);
    if (options.obstacle) {
        check_listeners(file, options, draft);
    }
    check_secrets(file, false, draft);
    const Value& cdr = file["cdr"]["file"];
    if (const auto* path = cdr.get<std::string>()) {
        if (const std::string reason = why_not_writable(*path); !reason.empty()) {
            complain(draft, cdr, *path + ": cannot be written: " + reason);
        }
    }
}

}  // namespace causeway::store
