#include "support/sim/vandal.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::testing::sim {

Vandal::Vandal(Around& around, Endpoint address, Endpoint sbc, std::string mark)
    : around_(around), address_(address), sbc_(sbc), mark_(std::move(mark)) {}

std::string Vandal::message(std::string_view method, const std::string& number) {
    Chance& chance = around_.chance();
    const std::string at = address_.to_string();
    std::string text;
    if (chance.percent(15)) {
        text = "SIP/2.0 " + std::to_string(100 + chance.below(600)) + " So\r\n";
    } else {
        text = std::string(method) + " sip:" + number + "@127.0.0.1 SIP/2.0\r\n";
    }
    text.append("Via: SIP/2.0/UDP " + at + ";branch=z9hG4bK" + mark_ + chance.token(8) +
                ";rport\r\nMax-Forwards: " + std::to_string(chance.below(3) * 35) + "\r\n");
    text.append("From: <sip:v@" + at + ">;tag=" + mark_ + chance.token(4) +
                "\r\nTo: <sip:" + number + "@127.0.0.1>" +
                (chance.percent(20) ? ";tag=" + chance.token(4) : "") + "\r\n");
    text.append("Call-ID: " + mark_ + chance.token(6) + "\r\nCSeq: 1 ");
    text.append(method).append("\r\nContact: <sip:v@" + at + ">\r\n");
    const std::string body =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 8\r\n";
    return text.append("Content-Type: application/sdp\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body);
}

void Vandal::mutilate(std::string& text) {
    Chance& chance = around_.chance();
    switch (chance.below(4)) {
        case 0:
            text.resize(chance.below(text.size()));
            break;
        case 1:
            text.insert(chance.below(text.size()), chance.token(chance.below(40)));
            break;
        case 2:
            text.erase(chance.below(text.size()), chance.below(60));
            break;
        default:
            for (std::uint64_t i = 1 + chance.below(6); i > 0 && !text.empty(); --i) {
                text[chance.below(text.size())] = static_cast<char>(chance.below(256));
            }
            break;
    }
}

void Vandal::strike(const std::string& number) {
    constexpr std::array kMethods{"INVITE",  "INVITE", "ACK",      "BYE",  "CANCEL",
                                  "OPTIONS", "PRACK",  "REGISTER", "INFO", "FOO"};
    Chance& chance = around_.chance();
    std::string text = message(chance.pick(kMethods), number);
    for (std::uint64_t i = chance.below(3); i > 0 && !text.empty(); --i) {
        mutilate(text);
    }
    around_.send(address_, sbc_, text);
    if (chance.percent(30)) {
        around_.send(address_, sbc_, std::move(text));
    }
}

}  // namespace causeway::testing::sim
