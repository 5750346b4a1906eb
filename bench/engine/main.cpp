/// The signalling plane alone: calls of 13 messages (INVITE, 100, 180, 200, ACK on both legs, BYE
/// from the carrier), no sockets, in-memory relay, virtual time at 500 calls/s, so that as much
/// lingers as in a real load. Prints CPU a call; docs/PERFORMANCE.md says how to count
/// instructions.
#include "support/fake_relay.hpp"
#include "support/manual_clock.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/store/store.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <span>
#include <string>
#include <string_view>

namespace causeway {
namespace {

constexpr std::uint64_t kCallsPerSecond = 500;
constexpr Millis kBetween{1000 / kCallsPerSecond};
constexpr std::size_t kHeld = 500;  ///< calls that are up at any time: one second's

constexpr std::string_view kConfig = R"(node: bench
interfaces:
  - {name: carriers, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10000-19999}
  - {name: livekit, side: livekit, bind: 127.0.0.1, sip: [udp:5080], rtp_ports: 20000-29999}
carriers:
  - {name: primary, interface: carriers, sources: [127.0.0.10/32], numbers: {country: DE}}
tenants:
  - {id: acme, domain: acme.example, dids: ["+493012345*"]}
cdr: {file: /nonexistent/cdr.jsonl}
gateway_groups:
  - {id: 1, name: default, gateways: [{name: lk, uri: "sip:127.0.0.20:5060"}]}
)";

constexpr std::string_view kSdp =
    "v=0\r\no=carrier 1 1 IN IP4 127.0.0.10\r\ns=-\r\nc=IN IP4 127.0.0.10\r\nt=0 0\r\n"
    "m=audio 6000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";
constexpr std::string_view kAnswer =
    "v=0\r\no=- 7 7 IN IP4 127.0.0.20\r\ns=LiveKit\r\nc=IN IP4 127.0.0.20\r\nt=0 0\r\n"
    "m=audio 11000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";

/// The value of a header as it stands in a message of ours; each stands once.
std::string_view value_of(std::string_view message, std::string_view name) {
    const std::size_t at = message.find("\r\n" + std::string(name) + ": ");
    if (at == std::string_view::npos) {
        return {};
    }
    const std::size_t begin = at + name.size() + 4;
    return message.substr(begin, message.find("\r\n", begin) - begin);
}

std::string_view inside_brackets(std::string_view value) {
    const std::size_t begin = value.find('<') + 1;
    return value.substr(begin, value.find('>') - begin);
}

std::string with_body(std::string head, std::string_view body) {
    if (!body.empty()) {
        head += "Content-Type: application/sdp\r\n";
    }
    return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class Bench final : private port::Wire, private port::EventSink {
public:
    explicit Bench(const config::Configuration& configuration);

    void begin(std::uint64_t number);
    void end(std::uint64_t number);
    void pass(Millis time);
    [[nodiscard]] std::uint64_t nanoseconds() const { return spent_; }
    [[nodiscard]] std::uint64_t records() const { return records_; }

private:
    void send(transaction::Key key, const sip::Target& to, std::string_view bytes) override;
    void emit(port::CallRecord record) noexcept override { records_ += record.answer ? 1 : 0; }
    void carrier_says(const std::string& bytes) {
        deliver(bytes, 1, {IpAddress::v4(127, 0, 0, 10), 5060});
    }
    void gateway_says(const std::string& bytes) {
        deliver(bytes, 2, {IpAddress::v4(127, 0, 0, 20), 5060});
    }
    void deliver(const std::string& bytes, std::uint64_t interface, const Endpoint& peer);
    void answer_as_gateway(std::string_view request);
    [[nodiscard]] std::string in_dialog(std::string_view method, std::uint64_t number,
                                        unsigned cseq) const;

    test::ManualClock clock_;
    std::unique_ptr<test::FakeRelay> relay_;
    std::unique_ptr<b2bua::Engine> engine_;
    std::deque<std::string> to_gateway_;
    std::string to_carrier_;                                ///< the newest 200 to an INVITE
    std::deque<std::pair<std::string, std::string>> held_;  ///< To and Contact of each call's 200
    std::uint64_t first_held_{};
    std::uint64_t spent_{};
    std::uint64_t records_{};
};

Bench::Bench(const config::Configuration& configuration) {
    std::vector<test::FakeRelay::Interface> interfaces;
    for (const config::Interface& each : configuration.startup.interfaces) {
        interfaces.push_back({each.id, each.advertise, each.rtp_first, each.rtp_last});
    }
    relay_ = std::make_unique<test::FakeRelay>(std::move(interfaces), clock_);
    b2bua::Options options;
    options.interfaces = configuration.startup.interfaces;
    options.config = configuration.snapshot;
    engine_ = b2bua::make_engine(std::move(options), clock_, *this);
    engine_->attach(*this, *relay_);
    relay_->listen(*engine_);
}

std::uint64_t cpu_now() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(time.tv_nsec);
}

void Bench::deliver(const std::string& bytes, std::uint64_t interface, const Endpoint& peer) {
    const std::uint64_t before = cpu_now();
    engine_->on_message(std::as_bytes(std::span(bytes)),
                        {InterfaceId{interface}, peer, sip::Transport::Udp, {}});
    spent_ += cpu_now() - before;
}

void Bench::send(transaction::Key /*key*/, const sip::Target& to, std::string_view bytes) {
    if (to.interface == InterfaceId{2}) {
        to_gateway_.emplace_back(bytes);
    } else if (bytes.substr(0, 11) == "SIP/2.0 200" && value_of(bytes, "CSeq") == "1 INVITE") {
        to_carrier_ = bytes;
    }
}

void Bench::answer_as_gateway(std::string_view request) {
    const auto answer = [&](std::string_view status, std::string_view body) {
        std::string text = "SIP/2.0 " + std::string(status) + "\r\n";
        for (const char* name : {"Via", "From", "Call-ID", "CSeq"}) {
            text.append(name).append(": ").append(value_of(request, name)).append("\r\n");
        }
        text.append("To: ").append(value_of(request, "To"));
        if (value_of(request, "To").find(";tag=") == std::string_view::npos) {
            text.append(";tag=SCL_bench");
        }
        text.append("\r\nContact: <sip:127.0.0.20:5060>\r\n");
        gateway_says(with_body(std::move(text), body));
    };
    if (request.substr(0, 6) == "INVITE") {
        answer("100 Processing", {});
        answer("180 Ringing", {});
        answer("200 OK", kAnswer);
    } else if (request.substr(0, 3) == "BYE") {
        answer("200 OK", {});
    }
}

void Bench::begin(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    std::string text =
        "INVITE sip:03012345" + digits +
        "@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bKi" + digits +
        ";rport\r\nMax-Forwards: 70\r\nFrom: \"Load\" <sip:015112345678@127.0.0.10>;tag=t" +
        digits + "\r\nTo: <sip:03012345" + digits + "@127.0.0.1:5060>\r\nCall-ID: c" + digits +
        "@127.0.0.10\r\nCSeq: 1 INVITE\r\nContact: <sip:015112345678@127.0.0.10:5060>\r\n"
        "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nSupported: timer, 100rel\r\n"
        "User-Agent: carrier\r\n";
    carrier_says(with_body(std::move(text), kSdp));
    while (!to_gateway_.empty()) {
        const std::string request = std::move(to_gateway_.front());
        to_gateway_.pop_front();
        answer_as_gateway(request);
    }
    held_.emplace_back(value_of(to_carrier_, "To"),
                       inside_brackets(value_of(to_carrier_, "Contact")));
    if (held_.size() == 1) {
        first_held_ = number;
    }
    carrier_says(in_dialog("ACK", number, 1));
}

std::string Bench::in_dialog(std::string_view method, std::uint64_t number, unsigned cseq) const {
    const std::string digits = std::to_string(number);
    const auto& [to, contact] = held_[number - first_held_];
    return with_body(
        std::string(method) + " " + contact +
            " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK" + std::string(method) +
            digits +
            ";rport\r\nMax-Forwards: 70\r\nFrom: \"Load\" <sip:015112345678@127.0.0.10>;tag=t" +
            digits + "\r\nTo: " + to + "\r\nCall-ID: c" + digits +
            "@127.0.0.10\r\nCSeq: " + std::to_string(cseq) + " " + std::string(method) + "\r\n",
        {});
}

void Bench::end(std::uint64_t number) {
    carrier_says(in_dialog("BYE", number, 2));
    held_.pop_front();
    ++first_held_;
    while (!to_gateway_.empty()) {
        const std::string request = std::move(to_gateway_.front());
        to_gateway_.pop_front();
        answer_as_gateway(request);
    }
}

void Bench::pass(Millis time) {
    clock_.advance(time);
    relay_->pump();
    const auto due = engine_->deadline();
    if (due && *due <= clock_.now()) {
        const std::uint64_t before = cpu_now();
        engine_->advance();
        spent_ += cpu_now() - before;
    }
}

int run(std::uint64_t calls) {
    std::array<char, 32> path{"/tmp/causeway-bench-XXXXXX"};
    const int descriptor = ::mkstemp(path.data());
    if (::write(descriptor, kConfig.data(), kConfig.size()) !=
        static_cast<ssize_t>(kConfig.size())) {
        return 1;
    }
    ::close(descriptor);
    const auto loaded = store::make_yaml_store({path.data(), store::Layer::File, {}})->load();
    ::unlink(path.data());
    if (!loaded) {
        std::fputs(loaded.error().front().to_string().c_str(), stderr);
        return 1;
    }
    Bench bench(*loaded);
    for (std::uint64_t i = 0; i < calls + kHeld; ++i) {
        if (i < calls) {
            bench.begin(100'000 + i);
        }
        if (i >= kHeld) {
            bench.end(100'000 + i - kHeld);
        }
        bench.pass(kBetween);
    }
    std::printf("%llu calls, %llu answered and recorded, %.2f us a call\n",
                static_cast<unsigned long long>(calls),
                static_cast<unsigned long long>(bench.records()),
                static_cast<double>(bench.nanoseconds()) / 1000.0 / static_cast<double>(calls));
    return bench.records() == calls ? 0 : 1;
}

}  // namespace
}  // namespace causeway

int main(int argc, char** argv) {
    return causeway::run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000);
}
