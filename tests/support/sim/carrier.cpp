#include "support/sim/carrier.hpp"

namespace causeway::testing::sim {
namespace {

using View = Session::View;

constexpr Millis kPatience{200'000};  // longer than the longest setup_timeout

}  // namespace

std::string Carrier::invite_text(const std::string& number) {
    const std::string at = options().address.to_string();
    const std::string host = uri_host(options().sbc.ip);
    const std::string id = std::to_string(++calls_);
    std::string head = "INVITE sip:" + number + "@" + host + " SIP/2.0\r\nVia: SIP/2.0/UDP " + at +
                       ";branch=" + new_branch() + ";rport\r\nMax-Forwards: 70\r\n";
    const std::string caller = chance().percent(10) ? "anonymous" : "+4930" + id;
    head.append("From: <sip:" + caller + "@" + at + ">;tag=" + new_tag() + "\r\n");
    head.append("To: <sip:" + number + "@" + host + ">\r\nCall-ID: " + options().mark + "-" + id +
                "@" + at + "\r\nCSeq: 1 INVITE\r\nContact: " + contact() + "\r\n");
    head.append("User-Agent: " + options().mark + "-switch/9.1\r\n");
    if (chance().percent(20)) {
        head.append("Record-Route: <sip:" + at + ";lr>\r\n");
    }
    if (chance().percent(20)) {
        head.append("X-Secret: " + options().mark + "\r\nX-Twilio-CallSid: CA1\r\n");
    }
    return head;
}

void Carrier::place_call(const std::string& number) {
    const std::string head = invite_text(number);
    const auto bare = SipText::parse(head + "\r\n");
    Session& session = open(*bare, true);
    std::string body = describe(session, chance().percent(5) ? "sendonly" : "sendrecv");
    if (chance().percent(3)) {
        body = chance().percent(50) ? "" : "v=0\r\nthis is no description\r\n";
    }
    std::string text = head;
    if (!body.empty()) {
        text.append("Content-Type: application/sdp\r\n");
    }
    text.append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n").append(body);
    session.invite = *SipText::parse(text);
    session.talks = chance().percent(80);
    if (chance().percent(10)) {
        session.deaf_acks =
            chance().percent(30) ? 1000 : 1 + static_cast<unsigned>(chance().below(4));
    }
    call(session);
    if (chance().percent(5)) {
        fork(session);
    }
    if (chance().percent(25)) {
        end_early(session);
    }
    give_up_at_last(session);
}

void Carrier::give_up_at_last(Session& session) {
    after(kPatience, [this, &session] {
        if (session.view == View::Setup && !session.excused) {
            complain("no final answer", session.invite.bytes);
        }
        cancel(session);
    });
}

/// RFC 3261 §8.2.2.2: the same request by another path.
void Carrier::fork(const Session& session) {
    std::string text = session.invite.bytes;
    const std::string branch = session.invite.branch();
    text.replace(text.find(branch), branch.size(), new_branch());
    Session& other = open(*SipText::parse(text), true);
    after(chance().between(Millis{0}, Millis{400}), [this, &other] { call(other); });
    give_up_at_last(other);
}

void Carrier::end_early(Session& session) {
    const bool by_bye = chance().percent(20);
    after(chance().between(Millis{0}, Millis{8000}), [this, &session, by_bye] {
        if (session.view != View::Setup) {
            return;
        }
        if (by_bye && !session.remote_tag.empty()) {
            session.bye_sent = true;
            ask(session, "BYE", {}, [&session](const SipText* response) {
                if (response != nullptr && response->status() == 200 &&
                    session.view == View::Setup) {
                    session.view = View::Ended;
                }
            });
        } else {
            cancel(session);
        }
    });
}

void Carrier::on_invite(const SipText& invite, const Endpoint& from) {
    complain("nobody calls a carrier", invite.bytes);
    respond(invite, from, 603, new_tag());
}

void Carrier::on_cancel(const SipText& invite) {
    complain("a CANCEL for nothing", invite.bytes);
}

void Carrier::on_provisional(Session& session, const SipText& response) {
    const std::string tag = response.to_tag();
    if (tag.empty()) {
        return;
    }
    if (!session.remote_tag.empty() && session.remote_tag != tag) {
        complain("another To tag than before", response.bytes);
    }
    session.remote_tag = tag;
    if (response.has("Contact")) {
        session.target = uri_of(response.header("Contact"));
    }
}

void Carrier::on_up(Session& session) {
    if (session.bye_sent) {
        session.view = View::Ended;  // its BYE and our 200 have crossed
        return;
    }
    if (session.wants_cancel || session.final_status != 0 || is_settling()) {
        after(Millis{0}, [this, &session] { hang_up(session); });
        return;
    }
    if (session.talks) {
        talk(session);
    }
    if (!chance().percent(10)) {  // else it waits for somebody else to end it
        live(session);
    }
}

}  // namespace causeway::testing::sim
