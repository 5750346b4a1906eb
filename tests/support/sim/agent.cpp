#include "support/sim/agent.hpp"

#include <algorithm>

/// Transactions of a far end: RFC 3261 §17 as seen from the other side.
namespace causeway::testing::sim {
namespace {

constexpr Millis kT1{500};
constexpr Millis kT2{4000};
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

Agent::Agent(Around& around, Options options) : around_(around), options_(std::move(options)) {}
Agent::~Agent() = default;

void Agent::transmit(const Endpoint& to, std::string bytes) {
    if (!dead_) {
        around_.send(options_.address, to, std::move(bytes));
    }
}

void Agent::after(Millis delay, std::function<void()> what) {
    around_.schedule().after(delay, [this, life = life_, what = std::move(what)] {
        if (life == life_) {
            what();
        }
    });
}

void Agent::complain(const std::string& what, std::string_view about) {
    around_.violation(options_.name + ": " + what +
                      (about.empty() ? "" : "\n" + std::string(about)));
}

void Agent::forget() {
    ++life_;
    excuse();
    for (Session* session : known_) {
        session->view = Session::View::Ended;
    }
    known_.clear();
    clients_.clear();
    servers_.clear();
}

void Agent::cut_off() {
    cut_off_ = true;
    excuse();
}

void Agent::mended() {
    cut_off_ = false;
}

void Agent::excuse() {
    for (Session* session : known_) {
        session->excused = true;
    }
}

void Agent::excuse_setup() {
    for (Session* session : known_) {
        session->excused = session->excused || session->view == Session::View::Setup;
    }
}

void Agent::excuse_all_but(const std::set<std::string>& kept) {
    for (Session* session : known_) {
        if (kept.contains(session->call_id() + " " + session->local_tag)) {
            continue;
        }
        const bool is_open = !session->is_caller && session->view != Session::View::Ended &&
                             (session->view == Session::View::Setup || !session->ok.empty());
        session->excused = session->excused || !is_open;
    }
}

Session* Agent::find(std::string_view call_id, std::string_view local_tag,
                     std::string_view remote_tag) const {
    for (Session* session : known_) {
        if (session->local_tag == local_tag && session->remote_tag == remote_tag &&
            session->invite.header("Call-ID") == call_id) {
            return session;
        }
    }
    return nullptr;
}

void Agent::deliver(std::string_view bytes, const Endpoint& from) {
    if (dead_) {
        return;
    }
    const auto message = SipText::parse(bytes);
    if (!message) {
        if (!is_complaint(bytes)) {
            complain("unreadable", bytes);
        }
        return;
    }
    if (message->is_request()) {
        on_request(*message, from);
    } else {
        on_response(*message);
    }
}

// ── our requests ────────────────────────────────────────────────────────────────────────────────

void Agent::start(const std::shared_ptr<Client>& client, const std::string& branch) {
    client->end = around_.schedule().now() + kLife;
    clients_[branch + client->method] = client;
    transmit(client->to, client->text);
    after(kT1, [this, client] { resend(client); });
}

void Agent::resend(const std::shared_ptr<Client>& client) {
    if (client->final_status != 0 || (client->method == "INVITE" && client->provisional)) {
        return;
    }
    if (around_.schedule().now() >= client->end) {
        client->over = true;
        if (client->answered) {
            client->answered(nullptr);
        }
        return;
    }
    transmit(client->to, client->text);
    client->interval *= 2;
    if (client->method != "INVITE") {
        client->interval = std::min(client->interval, kT2);
    }
    const Millis left = std::chrono::ceil<Millis>(client->end - around_.schedule().now());
    after(std::min(client->interval, left), [this, client] { resend(client); });
}

void Agent::on_response(const SipText& response) {
    const auto found = clients_.find(response.branch() + response.method());
    if (found == clients_.end()) {
        if (life_ == 0) {
            complain("an answer to nothing it asked", response.bytes);
        }
        return;
    }
    const std::shared_ptr<Client> client = found->second;
    if (response.status() < 200) {
        client->provisional = true;
        if (client->session != nullptr && client->final_status == 0 && client->method == "INVITE") {
            client->session->heard = true;
            on_provisional(*client->session, response);
            if (client->session->wants_cancel) {
                send_cancel(*client->session);
            }
        }
        return;
    }
    if (client->method == "INVITE") {
        on_invite_final(*client, response);
    }
    // A refusal for lack of room is kept nowhere: a copy of the request may find some.
    if (client->final_status != 0 && client->final_status != 503 &&
        client->final_status != response.status()) {
        complain("a second final answer, after " + std::to_string(client->final_status),
                 response.bytes);
    }
    const bool is_first = client->final_status == 0 && !client->over;
    client->final_status = response.status();
    if (is_first && client->answered) {
        client->answered(&response);
    }
}

void Agent::on_invite_final(Client& client, const SipText& response) {
    Session& session = *client.session;
    if (response.status() < 300) {
        on_2xx(session, response);
        return;
    }
    const SipText request = *SipText::parse(client.text);
    std::string ack = "ACK " + request.request_uri() + " SIP/2.0\r\n";
    ack.append(line("Via", request.header("Via"))).append("Max-Forwards: 70\r\n");
    ack.append(line("From", request.header("From"))).append(line("To", response.header("To")));
    ack.append(line("Call-ID", request.header("Call-ID")));
    ack.append(line("CSeq", std::to_string(request.cseq()) + " ACK"));
    transmit(client.to, finish(std::move(ack), {}));
}

// ── their requests ──────────────────────────────────────────────────────────────────────────────

void Agent::on_request(const SipText& request, const Endpoint& from) {
    const std::string method = request.method();
    if (method == "ACK") {
        on_ack(request);
        return;
    }
    const auto known = servers_.find(request.branch() + method);
    if (known != servers_.end()) {
        if (!known->second.answer.empty()) {
            transmit(known->second.to, known->second.answer);
        }
        return;
    }
    servers_[request.branch() + method] = {};
    if (method == "CANCEL") {
        const auto invite = servers_.find(request.branch() + "INVITE");
        respond(request, from, invite == servers_.end() ? 481 : 200, new_tag());
        if (invite != servers_.end() && !invite->second.is_final) {
            on_cancel(request);
        }
    } else if (!request.to_tag().empty()) {
        if (Session* session =
                find(request.header("Call-ID"), request.to_tag(), request.from_tag())) {
            on_inside(*session, request, from);
        } else {
            respond(request, from, 481, {});
        }
    } else if (method == "INVITE") {
        on_invite(request, from);
    } else {
        respond(request, from, method == "OPTIONS" ? 200 : 405, new_tag());
    }
}

void Agent::respond(const SipText& request, const Endpoint& from, int status, std::string_view tag,
                    std::string_view headers, std::string_view body) {
    std::string text = "SIP/2.0 " + std::to_string(status) + " So\r\n";
    for (const std::string_view via : request.all("Via")) {
        text.append(line("Via", via));
    }
    for (const std::string_view route : request.all("Record-Route")) {
        text.append(line("Record-Route", route));
    }
    std::string to(request.header("To"));
    if (!tag.empty() && request.to_tag().empty() && status != 100) {
        to.append(";tag=").append(tag);
    }
    text.append(line("From", request.header("From"))).append(line("To", to));
    text.append(line("Call-ID", request.header("Call-ID")));
    text.append(line("CSeq", request.header("CSeq")));
    if (request.method() == "INVITE" && status > 100 && status < 300) {
        text.append(line("Contact", contact()));
    }
    text = finish(text.append(headers), body);
    const std::string key = request.branch() + request.method();
    Server& server = servers_[key];
    server.answer = text;
    server.to = from;
    if (status >= 200) {
        server.is_final = true;
        if (request.method() == "INVITE" && status >= 300) {
            const Time end = around_.schedule().now() + kLife;
            after(kT1, [this, key, end] { repeat_final(key, kT1, end); });
        }
    }
    transmit(from, std::move(text));
}

void Agent::repeat_final(const std::string& key, Millis interval, Time end) {
    const Server& server = servers_[key];
    if (server.acked || around_.schedule().now() >= end) {
        return;
    }
    transmit(server.to, server.answer);
    interval = std::min(interval * 2, kT2);
    after(interval, [this, key, interval, end] { repeat_final(key, interval, end); });
}

void Agent::on_ack(const SipText& ack) {
    const auto refused = servers_.find(ack.branch() + "INVITE");
    if (refused != servers_.end()) {
        refused->second.acked = true;
        return;
    }
    Session* session = find(ack.header("Call-ID"), ack.to_tag(), ack.from_tag());
    if (session != nullptr && !session->is_caller) {
        session->ok.clear();
    }
}

}  // namespace causeway::testing::sim
