#include "support/sim/gateway.hpp"

#include <array>
#include <vector>

namespace causeway::testing::sim {
namespace {

using View = Session::View;

constexpr std::array kRefusals{300, 302, 400, 401, 403, 404, 407, 408, 415, 430, 480, 481, 482,
                               484, 486, 487, 488, 491, 500, 501, 502, 503, 504, 600, 603};

}  // namespace

void Gateway::ring(Session& session) {
    if (session.view == View::Setup && !session.cancelled) {
        constexpr std::array kRings{180, 180, 183, 181, 182, 199};
        respond(session.invite, options().sbc, chance().pick(kRings), session.local_tag);
    }
}

std::string Gateway::odd_description(Session& session) {
    switch (chance().below(4)) {
        case 0:
            return {};
        case 1:
            return "v=0\r\nnonsense\r\n";
        case 2: {
            std::string text = describe(session);
            return text.replace(text.find("AVP 8 101"), 9, "AVP 18 101");
        }
        default:
            return describe(session, "inactive");
    }
}

void Gateway::answer(Session& session) {
    if (session.view == View::Setup && !session.cancelled) {
        accept(session, chance().percent(6) ? odd_description(session) : describe(session));
    }
}

void Gateway::refuse(Session& session, int status) {
    if (session.view == View::Setup && !session.cancelled) {
        respond(session.invite, options().sbc, status, session.local_tag);
        session.view = View::Ended;
    }
}

void Gateway::on_invite(const SipText& invite, const Endpoint& from) {
    std::vector<Session*> branches{&open(invite, false)};
    Session& session = *branches.front();
    session.talks = chance().percent(80);
    if (is_settling()) {
        refuse(session, 503);
        return;
    }
    const std::uint64_t course = chance().below(100);
    if (course < 8) {  // not a word
        session.view = View::Ended;
        return;
    }
    if (course < 18) {
        refuse(session, chance().pick(kRefusals));
        return;
    }
    respond(invite, from, 100, {});
    if (course < 24) {  // and not a word more
        session.view = View::Ended;
        return;
    }
    if (course < 32) {  // several ring, one or more answer
        while (branches.size() < 2 + chance().below(2)) {
            branches.push_back(&open(invite, false));
        }
    }
    for (Session* each : branches) {
        const Millis first = chance().between(Millis{0}, Millis{3000});
        const Millis second = first + chance().between(Millis{0}, Millis{20000});
        after(first, [this, each] { ring(*each); });
        if (chance().percent(50)) {
            after(first + Millis{700}, [this, each] { ring(*each); });
        }
        if (branches.size() == 1 && chance().percent(20)) {
            after(second, [this, each] { refuse(*each, chance().pick(kRefusals)); });
        } else {
            after(second, [this, each] { answer(*each); });
        }
    }
}

void Gateway::on_cancel(const SipText& invite) {
    const bool too_late = chance().percent(10);
    bool is_refused = false;
    for (const auto& session : sessions()) {
        if (session->invite.branch() != invite.branch() || session->view != View::Setup) {
            continue;
        }
        if (too_late) {  // it had picked up already
            accept(*session, describe(*session));
        } else if (!is_refused) {
            respond(session->invite, options().sbc, 487, session->local_tag);
            is_refused = true;
        }
        session->cancelled = true;
        if (session->view == View::Setup) {
            session->view = View::Ended;
        }
    }
}

void Gateway::on_provisional(Session& /*session*/, const SipText& /*response*/) {}

void Gateway::on_up(Session& session) {
    if (is_settling()) {
        return;  // the caller's side ends it
    }
    if (session.talks) {
        talk(session);
    }
    if (chance().percent(50)) {
        live(session);
    }
}

}  // namespace causeway::testing::sim
