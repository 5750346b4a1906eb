#include "support/sim/agent.hpp"

#include <algorithm>
#include <array>

/// Dialogs of a far end, and what it does inside them.
namespace causeway::testing::sim {
namespace {

using View = Session::View;

constexpr Millis kT1{500};
constexpr Millis kT2{4000};
constexpr Millis kLife{64 * 500};
constexpr Millis kTalk{5000};

}  // namespace

Session& Agent::open(SipText invite, bool is_caller) {
    auto session = std::make_unique<Session>();
    session->is_caller = is_caller;
    session->hop = options_.sbc;
    session->excused = cut_off_;
    session->local_tag = is_caller ? invite.from_tag() : new_tag();
    session->remote_tag = is_caller ? std::string() : invite.from_tag();
    session->local_cseq = is_caller ? invite.cseq() : static_cast<std::uint32_t>(chance().below(9));
    session->remote_cseq = is_caller ? 0 : invite.cseq();
    session->target = uri_of(invite.header("Contact"));
    session->rtp = {options_.address.ip,
                    static_cast<std::uint16_t>(30000 + 2 * sessions_.size() % 20000)};
    if (!is_caller) {
        const auto offer = SdpText::parse(invite.body);
        session->remote_rtp = offer ? offer->rtp().value_or(Endpoint{}) : Endpoint{};
    }
    session->invite = std::move(invite);
    known_.push_back(session.get());
    sessions_.push_back(std::move(session));
    return *sessions_.back();
}

void Agent::end(Session& session) {
    session.view = View::Ended;
    session.ok.clear();
}

void Agent::on_2xx(Session& session, const SipText& response) {
    if (!session.remote_tag.empty() && session.remote_tag != response.to_tag()) {
        complain("another To tag than before", response.bytes);
    }
    if (session.view == View::Setup || (session.view == View::Ended && !session.was_up)) {
        session.remote_tag = response.to_tag();
        session.target = uri_of(response.header("Contact"));
        session.view = View::Up;
        session.was_up = true;
        const auto answer = SdpText::parse(response.body);
        session.remote_rtp = answer ? answer->rtp().value_or(Endpoint{}) : Endpoint{};
        if (session.target.empty() || !answer) {
            complain("a 200 without Contact or description", response.bytes);
        }
        session.acks[response.cseq()] =
            inside_text(session, "ACK", response.cseq(), new_branch(), {}, {});
        if (session.cancelled) {
            session.deaf_acks = 0;
        }
        on_up(session);
    }
    const auto ack = session.acks.find(response.cseq());
    if (ack == session.acks.end()) {
        return;  // the first answer to a re-INVITE: `reinvite` makes it
    }
    if (session.deaf_acks > 0 && response.cseq() == session.invite.cseq()) {
        --session.deaf_acks;
    } else {
        transmit(session.hop, ack->second);
    }
}

void Agent::accept(Session& session, std::string_view body) {
    const auto known = servers_.find(session.invite.branch() + "INVITE");
    if (session.view != View::Setup || known == servers_.end()) {
        return;
    }
    respond(session.invite, session.hop, 200, session.local_tag, {}, body);
    session.ok = known->second.answer;
    session.view = View::Up;
    session.was_up = true;
    const Time end = around_.schedule().now() + kLife;
    after(kT1, [this, &session, end] { repeat_ok(session, kT1, end); });
    on_up(session);
}

void Agent::repeat_ok(Session& session, Millis interval, Time end) {
    if (session.ok.empty()) {
        return;
    }
    if (around_.schedule().now() >= end) {
        if (!session.excused) {
            complain("its 200 was never acknowledged", session.invite.bytes);
        }
        hang_up(session);
        return;
    }
    transmit(session.hop, session.ok);
    interval = std::min(interval * 2, kT2);
    after(interval, [this, &session, interval, end] { repeat_ok(session, interval, end); });
}

// ── the other end's requests ────────────────────────────────────────────────────────────────────

void Agent::check_request(Session& session, const SipText& request) {
    if (session.bye_seen && request.method() == "BYE" && request.cseq() == session.remote_cseq) {
        return;  // every copy of a 200 nobody waited for is answered by ACK and BYE
    }
    if (request.cseq() <= session.remote_cseq) {
        complain("CSeq does not grow", request.bytes);
    }
    session.remote_cseq = request.cseq();
    if (session.bye_seen) {
        complain("a request after BYE", request.bytes);
    }
    if (uri_of(contact()) != request.request_uri()) {
        complain("a request for somebody else", request.bytes);
    }
}

void Agent::on_inside(Session& session, const SipText& request, const Endpoint& from) {
    check_request(session, request);
    if (request.method() != "BYE") {
        complain("it never asked for that", request.bytes);
        respond(request, from, 405, {});
        return;
    }
    session.bye_seen = true;
    session.suspect = false;
    end(session);
    respond(request, from, 200, {});
}

// ── what it does ────────────────────────────────────────────────────────────────────────────────

void Agent::hang_up(Session& session) {
    if (session.view != View::Up) {
        return;
    }
    end(session);
    session.bye_sent = true;
    ask(session, "BYE", {}, [this, &session](const SipText* response) {
        if (response == nullptr) {
            if (!session.excused) {
                complain("a BYE was never answered", session.invite.bytes);
            }
        } else if (response->status() != 200 && !session.bye_seen) {
            session.suspect = true;
        }
    });
}

void Agent::reinvite(Session& session, std::string body) {
    const bool offerless = body.empty();
    const std::uint32_t cseq = session.local_cseq + 1;
    ask(session, "INVITE", body, [this, &session, offerless, cseq](const SipText* response) {
        const int status = response != nullptr ? response->status() : 408;
        if (status == 408 && !session.excused && session.view == View::Up) {
            complain("a re-INVITE was never answered", session.invite.bytes);
        }
        if (status == 481 && session.view == View::Up) {
            end(session);
            session.suspect = true;
        }
        if (status >= 300) {
            return;
        }
        const auto described = SdpText::parse(response->body);
        if (!described) {
            complain("a 200 to a re-INVITE without description", response->bytes);
        }
        const std::string answer = offerless ? describe(session) : std::string();
        session.acks[cseq] = inside_text(session, "ACK", cseq, new_branch(), {}, answer);
        transmit(session.hop, session.acks[cseq]);
    });
}

void Agent::act(Session& session) {
    const auto nothing = [](const SipText*) {};
    switch (chance().below(12)) {
        case 0:
            reinvite(session, describe(session, "sendonly"));
            break;
        case 1:
            reinvite(session, describe(session, "inactive"));
            break;
        case 2:
        case 3:
            reinvite(session, describe(session, "sendrecv"));
            break;
        case 4:
            session.rtp.port = static_cast<std::uint16_t>(session.rtp.port + 20000);
            session.rtp.port = std::max<std::uint16_t>(session.rtp.port, 2000);
            reinvite(session, describe(session, "sendrecv"));
            break;
        case 5:
        case 6:
            reinvite(session, {});
            break;
        case 7:
            ask(session, "OPTIONS", {}, nothing);
            break;
        case 8:
            ask(session, chance().percent(50) ? "INFO" : "UPDATE", {}, nothing);
            break;
        case 9:
            ask(session, "REFER", {}, nothing, "Refer-To: <tel:+491>\r\n");
            break;
        case 10: {  // out of order: 500
            const std::uint32_t cseq = std::exchange(session.local_cseq, 0);
            ask(session, "OPTIONS", {}, nothing);
            session.local_cseq = cseq;
            break;
        }
        default: {  // somebody else's tag: 481, and the call goes on
            const std::string tag = std::exchange(session.remote_tag, options_.mark + "x");
            ask(session, "BYE", {}, nothing);
            session.remote_tag = tag;
            break;
        }
    }
}

void Agent::live(Session& session) {
    after(chance().between(Millis{50}, Millis{15000}), [this, &session] {
        if (session.view != View::Up || settling_) {
            return;
        }
        if (!session.ok.empty()) {
            live(session);  // RFC 3261 §15: not before the ACK
        } else if (chance().percent(40)) {
            hang_up(session);
        } else {
            act(session);
            live(session);
        }
    });
}

void Agent::talk(Session& session) {
    if (session.view != View::Up) {
        return;
    }
    if (session.remote_rtp.port != 0 && !dead_) {
        around_.speak(session.rtp, session.remote_rtp);
    }
    after(kTalk, [this, &session] { talk(session); });
}

void Agent::settle_down() {
    settling_ = true;
    dead_ = false;
    for (Session* session : std::vector<Session*>(known_)) {
        if (session->view == View::Up) {
            const Millis when = chance().between(Millis{0}, Millis{20000});
            after(session->ok.empty() ? when : kLife, [this, session] { hang_up(*session); });
        } else if (session->view == View::Setup && session->is_caller && chance().percent(50)) {
            after(chance().between(Millis{0}, Millis{20000}),
                  [this, session] { cancel(*session); });
        }
    }
}

void Agent::expect_all_over() {
    for (const auto& session : sessions_) {
        if (session->view != View::Ended && !session->excused) {
            complain("a session is not over", session->invite.bytes);
        }
        if (session->suspect && !session->excused) {
            complain("the SBC had forgotten this live dialog", session->invite.bytes);
        }
    }
}

}  // namespace causeway::testing::sim
