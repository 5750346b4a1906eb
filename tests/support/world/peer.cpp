#include "support/world/peer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::testing {
namespace {

const SipText& nothing() {
    static const SipText empty;
    return empty;
}

std::string header_line(std::string_view name, std::string_view value) {
    return std::string(name).append(": ").append(value).append("\r\n");
}

std::string with_length(std::string head, std::string_view body,
                        std::string_view type = "application/sdp") {
    if (!body.empty() && !type.empty()) {
        head.append(header_line("Content-Type", type));
    }
    head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return head.append(body);
}

}  // namespace

// ── InviteBuilder ───────────────────────────────────────────────────────────────────────────────

InviteBuilder an_invite() {
    InviteBuilder builder;
    builder.sdp(an_sdp({.rtp = {IpAddress::v4(127, 0, 0, 10), 40000}}));
    return builder;
}

InviteBuilder& InviteBuilder::from(std::string user) {
    from_ = std::move(user);
    return *this;
}
InviteBuilder& InviteBuilder::display(std::string name) {
    display_ = std::move(name);
    return *this;
}
InviteBuilder& InviteBuilder::to(std::string user) {
    to_ = std::move(user);
    return *this;
}
InviteBuilder& InviteBuilder::host(std::string host) {
    host_ = std::move(host);
    return *this;
}
InviteBuilder& InviteBuilder::source(Endpoint source) {
    source_ = source.to_string();
    return *this;
}
InviteBuilder& InviteBuilder::branch(std::string branch) {
    branch_ = std::move(branch);
    return *this;
}
InviteBuilder& InviteBuilder::call_id(std::string call_id) {
    call_id_ = std::move(call_id);
    return *this;
}
InviteBuilder& InviteBuilder::header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
}
InviteBuilder& InviteBuilder::without(std::string name) {
    without_.push_back(std::move(name));
    return *this;
}
InviteBuilder& InviteBuilder::sdp(std::string body) {
    sdp_ = std::move(body);
    return *this;
}

InviteBuilder& InviteBuilder::body(std::string type, std::string body) {
    type_ = std::move(type);
    return sdp(std::move(body));
}

std::string InviteBuilder::text() const {
    std::string text = "INVITE sip:" + to_ + "@" + host_ + " SIP/2.0\r\n";
    const auto add = [&](std::string_view name, const std::string& value) {
        if (std::find(without_.begin(), without_.end(), name) == without_.end()) {
            text.append(header_line(name, value));
        }
    };
    const std::string display = display_.empty() ? "" : "\"" + display_ + "\" ";
    add("Via", "SIP/2.0/UDP " + source_ + ";branch=z9hG4bK" + branch_ + ";rport");
    add("Max-Forwards", "70");
    add("From", display + "<sip:" + from_ + "@" + source_ + ">;tag=from-" + branch_);
    add("To", "<sip:" + to_ + "@" + host_ + ">");
    add("Call-ID", call_id_);
    add("CSeq", "1 INVITE");
    add("Contact", "<sip:trunk@" + source_ + ">");
    add("User-Agent", "Carrier-Switch/9.1");
    for (const auto& [name, value] : headers_) {
        text.append(header_line(name, value));
    }
    return with_length(std::move(text), sdp_, type_);
}

std::string an_sdp(const SdpOptions& options) {
    const std::string ip = options.rtp.ip.to_string();
    std::string text = "v=0\r\no=switch 77 " + std::to_string(options.version) + " IN IP4 " + ip +
                       "\r\ns=carrier session\r\nc=IN IP4 " + ip + "\r\nt=0 0\r\nm=audio " +
                       std::to_string(options.rtp.port) + " RTP/AVP " + options.formats + "\r\n";
    text.append(
        "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        "a=fmtp:101 0-15\r\na=ptime:20\r\n");
    return text.append(options.extra).append("a=" + options.direction + "\r\n");
}

// ── Peer ────────────────────────────────────────────────────────────────────────────────────────

Peer::Peer(Endpoint address, Endpoint sbc, Send send)
    : address_(address), sbc_(sbc), send_(std::move(send)) {}

void Peer::deliver(std::string_view bytes) {
    auto message = SipText::parse(bytes);
    EXPECT_TRUE(message.has_value() || is_complaint(bytes)) << "unreadable: " << bytes;
    if (message) {
        inbox_.push_back(std::move(*message));
    }
}

std::size_t Peer::count(std::string_view method) const {
    return static_cast<std::size_t>(
        std::count_if(inbox_.begin(), inbox_.end(), [&](const SipText& message) {
            return message.is_request() && message.method() == method;
        }));
}

std::size_t Peer::count(int status) const {
    return static_cast<std::size_t>(
        std::count_if(inbox_.begin(), inbox_.end(),
                      [&](const SipText& message) { return message.status() == status; }));
}

const SipText& Peer::last(std::string_view method) const {
    for (auto message = inbox_.rbegin(); message != inbox_.rend(); ++message) {
        if (message->is_request() && message->method() == method) {
            return *message;
        }
    }
    ADD_FAILURE() << "no " << method << " came to " << address_.to_string();
    return nothing();
}

const SipText& Peer::last(int status) const {
    for (auto message = inbox_.rbegin(); message != inbox_.rend(); ++message) {
        if (message->status() == status) {
            return *message;
        }
    }
    ADD_FAILURE() << "no " << status << " came to " << address_.to_string();
    return nothing();
}

void Peer::send(std::string bytes) {
    send_(address_, sbc_, std::move(bytes));
}

void Peer::ack(const SipText& invite, const SipText& final_answer, std::string_view body) {
    const bool success = final_answer.status() < 300;
    std::string text = "ACK " +
                       (success ? uri_of(final_answer.header("Contact")) : invite.request_uri()) +
                       " SIP/2.0\r\n";
    const std::string own_via = "SIP/2.0/UDP " + address_.to_string() + ";branch=z9hG4bKack" +
                                std::to_string(++branches_) + ";rport";
    text.append(header_line("Via", success ? own_via : std::string(invite.header("Via"))));
    text.append("Max-Forwards: 70\r\n");
    text.append(header_line("From", invite.header("From")));
    text.append(header_line("To", final_answer.header("To")));
    text.append(header_line("Call-ID", invite.header("Call-ID")));
    text.append(header_line("CSeq", std::to_string(invite.cseq()) + " ACK"));
    send(with_length(std::move(text), body));
}

void Peer::cancel(const SipText& invite) {
    std::string text = "CANCEL " + invite.request_uri() + " SIP/2.0\r\n";
    for (const char* name : {"Via", "From", "To", "Call-ID"}) {
        text.append(header_line(name, invite.header(name)));
    }
    text.append("Max-Forwards: 70\r\n");
    text.append(header_line("CSeq", std::to_string(invite.cseq()) + " CANCEL"));
    send(with_length(std::move(text), {}));
}

void Peer::request(std::string_view method, const SipText& invite, const SipText& answer,
                   std::uint32_t cseq, std::string_view body, std::string_view headers) {
    std::string text = std::string(method) + " " + uri_of(answer.header("Contact")) +
                       " SIP/2.0\r\nVia: SIP/2.0/UDP " + address_.to_string() +
                       ";branch=z9hG4bKreq" + std::to_string(++branches_) +
                       ";rport\r\nMax-Forwards: 70\r\n";
    text.append(header_line("From", invite.header("From")));
    text.append(header_line("To", answer.header("To")));
    text.append(header_line("Call-ID", invite.header("Call-ID")));
    text.append(header_line("CSeq", std::to_string(cseq) + " " + std::string(method)));
    text.append(header_line("Contact", invite.header("Contact")));
    send(with_length(text.append(headers), body));
}

void Peer::request_as_callee(std::string_view method, const SipText& invite, std::string_view tag,
                             std::uint32_t cseq, std::string_view body) {
    std::string text = std::string(method) + " " + uri_of(invite.header("Contact")) +
                       " SIP/2.0\r\nVia: SIP/2.0/UDP " + address_.to_string() +
                       ";branch=z9hG4bKcallee" + std::to_string(++branches_) +
                       ";rport\r\nMax-Forwards: 70\r\n";
    text.append(header_line("From", std::string(invite.header("To")) + ";tag=" + std::string(tag)));
    text.append(header_line("To", invite.header("From")));
    text.append(header_line("Call-ID", invite.header("Call-ID")));
    text.append(header_line("CSeq", std::to_string(cseq) + " " + std::string(method)));
    text.append("Contact: <sip:" + address_.to_string() + ">\r\n");
    send(with_length(std::move(text), body));
}

void Peer::reply(const SipText& request, int status, std::string_view phrase, std::string_view tag,
                 std::string_view body, std::string_view headers) {
    std::string text = "SIP/2.0 " + std::to_string(status) + " " + std::string(phrase) + "\r\n";
    for (const std::string_view via : request.all("Via")) {
        text.append(header_line("Via", via));
    }
    std::string to(request.header("To"));
    if (!tag.empty() && request.to_tag().empty()) {
        to.append(";tag=").append(tag);
    }
    text.append(header_line("From", request.header("From")));
    text.append(header_line("To", to));
    text.append(header_line("Call-ID", request.header("Call-ID")));
    text.append(header_line("CSeq", request.header("CSeq")));
    if (status < 300 && status > 100) {
        text.append("Contact: <sip:" + address_.to_string() + ">\r\n");
    }
    send(with_length(text.append(headers), body));
}

}  // namespace causeway::testing
