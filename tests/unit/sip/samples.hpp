#pragma once

#include "causeway/sip/message.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::sip {

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

[[nodiscard]] inline Result<Message> split(std::string_view text) {
    return Message::split(bytes_of(text));
}

/// Writes a message line by line; starts as the smallest INVITE that is accepted.
class Draft {
public:
    Draft& start(std::string_view line) {
        start_ = line;
        return *this;
    }
    Draft& via(std::string_view line) {
        via_ = line;
        return *this;
    }
    Draft& from(std::string_view line) {
        from_ = line;
        return *this;
    }
    Draft& to(std::string_view line) {
        to_ = line;
        return *this;
    }
    Draft& call_id(std::string_view line) {
        call_id_ = line;
        return *this;
    }
    Draft& cseq(std::string_view line) {
        cseq_ = line;
        return *this;
    }
    /// A whole line without its end, behind the mandatory ones.
    Draft& line(std::string_view text) {
        more_ += text;
        more_ += "\r\n";
        return *this;
    }
    Draft& body(std::string_view text) {
        body_ = text;
        return *this;
    }
    [[nodiscard]] std::string text() const {
        std::string out;
        for (const std::string& line : {start_, via_, from_, to_, call_id_, cseq_}) {
            out += line.empty() ? "" : line + "\r\n";
        }
        return out + more_ + "\r\n" + body_;
    }
    [[nodiscard]] Message message() const {
        Result<Message> message = split(text());
        EXPECT_TRUE(message) << (message ? "" : message.error().what);
        return *std::move(message);
    }

private:
    std::string start_{"INVITE sip:+4930@203.0.113.50 SIP/2.0"};
    std::string via_{"Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKtop;rport"};
    std::string from_{"From: \"Alice\" <sip:+44@192.0.2.1>;tag=from1"};
    std::string to_{"To: <sip:+4930@203.0.113.50>"};
    std::string call_id_{"Call-ID: call-1@192.0.2.1"};
    std::string cseq_{"CSeq: 7 INVITE"};
    std::string more_;
    std::string body_;
};

inline Draft an_invite() {
    return {};
}

inline Draft a_response() {
    return an_invite().start("SIP/2.0 200 OK").to("To: <sip:+4930@203.0.113.50>;tag=to1");
}

}  // namespace causeway::sip
