#include "support/fake_livekit/fake_livekit_impl.hpp"

#include <algorithm>

namespace causeway::testing {
namespace {

constexpr Millis kT1{500};
constexpr Millis kT2{4000};
constexpr Millis kTimerF{32'000};

}  // namespace

void FakeLivekit::Impl::on_rtp(std::uint16_t local_port, std::string_view bytes, Time now) {
    const auto found = ports_.find(local_port);
    Call* call = found == ports_.end() || dead_ ? nullptr : by_serial(found->second);
    if (call == nullptr) {
        return;
    }
    call->heard = true;
    if (call->audio) {
        call->audio->receive(bytes, now);
        call->timers[MediaGap] = now + options_.media_timeout;
        index(*call);
    }
}

void FakeLivekit::Impl::play(Call& call, Time now) {
    while (auto packet = call.audio->frame(now)) {
        out_.push_back({.from = {options_.sip.ip, call.facts.local_rtp},
                        .to = call.audio->remote(),
                        .bytes = std::move(*packet)});
    }
}

livekit::Dialog FakeLivekit::Impl::dialog_of(const Call& call) const {
    const std::string_view target =
        call.invite.has("Contact") ? call.invite.header("Contact") : call.invite.header("From");
    return {.sip = options_.sip,
            .target = uri_of(target),
            .call_id = call.facts.call_id,
            .local = std::string(call.invite.header("To")) + ";tag=" + call.facts.scl_id,
            .remote = std::string(call.invite.header("From"))};
}

void FakeLivekit::Impl::send_bye(Call& call, Time now) {
    call.facts.bye_sent = true;
    call.facts.phase = LivekitCall::Phase::Ended;
    stop_media(call);
    call.timers.fill(Time::max());
    call.request_branch = "z9hG4bK." + random_text(16);
    send_request(
        call,
        livekit::bye(dialog_of(call), call.request_branch, call.next_cseq++, call.how.headers),
        now);
}

void FakeLivekit::Impl::send_refer(Call& call, Time now) {
    call.request_branch = "z9hG4bK." + random_text(16);
    send_request(call,
                 livekit::refer(dialog_of(call), call.request_branch, call.next_cseq++,
                                call.how.refer_to, {}),
                 now);
}

void FakeLivekit::Impl::send_request(Call& call, std::string bytes, Time now) {
    // To the top Record-Route, else to the INVITE's Contact; never to where the INVITE came from.
    const auto routes = call.invite.all("Record-Route");
    const auto to = endpoint_of(routes.empty() ? dialog_of(call).target : uri_of(routes.front()));
    call.request = std::move(bytes);
    pending_[call.request_branch] = call.serial;
    call.request_to = to.value_or(Endpoint{});
    call.request_interval = kT1;
    call.request_end = now + kTimerF;
    call.timers[Resend] = now + kT1;
    if (to) {
        transmit(call.request, *to, now);
    }
}

void FakeLivekit::Impl::resend(Call& call, Time now) {
    if (now >= call.request_end) {
        call.request.clear();
        pending_.erase(call.request_branch);
        if (call.facts.bye_sent) {
            end(call, LivekitCall::Phase::Ended);
        }
        return;
    }
    if (call.request_to.port != 0) {
        transmit(call.request, call.request_to, now);
    }
    call.request_interval = std::min(call.request_interval * 2, kT2);
    call.timers[Resend] = std::min(now + call.request_interval, call.request_end);
}

void FakeLivekit::Impl::stop_media(Call& call) {
    if (call.audio) {
        call.audio->stop();
        call.audio.reset();
    }
    if (call.facts.local_rtp != 0 && ports_.erase(call.facts.local_rtp) != 0 &&
        !options_.rtp_ports.empty()) {
        free_ports_.push_back(call.facts.local_rtp);
    }
}

void FakeLivekit::Impl::end(Call& call, LivekitCall::Phase phase) {
    stop_media(call);
    call.facts.phase = phase;
    if (phase == LivekitCall::Phase::Ended) {
        transaction_ends_.emplace_back(call.answered_at + kTimerF, call.transaction);
    } else {
        transactions_.erase(call.transaction);  // sipgo ends it with the final answer
    }
    const auto tag = tags_.find(call.facts.scl_id);
    if (tag != tags_.end() && tag->second == call.serial) {
        tags_.erase(tag);
    }
    pending_.erase(call.request_branch);
    due_.erase({call.due, call.serial});
    ended_.push_back(std::move(call.facts));
    if (ended_.size() > options_.keep_ended) {
        ended_.pop_front();
    }
    calls_.erase(call.serial);
}

std::optional<std::uint16_t> FakeLivekit::Impl::take_port() {
    if (options_.rtp_ports.empty()) {
        made_up_port_ =
            made_up_port_ >= 29'998 ? 20'000 : static_cast<std::uint16_t>(made_up_port_ + 2);
        return made_up_port_;
    }
    if (free_ports_.empty()) {
        return std::nullopt;
    }
    const std::uint16_t port = free_ports_.front();
    free_ports_.pop_front();
    return port;
}

}  // namespace causeway::testing
