/// blaster --from ADDRESS --to ADDRESS:PORT --rate N --seconds S   new INVITEs at a steady rate,
/// each a call of its own, whatever comes back: a carrier's dialler that has lost its mind. Nothing
/// is read or repeated. Prints one JSON object: how many were sent, how many the kernel refused.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::bench {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kTick = 1'000'000;  ///< ns between bursts
constexpr std::size_t kBatch = 64;         ///< datagrams a sendmmsg
constexpr std::uint16_t kPort = 5062;

struct Options {
    std::string from;
    sockaddr_in to{};
    std::uint64_t rate{};
    std::uint64_t seconds{};
};

/// Port 0: no address.
sockaddr_in endpoint(const std::string& address, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    if (::inet_pton(AF_INET, address.c_str(), &result.sin_addr) == 1) {
        result.sin_port = htons(port);
    }
    return result;
}

std::optional<Options> read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string value = argv[i + 1];
        if (name == "--from") {
            options.from = value;
        } else if (name == "--to") {
            const std::size_t colon = std::min(value.find(':'), value.size());
            options.to = endpoint(
                value.substr(0, colon),
                static_cast<std::uint16_t>(std::strtoul(
                    value.substr(std::min(colon + 1, value.size())).c_str(), nullptr, 10)));
        } else if (name == "--rate") {
            options.rate = std::strtoull(value.c_str(), nullptr, 10);
        } else if (name == "--seconds") {
            options.seconds = std::strtoull(value.c_str(), nullptr, 10);
        }
    }
    if (argc != 9 || options.to.sin_port == 0 || options.rate == 0 || options.seconds == 0 ||
        endpoint(options.from, kPort).sin_port == 0) {
        return std::nullopt;
    }
    return options;
}

std::string invite(const Options& options, std::uint64_t number) {
    std::array<char, 12> digits{};
    std::snprintf(digits.data(), digits.size(), "%07llu",
                  static_cast<unsigned long long>(number % 10'000'000));
    const std::string user = "+4930222" + std::string(digits.data());
    const std::string id = std::to_string(::getpid()) + "x" + std::to_string(number);
    const std::string body =
        "v=0\r\no=carrier 1 1 IN IP4 " + options.from + "\r\ns=-\r\nc=IN IP4 " + options.from +
        "\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n"
        "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
        "a=ptime:20\r\na=sendrecv\r\n";
    const std::string here = options.from + ":" + std::to_string(kPort);
    return "INVITE sip:" + user + "@customer-a.com SIP/2.0\r\nVia: SIP/2.0/UDP " + here +
           ";branch=z9hG4bK" + id + "\r\nMax-Forwards: 70\r\nFrom: <sip:+15550001111@" +
           options.from + ">;tag=b" + id + "\r\nTo: <sip:" + user +
           "@customer-a.com>\r\nCall-ID: " + id + "@" + options.from +
           "\r\nCSeq: 1 INVITE\r\nContact: <sip:+15550001111@" + here +
           ">\r\nUser-Agent: blaster\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n"
           "Content-Type: application/sdp\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Bound, so that answers are not sent back as unreachable; with hardly any room for them.
/// Negative: it cannot.
int open_socket(const Options& options) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int small = 1;
    const int large = 4 * 1024 * 1024;
    const sockaddr_in local = endpoint(options.from, kPort);
    if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) != 0 ||
        ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &large, sizeof large) != 0 ||
        ::bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
        ::connect(fd, reinterpret_cast<const sockaddr*>(&options.to), sizeof options.to) != 0) {
        return -1;
    }
    return fd;
}

struct Sent {
    std::uint64_t good{};
    std::uint64_t refused{};
};

void burst(int fd, const Options& options, std::uint64_t first, std::size_t count, Sent& sent) {
    std::array<std::string, kBatch> texts;
    std::array<iovec, kBatch> vectors{};
    std::array<mmsghdr, kBatch> headers{};
    for (std::size_t i = 0; i < count; ++i) {
        texts[i] = invite(options, first + i);
        vectors[i] = {.iov_base = texts[i].data(), .iov_len = texts[i].size()};
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int taken = ::sendmmsg(fd, headers.data(), static_cast<unsigned>(count), 0);
    const std::size_t good = taken > 0 ? static_cast<std::size_t>(taken) : 0;
    sent.good += good;
    sent.refused += count - good;
}

std::int64_t now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec;
}

int run(const Options& options) {
    const int fd = open_socket(options);
    if (fd < 0) {
        std::perror("blaster");
        return EXIT_FAILURE;
    }
    const std::int64_t start = now();
    const auto lasts = static_cast<std::int64_t>(options.seconds) * kSecond;
    Sent sent;
    std::uint64_t number = 0;
    for (std::int64_t tick = kTick; tick <= lasts; tick += kTick) {
        const timespec until{.tv_sec = (start + tick) / kSecond,
                             .tv_nsec = (start + tick) % kSecond};
        ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
        const auto due = static_cast<std::uint64_t>(tick / kTick) * options.rate / 1000;
        while (number < due) {
            const std::size_t count = std::min<std::uint64_t>(kBatch, due - number);
            burst(fd, options, number, count, sent);
            number += count;
        }
    }
    ::close(fd);
    std::printf("{\"sent\": %llu, \"refused\": %llu}\n", static_cast<unsigned long long>(sent.good),
                static_cast<unsigned long long>(sent.refused));
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace causeway::bench

int main(int argc, char** argv) {
    const auto options = causeway::bench::read_options(argc, argv);
    if (!options) {
        std::fputs("usage: blaster --from ADDRESS --to ADDRESS:PORT --rate N --seconds S\n",
                   stderr);
        return 2;
    }
    return causeway::bench::run(*options);
}
