#pragma once

#include "causeway/sip/message.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace causeway::test {

/// A request as a carrier sends it; a field set to empty is left out.
struct Request {
    std::string method{"INVITE"};
    std::string uri{"sip:+4991874350352@127.0.0.1"};
    std::string from{"<sip:+4917645533966@carrier.example>;tag=a1"};
    std::string to{"<sip:+4991874350352@127.0.0.1>"};
    std::string via{"SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK1;rport"};
    std::string contact{"<sip:127.0.0.10:5060>"};
    std::string max_forwards{"70"};
    std::vector<std::string> lines{};  ///< further header lines

    [[nodiscard]] std::string text() const {
        std::string head = method + " " + uri + " SIP/2.0\r\n";
        const auto add = [&](const std::string& name, const std::string& value) {
            head.append(value.empty() ? "" : name + ": " + value + "\r\n");
        };
        add("Via", via);
        add("From", from);
        add("To", to);
        add("Call-ID", "c1@carrier.example");
        add("CSeq", "1 " + method);
        add("Contact", contact);
        add("Max-Forwards", max_forwards);
        for (const std::string& line : lines) {
            head.append(line + "\r\n");
        }
        return head + "Content-Length: 0\r\n\r\n";
    }
    /// Aborts the test if this is no SIP message at all.
    [[nodiscard]] sip::Message message() const {
        const std::string bytes = text();
        return sip::Message::split(std::as_bytes(std::span(bytes))).value();
    }
};

}  // namespace causeway::test
