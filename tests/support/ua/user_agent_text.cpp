#include "support/ua/user_agent.hpp"

namespace causeway::testing {
void UserAgent::put(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void UserAgent::finish(std::string& out, std::string_view body) {
    if (!body.empty()) {
        put(out, "Content-Type", "application/sdp");
    }
    put(out, "Content-Length", std::to_string(body.size()));
    out.append("\r\n").append(body);
}

std::string UserAgent::cancel_text(const Client& invite) const {
    std::string text = "CANCEL " + invitation_.request_uri + " SIP/2.0\r\n";
    put(text, "Via",
        "SIP/2.0/UDP " + options_.sip.to_string() + ";branch=" + invite.branch + ";rport");
    put(text, "Max-Forwards", "70");
    const auto request = SipText::parse(invite.bytes);
    put(text, "From", request->header("From"));
    put(text, "To", request->header("To"));
    put(text, "Call-ID", call_id_);
    put(text, "CSeq", std::to_string(invite.cseq) + " CANCEL");
    finish(text, {});
    return text;
}

std::string UserAgent::refusal_ack(const SipText& response, const Client& client) const {
    const std::string& uri = remote_tag_.empty() ? invitation_.request_uri : remote_target_;
    std::string text = "ACK " + uri + " SIP/2.0\r\n";
    put(text, "Via",
        "SIP/2.0/UDP " + options_.sip.to_string() + ";branch=" + client.branch + ";rport");
    put(text, "Max-Forwards", "70");
    put(text, "From", response.header("From"));
    put(text, "To", response.header("To"));
    put(text, "Call-ID", call_id_);
    put(text, "CSeq", std::to_string(client.cseq) + " ACK");
    finish(text, {});
    return text;
}

std::string UserAgent::head(std::string_view method, std::string_view uri, std::string_view branch,
                            std::uint32_t cseq) const {
    const std::string address = options_.sip.to_string();
    std::string text;
    text.append(method).append(" ").append(uri).append(" SIP/2.0\r\n");
    put(text, "Via", "SIP/2.0/UDP " + address + ";branch=" + std::string(branch) + ";rport");
    put(text, "Max-Forwards", "70");
    const std::string display = options_.display.empty() ? "" : "\"" + options_.display + "\" ";
    put(text, "From",
        display + "<sip:" + options_.user + "@" + uri_host(options_.sip.ip) +
            ">;tag=" + local_tag_);
    put(text, "To", remote_to_);
    put(text, "Call-ID", call_id_);
    put(text, "CSeq", std::to_string(cseq) + " " + std::string(method));
    put(text, "Contact", "<sip:" + options_.user + "@" + address + ">");
    return text;
}

std::string UserAgent::reply(const SipText& request, const Endpoint& from, int status,
                             std::string_view reason, std::string_view body) const {
    std::string text = "SIP/2.0 " + std::to_string(status) + " " + std::string(reason) + "\r\n";
    bool is_top = true;
    for (const auto via : request.all("Via")) {
        std::string value(via);
        const auto rport = value.find(";rport");
        const bool is_asked = rport != std::string::npos && value.compare(rport, 7, ";rport=") != 0;
        if (is_top && is_asked) {
            value.insert(rport + 6, "=" + std::to_string(from.port));
            value += ";received=" + from.ip.to_string();
        }
        is_top = false;
        put(text, "Via", value);
    }
    put(text, "From", request.header("From"));
    const std::string to(request.header("To"));
    put(text, "To", request.to_tag().empty() ? to + ";tag=" + local_tag_ + "s" : to);
    put(text, "Call-ID", request.header("Call-ID"));
    put(text, "CSeq", request.header("CSeq"));
    if (!body.empty()) {
        put(text, "Contact", "<sip:" + options_.user + "@" + options_.sip.to_string() + ">");
    }
    finish(text, body);
    return text;
}

std::string UserAgent::session(std::string_view direction) const {
    const std::string ip = sdp_address(options_.rtp.ip);
    std::string text = "v=0\r\no=- " + std::to_string(session_id_) + " " +
                       std::to_string(session_version_) + " " + ip + "\r\ns=-\r\nc=" + ip +
                       "\r\nt=0 0\r\nm=audio " + std::to_string(options_.rtp.port) + " RTP/AVP";
    std::string maps;
    for (const int type : options_.codecs) {
        text += " " + std::to_string(type);
        const std::string_view name = type == 8 ? "PCMA" : (type == 0 ? "PCMU" : "G722");
        maps.append("a=rtpmap:").append(std::to_string(type)).append(" ").append(name);
        maps += "/8000\r\n";
    }
    if (options_.telephone_event) {
        text += " 101";
        maps += "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n";
    }
    return text + "\r\n" + maps + "a=ptime:20\r\na=" + std::string(direction) + "\r\n";
}

}  // namespace causeway::testing
