#include "support/ua/user_agent.hpp"

#include <algorithm>
#include <utility>

namespace causeway::testing {
namespace {

constexpr Millis kT1{500};
constexpr Millis kT2{4000};
constexpr Millis kTimeout{32'000};  // 64 * T1

std::string mirrored(std::string_view direction) {
    if (direction == "sendonly") {
        return "recvonly";
    }
    return direction == "recvonly" ? "sendonly" : std::string(direction);
}

}  // namespace

UserAgent::UserAgent(Options options)
    : options_(std::move(options)),
      random_state_(options_.seed),
      audio_({.ssrc = static_cast<std::uint32_t>(options_.seed * 2654435761U + 1),
              .sequence = static_cast<std::uint16_t>(options_.seed * 31 + 17),
              .timestamp = static_cast<std::uint32_t>(options_.seed * 8191 + 5),
              .program = options_.program}) {}

void UserAgent::call(const Invitation& invitation, Time now) {
    invitation_ = invitation;
    call_id_ = random_text(16) + "@" + options_.sip.ip.to_string();
    local_tag_ = random_text(10);
    remote_tag_.clear();
    remote_to_ = "<" + invitation.request_uri + ">";
    remote_target_ = invitation.request_uri;
    cseq_ = 0;
    session_id_ = options_.seed * 1'000'003 + 11;
    session_version_ = 1;
    local_direction_ = "sendrecv";
    remote_sdp_.reset();
    final_status_ = 0;
    final_reason_.clear();
    bye_received_ = cancel_wanted_ = false;
    acks_.clear();
    state_ = State::Calling;
    request("INVITE", invitation_, now);
}

void UserAgent::cancel(Time now) {
    for (const Client& client : clients_) {
        if (client.method == "INVITE" && state_ != State::Confirmed) {
            cancel_wanted_ = true;
            if (client.has_provisional) {
                send_cancel(client, now);
                return;
            }
        }
    }
}

void UserAgent::bye(Time now) {
    if (state_ != State::Confirmed) {
        return;
    }
    audio_.stop();
    request("BYE", invitation_, now);
    state_ = State::Ended;
}

void UserAgent::reinvite(std::string_view direction, Time now) {
    if (state_ != State::Confirmed) {
        return;
    }
    local_direction_ = direction;
    ++session_version_;
    Invitation again = invitation_;
    again.headers.clear();
    again.offer = true;
    request("INVITE", again, now);
}

void UserAgent::request(std::string_view method, const Invitation& to, Time now) {
    const std::string branch = "z9hG4bK" + random_text(12);
    const bool is_inside = !remote_tag_.empty();
    if (call_id_.empty()) {
        call_id_ = random_text(16) + "@" + options_.sip.ip.to_string();
        local_tag_ = random_text(10);
    }
    if (!is_inside) {
        remote_to_ = "<" + to.request_uri + ">";
    }
    std::string text = head(method, is_inside ? remote_target_ : to.request_uri, branch, ++cseq_);
    for (const auto& [name, value] : to.headers) {
        put(text, name, value);
    }
    if (method == "INVITE") {
        put(text, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE");
    }
    finish(text, method == "INVITE" && to.offer ? session(local_direction_) : std::string{});
    const auto target = is_inside ? endpoint_of(remote_target_) : std::optional(to.target);
    begin(method, branch, std::move(text), target.value_or(to.target), cseq_, now);
}

void UserAgent::send_cancel(const Client& invite, Time now) {
    cancel_wanted_ = false;
    begin("CANCEL", invite.branch, cancel_text(invite), invite.to, invite.cseq, now);
}

void UserAgent::begin(std::string_view method, const std::string& branch, std::string text,
                      const Endpoint& to, std::uint32_t cseq, Time now) {
    clients_.push_back({.method = std::string(method),
                        .branch = branch,
                        .bytes = text,
                        .to = to,
                        .cseq = cseq,
                        .interval = kT1,
                        .next = now + kT1,
                        .end = now + kTimeout,
                        .has_provisional = false});
    transmit(std::move(text), to, now);
}

void UserAgent::on_sip(std::string_view bytes, const Endpoint& from, Time now) {
    ladder_.add(now, Way::In, from, bytes);
    const auto message = SipText::parse(bytes);
    if (!message) {
        return;
    }
    if (message->is_request()) {
        on_request(*message, from, now);
    } else {
        on_response(*message, now);
    }
}

void UserAgent::on_response(const SipText& response, Time now) {
    const std::string method = response.method();
    if (method == "INVITE" && acks_.count(response.cseq()) != 0 && response.status() >= 200) {
        // A repeated final answer gets its ACK again (RFC 3261 §13.2.2.4, §17.1.1.2).
        const auto to = endpoint_of(remote_target_).value_or(invitation_.target);
        transmit(acks_[response.cseq()], response.status() < 300 ? to : invitation_.target, now);
        return;
    }
    const auto client =
        std::find_if(clients_.begin(), clients_.end(), [&](const Client& candidate) {
            return candidate.branch == response.branch() && candidate.method == method;
        });
    if (client == clients_.end()) {
        return;
    }
    if (method == "INVITE") {
        on_invite_response(*client, response, now);
    } else if (response.status() < 200) {
        client->interval = kT2;
    }
    if (response.status() >= 200) {
        statuses_[method] = response.status();
        clients_.erase(std::find_if(clients_.begin(), clients_.end(), [&](const Client& candidate) {
            return candidate.branch == response.branch() && candidate.method == method;
        }));
    }
}

void UserAgent::on_invite_response(Client& client, const SipText& response, Time now) {
    const int status = response.status();
    if (status < 200) {
        client.has_provisional = true;
        client.next = client.end = Time::max();
        if (state_ == State::Calling || state_ == State::Trying) {
            state_ = status == 100 ? State::Trying : State::Ringing;
        }
        if (cancel_wanted_) {
            send_cancel(client, now);
        }
        return;
    }
    if (status < 300) {
        on_answer(response, client, now);
        return;
    }
    std::string ack = refusal_ack(response, client);
    acks_[client.cseq] = ack;
    transmit(std::move(ack), client.to, now);
    if (state_ != State::Confirmed) {
        end(status, response.reason());
    }
}

void UserAgent::on_answer(const SipText& response, const Client& client, Time now) {
    const bool is_first = state_ != State::Confirmed;
    if (is_first) {
        remote_tag_ = response.to_tag();
        remote_to_ = response.header("To");
        final_status_ = response.status();
        final_reason_ = response.reason();
        state_ = State::Confirmed;
    }
    if (response.has("Contact")) {
        remote_target_ = uri_of(response.header("Contact"));
    }
    const auto answer = SdpText::parse(response.body);
    std::string ack = head("ACK", remote_target_, "z9hG4bK" + random_text(12), client.cseq);
    finish(ack, invitation_.offer || !is_first ? std::string{} : session(local_direction_));
    acks_[client.cseq] = ack;
    transmit(std::move(ack), endpoint_of(remote_target_).value_or(client.to), now);
    if (answer) {
        learn(*answer, now);
    }
}

void UserAgent::on_request(const SipText& request, const Endpoint& from, Time now) {
    const std::string method = request.method();
    if (method == "ACK") {
        ok_.reset();
        return;
    }
    const std::string key = request.branch() + method;
    const auto known = answered_.find(key);
    if (known != answered_.end()) {
        transmit(known->second, from, now);
        return;
    }
    std::string text;
    if (method == "OPTIONS") {
        text = reply(request, from, 200, "OK");
    } else if (!is_ours(request)) {
        text = reply(request, from, 481, "Call/Transaction Does Not Exist");
    } else if (method == "BYE") {
        bye_received_ = true;
        audio_.stop();
        state_ = State::Ended;
        text = reply(request, from, 200, "OK");
    } else if (method == "INVITE") {
        on_offer(request, from, now);
        return;
    } else if (method == "INFO" || method == "UPDATE") {
        text = reply(request, from, 200, "OK");
    } else {
        text = reply(request, from, 405, "Method Not Allowed");
    }
    answered_[key] = text;
    transmit(std::move(text), from, now);
}

void UserAgent::on_offer(const SipText& request, const Endpoint& from, Time now) {
    const bool is_glare = std::any_of(clients_.begin(), clients_.end(), [](const Client& client) {
        return client.method == "INVITE";
    });
    const std::string key = request.branch() + "INVITE";
    if (is_glare) {
        answered_[key] = reply(request, from, 491, "Request Pending");
        transmit(answered_[key], from, now);
        return;
    }
    if (request.has("Contact")) {
        remote_target_ = uri_of(request.header("Contact"));
    }
    const auto offer = SdpText::parse(request.body);
    const std::string direction = offer ? mirrored(offer->direction) : local_direction_;
    answered_[key] = reply(request, from, 200, "OK", session(direction));
    ok_ = Client{.method = "INVITE",
                 .branch = request.branch(),
                 .bytes = answered_[key],
                 .to = from,
                 .cseq = request.cseq(),
                 .interval = kT1,
                 .next = now + kT1,
                 .end = now + kTimeout,
                 .has_provisional = false};
    transmit(answered_[key], from, now);
    if (offer) {
        learn(*offer, now);
    }
}

std::optional<Time> UserAgent::deadline() const {
    Time due = audio_.deadline().value_or(Time::max());
    for (const Client& client : clients_) {
        due = std::min({due, client.next, client.end});
    }
    if (ok_) {
        due = std::min(due, ok_->next);
    }
    return due == Time::max() ? std::nullopt : std::optional(due);
}

void UserAgent::advance(Time now) {
    while (auto packet = audio_.frame(now)) {
        out_.push_back({.from = options_.rtp, .to = audio_.remote(), .bytes = std::move(*packet)});
    }
    for (std::size_t i = 0; i < clients_.size();) {
        Client& client = clients_[i];
        if (client.end <= now) {
            const Client gone = std::move(client);
            clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(i));
            on_timeout(gone);
            continue;
        }
        if (client.next <= now) {
            // Timer A doubles without limit, timer E up to T2 (RFC 3261 §17.1.1.2, §17.1.2.2).
            client.interval *= 2;
            if (client.method != "INVITE") {
                client.interval = std::min(client.interval, kT2);
            }
            client.next = now + client.interval;
            transmit(client.bytes, client.to, now);
        }
        ++i;
    }
    if (ok_ && ok_->next <= now) {
        if (ok_->end <= now) {
            ok_.reset();
            return;
        }
        ok_->interval = std::min(ok_->interval * 2, kT2);
        ok_->next = now + ok_->interval;
        transmit(ok_->bytes, ok_->to, now);
    }
}

void UserAgent::on_timeout(const Client& client) {
    statuses_[client.method] = 408;
    if (client.method == "INVITE" && state_ != State::Confirmed) {
        end(408, "nobody answered");
    }
}

std::optional<Datagram> UserAgent::poll() {
    if (out_.empty()) {
        return std::nullopt;
    }
    Datagram next = std::move(out_.front());
    out_.pop_front();
    return next;
}

int UserAgent::status_of(std::string_view method) const {
    const auto found = statuses_.find(method);
    return found == statuses_.end() ? 0 : found->second;
}

void UserAgent::transmit(std::string bytes, const Endpoint& to, Time now) {
    ladder_.add(now, Way::Out, to, bytes);
    out_.push_back({.from = options_.sip, .to = to, .bytes = std::move(bytes)});
}

bool UserAgent::is_ours(const SipText& request) const {
    return state_ == State::Confirmed && request.header("Call-ID") == call_id_ &&
           request.from_tag() == remote_tag_ && request.to_tag() == local_tag_;
}

void UserAgent::end(int status, std::string reason) {
    final_status_ = status;
    final_reason_ = std::move(reason);
    state_ = State::Ended;
    audio_.stop();
}

std::string UserAgent::random_text(std::size_t length) {
    constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string text;
    while (text.size() < length) {
        random_state_ = random_state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        text.push_back(kAlphabet[(random_state_ >> 33) % kAlphabet.size()]);
    }
    return text;
}

}  // namespace causeway::testing
