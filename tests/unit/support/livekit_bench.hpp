#pragma once

#include "support/fake_livekit/fake_livekit.hpp"
#include "support/ua/sip_text.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::testing {

/// Drives a FakeLivekit by hand with messages of our own, as the recording's user agent did.
class LivekitBench {
public:
    static constexpr std::uint16_t kPort = 44766;

    explicit LivekitBench(FakeLivekit::Options options = {}) : lk(with_address(options)) {}

    static std::string recorded(const std::string& name) {
        std::ifstream file(CAUSEWAY_SOURCE_DIR "/tests/data/livekit/" + name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static std::string replaced(std::string text, std::string_view from, std::string_view to) {
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
            text.replace(at, from.size(), to);
            at += to.size();
        }
        return text;
    }

    /// The recorded INVITE with its own branch, Call-ID and From-tag derived from `id`.
    static std::string invite(std::string_view id, std::string_view number = "+15550100") {
        std::string text = recorded("inbound-invite.sip");
        text = replaced(text, "56szxzcg27", id);
        text = replaced(text, "rqiydxzcoqnihopw", id);
        text = replaced(text, "wzq3qtxl2v", id);
        return replaced(text, "+15550100", number);
    }
    /// A request inside the dialog of `invite(id)`.
    [[nodiscard]] std::string inside(std::string_view method, std::string_view id, int cseq,
                                     std::string_view headers = {}, std::string_view body = {}) {
        const std::string name(id);
        const std::string number = std::to_string(cseq) + " " + std::string(method);
        return std::string(method) + " sip:127.0.0.21:5070;transport=udp SIP/2.0\r\n" +
               "Via: SIP/2.0/UDP 127.0.0.10:44766;branch=z9hG4bK" + name + number.substr(0, 1) +
               std::string(method) + std::to_string(cseq) + ";rport\r\nMax-Forwards: 70\r\n" +
               "From: <sip:+4930111111@127.0.0.10>;tag=" + name +
               "\r\nTo: <sip:+15550100@127.0.0.21:5070>;tag=" + scl_id + "\r\nCall-ID: " + name +
               "@carrier.example\r\nCSeq: " + number +
               "\r\nContact: <sip:ua@127.0.0.10:44766>\r\n" + std::string(headers) +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    }

    /// Delivers a message; what came out of it joins `out`.
    void send(std::string_view bytes) {
        lk.on_sip(bytes, {IpAddress::v4(127, 0, 0, 10), kPort}, now);
        collect();
    }
    void rtp() {
        const std::string packet("\x80\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01 ", 13);
        for (const auto& call : lk.live()) {
            lk.on_rtp(call.local_rtp, packet, {IpAddress::v4(127, 0, 0, 10), 43770}, now);
        }
        collect();
    }
    void wait(Millis span) {
        const Time end = now + span;
        while (lk.deadline() && *lk.deadline() <= end) {
            now = std::max(now, *lk.deadline());
            lk.advance(now);
            collect();
        }
        now = end;
    }

    /// An answered and acknowledged call.
    void establish(std::string_view id) {
        send(invite(id));
        wait(Millis{20});
        send(inside("ACK", id, 1));
        wait(Millis{1000});
        out.clear();
    }

    /// Start lines of SIP messages since `out` was cleared.
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto& [at, bytes] : out) {
            all.push_back(bytes.substr(0, bytes.find("\r\n")));
        }
        return all;
    }
    /// The newest SIP message that begins so; empty: none.
    [[nodiscard]] std::string last(std::string_view prefix) const {
        for (auto item = out.rbegin(); item != out.rend(); ++item) {
            if (item->second.starts_with(prefix)) {
                return item->second;
            }
        }
        return {};
    }

    FakeLivekit lk;
    Time now{};
    std::vector<std::pair<Time, std::string>> out;  ///< SIP only
    std::size_t rtp_out{};
    std::vector<Endpoint> rtp_to;
    std::vector<Endpoint> sip_to;
    std::string scl_id;  ///< To-tag of the newest response to an INVITE

private:
    static FakeLivekit::Options with_address(FakeLivekit::Options options) {
        options.sip = {IpAddress::v4(127, 0, 0, 21), 5070};
        if (options.numbers.empty()) {
            options.numbers = {{"+15550100", Behaviour::answer(Millis{20})}};
        }
        return options;
    }
    void collect() {
        while (auto datagram = lk.poll()) {
            if (datagram->from.port != 5070) {
                ++rtp_out;
                rtp_to.push_back(datagram->to);
                continue;
            }
            const auto message = SipText::parse(datagram->bytes);
            if (message && message->method() == "INVITE" && message->status() != 0) {
                scl_id = message->to_tag();
            }
            sip_to.push_back(datagram->to);
            out.emplace_back(now, std::move(datagram->bytes));
        }
    }
};

}  // namespace causeway::testing
