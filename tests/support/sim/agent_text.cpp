#include "support/sim/agent.hpp"

/// What a far end writes, and the requests it begins.
namespace causeway::testing::sim {
namespace {

constexpr Millis kLife{64 * 500};

std::string line(std::string_view name, std::string_view value) {
    return std::string(name).append(": ").append(value).append("\r\n");
}

std::string finish(std::string head, std::string_view body) {
    if (!body.empty()) {
        head.append("Content-Type: application/sdp\r\n");
    }
    head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return head.append(body);
}

}  // namespace

std::string Agent::inside_text(Session& session, std::string_view method, std::uint32_t cseq,
                               std::string_view branch, std::string_view headers,
                               std::string_view body) const {
    std::string local(session.invite.header(session.is_caller ? "From" : "To"));
    std::string remote(session.invite.header(session.is_caller ? "To" : "From"));
    if (session.is_caller && !session.remote_tag.empty()) {
        remote.append(";tag=").append(session.remote_tag);
    } else if (!session.is_caller) {
        local.append(";tag=").append(session.local_tag);
        remote = remote.substr(0, remote.find(";tag=")) + ";tag=" + session.remote_tag;
    }
    std::string text = std::string(method) + " " + session.target + " SIP/2.0\r\n";
    text.append(line("Via", "SIP/2.0/UDP " + options_.address.to_string() +
                                ";branch=" + std::string(branch) + ";rport"));
    text.append("Max-Forwards: 70\r\n").append(line("From", local)).append(line("To", remote));
    text.append(line("Call-ID", session.invite.header("Call-ID")));
    text.append(line("CSeq", std::to_string(cseq) + " " + std::string(method)));
    text.append(line("Contact", contact()));
    return finish(text.append(headers), body);
}

std::string Agent::contact() const {
    return "<sip:" + options_.mark + "@" + options_.address.to_string() + ">";
}

std::string Agent::new_branch() {
    return "z9hG4bK" + options_.mark + around_.chance().token(8);
}

std::string Agent::new_tag() {
    return options_.mark + around_.chance().token(8);
}

std::string Agent::describe(Session& session, std::string_view direction) {
    const std::string ip = sdp_address(session.rtp.ip);
    std::string text = "v=0\r\no=" + options_.mark + " 7 " + std::to_string(session.version++) +
                       " " + ip + "\r\ns=" + options_.mark + "\r\nc=" + ip +
                       "\r\nt=0 0\r\nm=audio " + std::to_string(session.rtp.port) +
                       " RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
                       "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n";
    return text.append("a=").append(direction).append("\r\n");
}

void Agent::ask(Session& session, std::string_view method, std::string_view body, Answered answered,
                std::string_view headers) {
    const std::string branch = new_branch();
    auto client = std::make_shared<Client>();
    client->text = inside_text(session, method, ++session.local_cseq, branch, headers, body);
    client->method = method;
    client->to = session.hop;
    client->session = &session;
    client->answered = std::move(answered);
    start(client, branch);
}

void Agent::call(Session& session) {
    auto client = std::make_shared<Client>();
    client->text = session.invite.bytes;
    client->method = "INVITE";
    client->to = session.hop;
    client->session = &session;
    client->answered = [this, &session](const SipText* response) {
        session.final_status = response != nullptr ? response->status() : 408;
        if (session.final_status >= 300) {
            end(session);
        }
    };
    start(client, session.invite.branch());
}

void Agent::cancel(Session& session) {
    session.wants_cancel = true;
    if (session.heard) {
        send_cancel(session);
    }
}

void Agent::send_cancel(Session& session) {
    if (session.view != Session::View::Setup || session.cancelled) {
        return;
    }
    session.cancelled = true;
    const SipText& invite = session.invite;
    std::string text = "CANCEL " + invite.request_uri() + " SIP/2.0\r\n";
    for (const char* name : {"Via", "From", "To", "Call-ID"}) {
        text.append(line(name, invite.header(name)));
    }
    text.append("Max-Forwards: 70\r\n");
    text.append(line("CSeq", std::to_string(invite.cseq()) + " CANCEL"));
    auto client = std::make_shared<Client>();
    client->text = finish(std::move(text), {});
    client->method = "CANCEL";
    client->to = session.hop;
    client->session = &session;
    client->answered = [this, &session](const SipText* response) {
        if (response == nullptr && !session.excused) {
            complain("a CANCEL was never answered", session.invite.bytes);
        }
        // RFC 3261 §9.1: after 64·T1 it is over, whatever the other end thinks.
        after(kLife, [this, &session] {
            if (session.view == Session::View::Setup) {
                if (!session.excused) {
                    complain("no final answer to a cancelled INVITE", session.invite.bytes);
                }
                end(session);
            }
        });
    };
    start(client, invite.branch());
}

}  // namespace causeway::testing::sim
