/// latency --interface IF --in ADDRESS --out ADDRESS   how long an INVITE takes through what
/// listens on ADDRESS (--in): from the datagram that goes there to the one that comes to ADDRESS
/// (--out) with the same user in its Request-URI, by the kernel's own time stamps. Prints one JSON
/// object at SIGTERM or SIGINT. Wants CAP_NET_RAW.
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::bench {
namespace {

constexpr int kBuffer = 8 * 1024 * 1024;
constexpr std::size_t kUdpPayload = 14 + 20 + 8;  // Ethernet, IPv4 without options, UDP
constexpr std::size_t kIpDestination = 14 + 16;

struct Options {
    unsigned interface {};
    in_addr in{};
    in_addr out{};
};

std::optional<Options> read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--interface") {
            options.interface = ::if_nametoindex(argv[i + 1]);
        } else if (name == "--in") {
            ::inet_pton(AF_INET, argv[i + 1], &options.in);
        } else if (name == "--out") {
            ::inet_pton(AF_INET, argv[i + 1], &options.out);
        }
    }
    if (argc != 7 || options.interface == 0 || options.in.s_addr == 0 || options.out.s_addr == 0) {
        return std::nullopt;
    }
    return options;
}

/// Sees what enters and leaves the interface, INVITEs over UDP and IPv4 alone. Negative: it cannot.
int open_tap(unsigned interface) {
    const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    std::array<sock_filter, 8> steps{{
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETHERTYPE_IP, 0, 5),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kUdpPayload),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x494E5649, 0, 1),  // "INVI"
        BPF_STMT(BPF_RET | BPF_K, 256),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    const sock_fprog program{.len = static_cast<unsigned short>(steps.size()),
                             .filter = steps.data()};
    const int on = 1;
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(interface);
    if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
        ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0 ||
        ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer) != 0 ||
        ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return -1;
    }
    return fd;
}

struct Seen {
    std::int64_t at{};  ///< ns
    in_addr to{};
    std::string user;
};

std::int64_t time_of(msghdr& header) {
    for (cmsghdr* one = CMSG_FIRSTHDR(&header); one != nullptr; one = CMSG_NXTHDR(&header, one)) {
        if (one->cmsg_level == SOL_SOCKET && one->cmsg_type == SCM_TIMESTAMPNS) {
            timespec time{};
            std::memcpy(&time, CMSG_DATA(one), sizeof time);
            return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
        }
    }
    return 0;
}

/// Empty: nothing there, or not an INVITE as ours are.
std::optional<Seen> next(int fd) {
    std::array<char, 256> bytes{};
    alignas(cmsghdr) std::array<char, 128> control{};
    iovec vector{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(fd, &header, 0);
    if (size < static_cast<ssize_t>(kUdpPayload)) {
        return std::nullopt;
    }
    const std::string_view line(bytes.data() + kUdpPayload,
                                static_cast<std::size_t>(size) - kUdpPayload);
    const std::size_t colon = line.find(':');
    const std::size_t at = line.find('@');
    if (colon == std::string_view::npos || at == std::string_view::npos || at < colon) {
        return std::nullopt;
    }
    Seen seen{.at = time_of(header), .user = std::string(line.substr(colon + 1, at - colon - 1))};
    std::memcpy(&seen.to, bytes.data() + kIpDestination, sizeof seen.to);
    return seen;
}

void print(std::vector<std::int64_t> took, std::size_t waiting) {
    std::sort(took.begin(), took.end());
    const auto at = [&](std::size_t permille) {
        if (took.empty()) {
            return 0.0;
        }
        const std::size_t index = std::min(took.size() - 1, took.size() * permille / 1000);
        return static_cast<double>(took[index]) / 1000;
    };
    std::printf(
        "{\"count\": %zu, \"lost\": %zu, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": "
        "%.1f}\n",
        took.size(), waiting, at(500), at(990), at(1000));
}

/// Readable once SIGTERM or SIGINT has come.
int open_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

int run(const Options& options) {
    const int tap = open_tap(options.interface);
    const int signals = open_signals();
    if (tap < 0 || signals < 0) {
        std::perror("latency");
        return EXIT_FAILURE;
    }
    std::array<pollfd, 2> either{{{.fd = tap, .events = POLLIN, .revents = 0},
                                  {.fd = signals, .events = POLLIN, .revents = 0}}};
    std::unordered_map<std::string, std::int64_t> waiting;
    std::vector<std::int64_t> took;
    while (::poll(either.data(), either.size(), -1) > 0 && either[1].revents == 0) {
        std::optional<Seen> seen = next(tap);
        if (!seen) {
            continue;
        }
        if (seen->to.s_addr == options.in.s_addr) {
            waiting.try_emplace(std::move(seen->user), seen->at);  // the first, if it is repeated
        } else if (seen->to.s_addr == options.out.s_addr) {
            if (auto node = waiting.extract(seen->user); !node.empty()) {
                took.push_back(seen->at - node.mapped());
            }
        }
    }
    print(std::move(took), waiting.size());
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace causeway::bench

int main(int argc, char** argv) {
    const auto options = causeway::bench::read_options(argc, argv);
    if (!options) {
        std::fputs("usage: latency --interface IF --in ADDRESS --out ADDRESS\n", stderr);
        return 2;
    }
    return causeway::bench::run(*options);
}
