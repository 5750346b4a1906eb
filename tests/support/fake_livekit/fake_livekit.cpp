#include "support/fake_livekit/fake_livekit.hpp"

#include "support/fake_livekit/fake_livekit_impl.hpp"

#include <algorithm>

namespace causeway::testing {
namespace {

constexpr Millis kTransactionLife{32'000};  // RFC 3261 §17.2: timer J, and sipgo's for INVITE

}  // namespace

Behaviour Behaviour::answer(Millis after) {
    Behaviour how;
    how.kind = Kind::Answer;
    how.after = after;
    return how;
}

Behaviour Behaviour::ring(Millis ringing_timeout) {
    Behaviour how;
    how.kind = Kind::Ring;
    how.ringing_timeout = ringing_timeout;
    return how;
}

Behaviour Behaviour::drop() {
    return {};
}

Behaviour Behaviour::silent() {
    Behaviour how;
    how.kind = Kind::Silent;
    return how;
}

Behaviour Behaviour::refuse(int status, std::string reason) {
    Behaviour how;
    how.kind = Kind::Refuse;
    how.after = Millis{0};
    how.status = status;
    how.reason = std::move(reason);
    return how;
}

Behaviour Behaviour::busy_after(Millis after) {
    Behaviour how = refuse(486, "Rejected");
    how.after = after;
    how.rings = true;
    return how;
}

Behaviour Behaviour::challenge(std::string user, std::string password) {
    Behaviour how = answer(Millis{20});
    how.auth_user = std::move(user);
    how.auth_password = std::move(password);
    return how;
}

FakeLivekit::FakeLivekit(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
FakeLivekit::~FakeLivekit() = default;

void FakeLivekit::on_sip(std::string_view bytes, const Endpoint& from, Time now) {
    impl_->on_sip(bytes, from, now);
}

void FakeLivekit::on_rtp(std::uint16_t local_port, std::string_view bytes, const Endpoint& /*from*/,
                         Time now) {
    impl_->on_rtp(local_port, bytes, now);
}

std::optional<Time> FakeLivekit::deadline() const {
    return impl_->deadline();
}

void FakeLivekit::advance(Time now) {
    impl_->advance(now);
}

std::optional<Datagram> FakeLivekit::poll() {
    if (impl_->out_.empty()) {
        return std::nullopt;
    }
    Datagram next = std::move(impl_->out_.front());
    impl_->out_.pop_front();
    return next;
}

void FakeLivekit::script(std::string number, Behaviour behaviour) {
    impl_->options_.numbers.insert_or_assign(std::move(number), std::move(behaviour));
}

void FakeLivekit::set_dead(bool dead) {
    impl_->dead_ = dead;
}

bool FakeLivekit::hang_up(std::string_view call_id, Time now) {
    return impl_->hang_up(call_id, now);
}

std::vector<LivekitCall> FakeLivekit::live() const {
    return impl_->live();
}

const std::deque<LivekitCall>& FakeLivekit::ended() const {
    return impl_->ended_;
}

const RtpStream* FakeLivekit::audio() const {
    return impl_->last_audio_.get();
}

const Ladder& FakeLivekit::ladder() const {
    return impl_->ladder_;
}

std::uint64_t FakeLivekit::oversize() const {
    return impl_->oversize_;
}

const std::map<std::string, std::uint64_t, std::less<>>& FakeLivekit::requests() const {
    return impl_->requests_;
}

FakeLivekit::Impl::Impl(Options options)
    : options_(std::move(options)),
      random_state_(options_.seed),
      free_ports_(options_.rtp_ports.begin(), options_.rtp_ports.end()) {}

void FakeLivekit::Impl::on_sip(std::string_view bytes, const Endpoint& from, Time now) {
    const auto message = SipText::parse(bytes);
    if (!message || dead_) {
        return;
    }
    if (options_.record) {
        ladder_.add(now, Way::In, from, bytes);
    }
    expire(now);
    if (message->is_request()) {
        on_request(*message, from, now);
    } else {
        on_response(*message);
    }
}

void FakeLivekit::Impl::on_request(const SipText& request, const Endpoint& from, Time now) {
    const std::string method = request.method();
    ++requests_[method];
    if (method == "ACK") {
        on_ack(request);
        return;
    }
    const auto known = transactions_.find(request.branch() + method);
    if (known != transactions_.end()) {
        if (!known->second.last.empty()) {
            transmit(known->second.last, known->second.to, now);
        }
        return;
    }
    if (method == "INVITE") {
        on_invite(request, from, now);
    } else if (method == "CANCEL") {
        on_cancel(request, from, now);
    } else if (method == "BYE") {
        on_bye(request, from, now);
    } else if (method == "NOTIFY") {
        on_notify(request, from, now);
    } else if (method == "OPTIONS") {
        reply(request, from, 200, "OK", now);
    } else {
        reply(request, from, 405, "Method Not Allowed", now);
    }
}

void FakeLivekit::Impl::on_response(const SipText& response) {
    const auto pending = pending_.find(response.branch());
    if (pending == pending_.end() || response.status() < 200) {
        return;
    }
    Call* const found = by_serial(pending->second);
    const bool is_current = found != nullptr && found->request_branch == pending->first;
    pending_.erase(pending);
    if (!is_current) {
        return;  // of a REFER that its BYE has overtaken
    }
    Call& call = *found;
    call.request.clear();
    call.timers[Resend] = Time::max();
    const bool is_good = response.status() < 300;
    if (call.facts.bye_sent) {
        call.facts.bye_answered = is_good;
        end(call, LivekitCall::Phase::Ended);
        return;
    }
    call.refer_accepted = is_good;
    index(call);
}

void FakeLivekit::Impl::on_cancel(const SipText& request, const Endpoint& from, Time now) {
    // Without a live INVITE transaction (dropped, answered, refused) sipgo says nothing at all.
    const auto invite = transactions_.find(request.branch() + "INVITE");
    Call* call = invite == transactions_.end() ? nullptr : by_serial(invite->second.call);
    if (call == nullptr || call->facts.phase != LivekitCall::Phase::Ringing) {
        return;
    }
    reply(request, from, 200, "OK", now);
    transmit(livekit::response(call->invite, call->source, 487, "Request Terminated",
                               call->facts.scl_id),
             call->source, now);
    call->facts.final_status = 487;
    end(*call, LivekitCall::Phase::Cancelled);
}

void FakeLivekit::Impl::on_ack(const SipText& request) {
    Call* call = by_tag(request.to_tag());
    if (call != nullptr && call->facts.phase == LivekitCall::Phase::Answered) {
        call->facts.acked = true;
        call->timers[NoAck] = Time::max();
        index(*call);
    }
}

void FakeLivekit::Impl::on_bye(const SipText& request, const Endpoint& from, Time now) {
    if (request.to_tag().empty()) {
        reply(request, from, 400, "", now);
        return;
    }
    Call* call = by_tag(request.to_tag());
    if (call == nullptr || call->facts.phase != LivekitCall::Phase::Answered) {
        reply(request, from, 481, "Call does not exist", now);
        return;
    }
    reply(request, from, 200, "OK", now);
    call->facts.bye_received = true;
    end(*call, LivekitCall::Phase::Ended);
}

void FakeLivekit::Impl::on_notify(const SipText& request, const Endpoint& from, Time now) {
    Call* call = by_tag(request.to_tag());
    if (call == nullptr || call->facts.phase != LivekitCall::Phase::Answered) {
        reply(request, from, 481, "Call does not exist", now);
        return;
    }
    const std::string_view event = request.header("Event");
    if (event.empty()) {
        reply(request, from, 400, "no event in NOTIFY request", now);
        return;
    }
    if (event != "refer" && !event.starts_with("refer;")) {
        reply(request, from, 501, "unknown event", now);
        return;
    }
    if (!call->refer_accepted) {
        return;  // it holds the answer for five seconds: longer than a prober waits
    }
    reply(request, from, 200, "success", now);
    if (request.body.starts_with("SIP/2.0 200")) {
        call->timers[HangUp] = now + Millis{1000};
        index(*call);
    }
}

void FakeLivekit::Impl::reply(const SipText& request, const Endpoint& from, int status,
                              std::string_view reason, Time now) {
    std::string text = livekit::response(request, from, status, reason, random_uuid());
    const std::string key = request.branch() + request.method();
    transactions_[key] = {.last = text, .to = from, .call = 0};
    transaction_ends_.emplace_back(now + kTransactionLife, key);
    transmit(std::move(text), from, now);
}

void FakeLivekit::Impl::transmit(std::string bytes, const Endpoint& to, Time now) {
    constexpr std::size_t kUdpLimit = 1300;
    if (bytes.size() > kUdpLimit) {
        ++oversize_;
        return;
    }
    if (options_.record) {
        ladder_.add(now, Way::Out, to, bytes);
    }
    out_.push_back({.from = options_.sip, .to = to, .bytes = std::move(bytes)});
}

std::optional<Time> FakeLivekit::Impl::deadline() const {
    return due_.empty() || dead_ ? std::nullopt : std::optional(due_.begin()->first);
}

void FakeLivekit::Impl::advance(Time now) {
    while (!dead_ && !due_.empty() && due_.begin()->first <= now) {
        const std::uint64_t serial = due_.begin()->second;
        Call& call = *calls_.at(serial);
        if (call.audio) {
            play(call, now);
        }
        for (std::size_t timer = 0; timer < TimerCount; ++timer) {
            if (call.timers[timer] <= now) {
                call.timers[timer] = Time::max();
                fire(call, static_cast<Timer>(timer), now);
                break;  // the call may be gone; what else is due comes in the next round
            }
        }
        if (Call* still = by_serial(serial)) {
            index(*still);
        }
    }
}

void FakeLivekit::Impl::expire(Time now) {
    while (!transaction_ends_.empty() && transaction_ends_.front().first <= now) {
        transactions_.erase(transaction_ends_.front().second);
        transaction_ends_.pop_front();
    }
    while (!refused_ends_.empty() && refused_ends_.front().first <= now) {
        refused_.erase(refused_ends_.front().second);
        refused_ends_.pop_front();
    }
}

void FakeLivekit::Impl::index(Call& call) {
    due_.erase({call.due, call.serial});
    call.due = *std::min_element(call.timers.begin(), call.timers.end());
    if (call.audio && call.audio->deadline()) {
        call.due = std::min(call.due, *call.audio->deadline());
    }
    if (call.due != Time::max()) {
        due_.emplace(call.due, call.serial);
    }
}

FakeLivekit::Impl::Call* FakeLivekit::Impl::by_serial(std::uint64_t serial) const {
    const auto found = calls_.find(serial);
    return found == calls_.end() ? nullptr : found->second.get();
}

FakeLivekit::Impl::Call* FakeLivekit::Impl::by_tag(std::string_view scl_id) const {
    const auto found = tags_.find(std::string(scl_id));
    return found == tags_.end() ? nullptr : by_serial(found->second);
}

std::vector<LivekitCall> FakeLivekit::Impl::live() const {
    std::vector<LivekitCall> calls;
    for (const auto& [serial, call] : calls_) {
        calls.push_back(call->facts);
    }
    return calls;
}

bool FakeLivekit::Impl::hang_up(std::string_view call_id, Time now) {
    bool is_any = false;
    for (const auto& [serial, call] : calls_) {
        if (call->facts.call_id == call_id && call->facts.phase == LivekitCall::Phase::Answered) {
            send_bye(*call, now);
            index(*call);
            is_any = true;
        }
    }
    return is_any;
}

const Behaviour& FakeLivekit::Impl::behaviour_of(std::string_view number) const {
    const auto found = options_.numbers.find(number);
    return found == options_.numbers.end() ? options_.otherwise : found->second;
}

std::uint64_t FakeLivekit::Impl::random() {
    // splitmix64: a test's stream, small and the same everywhere.
    random_state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t value = random_state_;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

std::string FakeLivekit::Impl::random_text(std::size_t length) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    std::string text;
    while (text.size() < length) {
        text.push_back(kAlphabet[random() % kAlphabet.size()]);
    }
    return text;
}

std::string FakeLivekit::Impl::random_uuid() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text = "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx";
    for (char& letter : text) {
        letter = letter == 'x' ? kDigits[random() & 15] : letter;
    }
    return text;
}

}  // namespace causeway::testing
