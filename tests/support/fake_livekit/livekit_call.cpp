#include "support/fake_livekit/fake_livekit_impl.hpp"

namespace causeway::testing {
namespace {

using livekit::kAllow;

constexpr Millis kRingInterval{1000};
constexpr Millis kNoAckNoRtp{7780};  // from the 200: seen as 7.8 s after an INVITE answered at once
constexpr Millis kTimerF{32'000};
constexpr Millis kCacheLife{60'000};
constexpr std::array<Millis, 2> kCopies{Millis{250}, Millis{500}};  // 200 at 0, 250, 750 ms

}  // namespace

void FakeLivekit::Impl::on_invite(const SipText& request, const Endpoint& from, Time now) {
    if (request.from_tag().empty()) {
        transmit(livekit::response(request, from, 400, "Bad request", random_uuid(),
                                   {{"Allow", std::string(kAllow)}}),
                 from, now);
        return;
    }
    if (replay(request, from, now) || reinvite(request, from, now)) {
        return;
    }
    Behaviour how = behaviour_of(user_of(uri_of(request.header("To"))));
    if (how.kind == Behaviour::Kind::Silent) {
        return;
    }
    if (Call* lost = by_tag(request.to_tag())) {
        // A re-INVITE with an old CSeq is a new call of the same participant: both end.
        end(*lost, LivekitCall::Phase::Ended);
        how = Behaviour::busy_after(Millis{0});
    }
    begin(request, from, how, now);
}

bool FakeLivekit::Impl::replay(const SipText& request, const Endpoint& from, Time now) {
    const auto cached =
        refused_.find(std::string(request.header("Call-ID")) + "|" + request.from_tag());
    if (cached == refused_.end() || cached->second.until <= now) {
        return false;
    }
    transmit(
        livekit::response(
            request, from, cached->second.status, cached->second.reason, "SCL_" + random_text(12),
            {{"Allow", std::string(kAllow)}, {"Contact", livekit::contact(options_.sip)}}),
        from, now);
    return true;
}

bool FakeLivekit::Impl::reinvite(const SipText& request, const Endpoint& from, Time now) {
    Call* call = by_tag(request.to_tag());
    if (call == nullptr || call->facts.phase != LivekitCall::Phase::Answered ||
        request.cseq() <= call->invite.cseq()) {
        return false;
    }
    const auto offer = SdpText::parse(request.body);
    const auto moved = offer ? offer->rtp() : std::nullopt;
    if (moved && moved->port != 0 && !moved->ip.is_unspecified()) {
        call->facts.remote_rtp = *moved;
        if (call->audio) {
            call->audio->redirect(*moved);
        }
    }
    std::string ok = livekit::response(request, from, 200, "OK", "",
                                       {{"Content-Type", "application/sdp"},
                                        {"Allow", std::string(kAllow)},
                                        {"Contact", livekit::contact(options_.sip)}},
                                       call->answer.text);
    const std::string key = request.branch() + "INVITE";
    transactions_[key] = {.last = ok, .to = from, .call = 0};
    transaction_ends_.emplace_back(now + kTimerF, key);
    transmit(std::move(ok), from, now);
    return true;
}

void FakeLivekit::Impl::begin(const SipText& request, const Endpoint& from, const Behaviour& how,
                              Time now) {
    auto owned = std::make_unique<Call>();
    Call& call = *owned;
    call.serial = ++serials_;
    call.how = how;
    call.invite = request;
    call.source = from;
    call.transaction = request.branch() + "INVITE";
    call.next_cseq = request.cseq() + 1;
    call.timers.fill(Time::max());
    call.due = Time::max();
    call.facts.invite = request.bytes;
    call.facts.call_id = request.header("Call-ID");
    const auto challenged = challenges_.find(call.facts.call_id);
    call.facts.scl_id =
        challenged == challenges_.end() ? "SCL_" + random_text(12) : challenged->second.scl_id;
    call.facts.called = user_of(uri_of(request.header("To")));
    call.facts.calling = user_of(uri_of(request.header("From")));
    calls_.emplace(call.serial, std::move(owned));
    tags_[call.facts.scl_id] = call.serial;
    transactions_[call.transaction] = {.last = {}, .to = from, .call = call.serial};

    provisional(call, 100, "Processing", now);
    if (!how.auth_user.empty() && challenge(call, now)) {
        return;
    }
    if (how.kind == Behaviour::Kind::Refuse && !how.rings) {
        call.timers[Decide] = now + how.after;
        index(call);
        advance(now);
        return;
    }
    ring(call, now);
}

void FakeLivekit::Impl::ring(Call& call, Time now) {
    const std::uint64_t serial = call.serial;
    provisional(call, 180, "Ringing", now);
    if (call.how.kind == Behaviour::Kind::Drop) {
        end(call, LivekitCall::Phase::Dropped);
        return;
    }
    const auto port = take_port();
    if (!port) {
        refuse(call, 500, "", now);
        return;
    }
    ports_[*port] = serial;
    call.facts.local_rtp = *port;
    const auto chosen = livekit::negotiate(call.invite, options_.codecs, {options_.sip.ip, *port});
    if (!chosen) {
        refuse(call, 400, "", now);
        return;
    }
    call.answer = *chosen;
    call.facts.remote_rtp = chosen->remote.value_or(Endpoint{});
    call.timers[RingAgain] = now + kRingInterval;
    if (call.how.kind == Behaviour::Kind::Ring) {
        call.timers[GiveUp] = now + call.how.ringing_timeout;
    } else {
        call.timers[Decide] = now + call.how.after;
    }
    index(call);
    advance(now);
}

bool FakeLivekit::Impl::challenge(Call& call, Time now) {
    const auto pending = challenges_.find(call.facts.call_id);
    const std::string_view given = call.invite.header("Proxy-Authorization");
    const Behaviour& how = call.how;
    if (given.empty() || pending == challenges_.end()) {
        const auto micros =
            std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
        const std::string nonce = std::to_string(micros.count()) + "-" + call.facts.call_id;
        challenges_[call.facts.call_id] = {.nonce = nonce, .scl_id = call.facts.scl_id};
        transmit(livekit::response(
                     call.invite, call.source, 407, "Unauthorized", call.facts.scl_id,
                     {{"Proxy-Authenticate", "Digest realm=\"" + how.auth_realm + "\", nonce=\"" +
                                                 nonce + "\", algorithm=MD5"}}),
                 call.source, now);
        call.facts.final_status = 407;
        end(call, LivekitCall::Phase::Refused);
        return true;
    }
    const std::string expected =
        livekit::digest_response(how.auth_user, how.auth_realm, how.auth_password,
                                 pending->second.nonce, livekit::auth_param(given, "uri"));
    const bool is_good = livekit::auth_param(given, "username") == how.auth_user &&
                         livekit::auth_param(given, "nonce") == pending->second.nonce &&
                         livekit::auth_param(given, "response") == expected;
    challenges_.erase(pending);  // used up, whatever comes of it
    if (is_good) {
        return false;
    }
    transmit(livekit::response(call.invite, call.source, 401, "Unauthorized", call.facts.scl_id),
             call.source, now);
    call.facts.final_status = 401;
    end(call, LivekitCall::Phase::Refused);
    return true;
}

void FakeLivekit::Impl::provisional(Call& call, int status, std::string_view reason, Time now) {
    std::string text = livekit::response(call.invite, call.source, status, reason,
                                         call.facts.scl_id, {{"Allow", std::string(kAllow)}});
    transactions_[call.transaction].last = text;
    transmit(std::move(text), call.source, now);
}

void FakeLivekit::Impl::refuse(Call& call, int status, std::string_view reason, Time now) {
    // What is decided at close time (486, 487, 488) carries nothing more and is not cached.
    const bool is_closing = status >= 486 && status <= 488;
    livekit::Headers extra;
    if (!is_closing) {
        extra = {{"Allow", std::string(kAllow)}, {"Contact", livekit::contact(options_.sip)}};
        const std::string key = call.facts.call_id + "|" + call.invite.from_tag();
        refused_[key] = {
            .status = status, .reason = std::string(reason), .until = now + kCacheLife};
        refused_ends_.emplace_back(now + kCacheLife, key);
    }
    transmit(livekit::response(call.invite, call.source, status, reason, call.facts.scl_id, extra),
             call.source, now);
    call.facts.final_status = status;
    end(call, LivekitCall::Phase::Refused);
}

void FakeLivekit::Impl::fire(Call& call, Timer timer, Time now) {
    switch (timer) {
        case RingAgain:
            provisional(call, 180, "Ringing", now);
            call.timers[RingAgain] = now + kRingInterval;
            break;
        case Decide:
            if (call.how.kind == Behaviour::Kind::Answer) {
                answer(call, now);
            } else {
                refuse(call, call.how.status, call.how.reason, now);
            }
            break;
        case GiveUp:
            refuse(call, 486, "Rejected", now);
            break;
        case RepeatOk:
            repeat_ok(call, now);
            break;
        case HangUp:
        case MediaGap:
            send_bye(call, now);
            break;
        case ReferOut:
            send_refer(call, now);
            break;
        case NoAck:
            if (!call.heard) {
                send_bye(call, now);
            }
            break;
        case Resend:
            resend(call, now);
            break;
        case TimerCount:
            break;
    }
}

void FakeLivekit::Impl::answer(Call& call, Time now) {
    livekit::Headers extra{{"Contact", livekit::contact(options_.sip)},
                           {"Content-Type", "application/sdp"}};
    extra.insert(extra.end(), call.how.headers.begin(), call.how.headers.end());
    call.ok = livekit::response(call.invite, call.source, 200, "OK", call.facts.scl_id, extra,
                                call.answer.text);
    call.facts.phase = LivekitCall::Phase::Answered;
    call.facts.final_status = 200;
    call.answered_at = now;
    transactions_[call.transaction].last.clear();  // a late INVITE retransmission gets nothing
    call.timers[RingAgain] = Time::max();
    call.timers[RepeatOk] = now + kCopies[0];
    call.timers[NoAck] = now + kNoAckNoRtp;
    if (call.how.hang_up_after) {
        call.timers[HangUp] = now + *call.how.hang_up_after;
    }
    if (call.how.refer_after) {
        call.timers[ReferOut] = now + *call.how.refer_after;
    }
    transmit(call.ok, call.source, now);
    if (options_.media == Media::Ignored) {
        return;
    }
    call.timers[MediaGap] = now + options_.media_timeout_initial;
    call.audio =
        std::make_shared<RtpStream>(RtpStream::Options{.ssrc = static_cast<std::uint32_t>(random()),
                                                       .sequence = 0,
                                                       .timestamp = 0,
                                                       .program = options_.program});
    last_audio_ = call.audio;
    if (call.answer.remote && !call.answer.remote->ip.is_unspecified()) {
        RtpCodec codec;
        codec.payload_type = static_cast<std::uint8_t>(call.answer.payload_type);
        if (call.answer.payload_type != 9) {
            codec.law = call.answer.payload_type == 8 ? Law::A : Law::Mu;
        }
        if (call.answer.events) {
            codec.events = static_cast<std::uint8_t>(*call.answer.events);
        }
        call.audio->start(*call.answer.remote, codec, now);
        play(call, now);
    }
}

void FakeLivekit::Impl::repeat_ok(Call& call, Time now) {
    // Over UDP it sends three copies whether the ACK came or not, then goes on without it.
    transmit(call.ok, call.source, now);
    if (++call.copies < kCopies.size()) {
        call.timers[RepeatOk] = now + kCopies[call.copies];
    }
}

}  // namespace causeway::testing
