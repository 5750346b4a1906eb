#include "conductor.hpp"
#include "record.hpp"

#include "causeway/base/log.hpp"
#include "causeway/call/leg_b.hpp"
#include "causeway/call/reasons.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

/// What the call machine decides, carried out.
namespace causeway::b2bua {
namespace {

constexpr std::size_t kTagLength = 16;
constexpr std::size_t kCallIdLength =
    24;  // about 124 bits, without a host: it would name us to nobody's use
constexpr std::string_view kLivekitTag = "SCL_";  // what LiveKit's own call ids begin with

port::MediaRelay::Side side_of(const call::MediaSide& side, const Endpoint& signalling,
                               Millis media_timeout) {
    port::MediaRelay::Side result;
    result.peer = side.peer;
    result.rtcp = side.rtcp;
    result.signalling = signalling.ip;
    result.payload_types = side.payload_types;
    result.hears = side.hears;
    result.speaks = side.speaks;
    result.wants_rtcp = side.wants_rtcp;
    result.media_timeout = media_timeout;
    return result;
}

}  // namespace

void Conductor::tell(Call& call, call::Event event) {
    call.inbox.push_back(std::move(event));
    run(call);
}

void Conductor::run(Call& call) {
    if (call.running) {
        return;  // further up the stack somebody works this inbox off
    }
    call.running = true;
    while (auto event = call.inbox.pop()) {
        execute_all(call.machine.on(std::move(*event), now_), call);
    }
    call.running = false;
    if (!call.recorded) {
        set_timer(call);
        complete_if_done(call);
    }
    count_half_open(call);
}

void Conductor::wake(Call& call) {
    for (const LegId& id : {LegId{call.machine.id(), 0}, call.b_id}) {
        if (dialog::Leg* leg = leg_of(call, id)) {
            leg->advance(now_);
            drain(call, id);
        }
    }
    call.running = true;
    execute_all(call.machine.advance(now_), call);
    call.running = false;
    run(call);
}

void Conductor::execute_all(call::Commands commands, Call& call) {
    for (call::Command& command : commands) {
        std::visit([&](auto& alternative) { execute(alternative, call); }, command);
    }
}

void Conductor::execute(call::OpenFlow& command, Call& call) {
    const auto opened = media_->open(call.machine.plan().interface, command.b_interface);
    if (!opened) {
        log::warn("call.no_ports", {{"call", call.machine.id()}, {"error", opened.error().what}});
        call.trouble = opened.error().what;
        call.inbox.push_back(call::FlowFailed{});
        return;
    }
    call.flow = opened->flow;
    book_.bind(opened->flow, call.machine.id());
    call.inbox.push_back(call::FlowOpened{opened->flow, opened->a_side, opened->b_side});
}

void Conductor::execute(call::SendInvite& command, Call& call) {
    const routing::Target& target = call.machine.plan().route.targets[command.target];
    const config::Interface& interface = this->interface(target.address.interface);
    dialog::Leg leg = dialog::Leg::uac(call::make_invitation(
        call.machine.plan(), target,
        {call.machine.id(), random_.token(kCallIdLength), random_.token(kTagLength),
         call::contact_of(interface, target.address.transport), uri_host(interface.advertise),
         std::move(command.offer)}));
    const auto ask = leg.poll();
    const auto& invite = std::get<dialog::Ask>(*ask);
    call.b_id = command.leg;
    call.b = std::move(leg);
    call.b_call_id = call.b->state().call_id;
    call.livekit_call_id.clear();
    call.b_invite = layer_.request(invite.bytes, invite.to, now_);
    book_.bind(call.b_invite, command.leg);
    book_.bind(call.b->state(), command.leg);
    log::debug("call.attempt", {{"call", call.machine.id()},
                                {"gateway", call.machine.ledger().attempts.back().gateway},
                                {"b_call_id", call.b_call_id}});
}

void Conductor::execute(call::Reply& command, Call& call) {
    dialog::Leg* leg = leg_of(call, command.leg);
    if (leg == nullptr) {
        return;
    }
    const bool is_first = leg->state().phase == dialog::Phase::Early;  // else a re-INVITE's
    if (command.status.code == 200 && command.leg.is_a() && is_first) {
        ++counters_.answered;
        tally_.answered(std::chrono::duration_cast<Millis>(now_ - call.machine.ledger().start));
        log::info("call.answered", {{"call", call.machine.id()},
                                    {"gateway", call.machine.ledger().attempts.back().gateway},
                                    {"codec", call.machine.ledger().codec}});
    }
    leg->respond(command.status, command.headers, command.sdp, now_);
    drain(call, command.leg);
}

void Conductor::execute(call::ConnectFlow& command, Call& call) {
    const Millis timeout = call.machine.plan().timers.media_timeout;
    const Endpoint b_signalling = call.b ? call.b->state().source.peer : Endpoint{};
    media_->connect(command.flow, side_of(command.a, call.a_source.peer, timeout),
                    side_of(command.b, b_signalling, timeout));
}

void Conductor::execute(call::EndLeg& command, Call& call) {
    dialog::Leg* leg = leg_of(call, command.leg);
    if (leg == nullptr) {
        return;
    }
    if (leg->state().phase != dialog::Phase::Early) {
        leg->end(command.headers);
        drain(call, command.leg);
        return;
    }
    std::string lines;
    for (const sip::Header& header : command.headers) {
        lines.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    note_cancel(call);
    layer_.cancel(call.b_invite, lines, now_);
    drop_b(call);
    call.inbox.push_back(call::Closed{command.leg});
}

/// The attempt is over for us: later answers to it are written down, find no leg and are dismissed.
void Conductor::drop_b(Call& call) {
    call.former_invites.push_back(call.b_invite);
    book_.release(call.b->state());
    const std::string& tag = call.b->state().remote_tag;
    if (std::string_view(tag).substr(0, kLivekitTag.size()) == kLivekitTag) {
        call.livekit_call_id = tag;
    }
    call.b.reset();
}

void Conductor::execute(call::CloseFlow& command, Call& call) {
    ++call.closing_flows;
    book_.release(command.flow);
    call.flow = FlowId{};
    media_->close(call.machine.id().value, command.flow);
}

void Conductor::execute(call::Finish& /*command*/, Call& call) {
    call.finished = true;
}

void Conductor::complete_if_done(Call& call) {
    if (!call.finished || call.running || call.closing_flows > 0 || call.recorded) {
        return;
    }
    call.recorded = true;
    if (call.b) {
        drop_b(call);
    }
    port::CallRecord record = record_of(call, clock_.now(), clock_.wall());
    log::info("call.ended", {{"call", call.machine.id()},
                             {"tenant", record.tenant},
                             {"cause", to_string(record.outcome.cause)},
                             {"side", to_string(record.outcome.side)},
                             {"reason", record.outcome.reason},
                             {"code", call::code_of(record.outcome.reason)},
                             {"status", record.outcome.sip_status},
                             {"duration_ms", record.duration_ms.value_or(0)}});
    ++counters_.finished;
    tally_.ended(call.tally, record.outcome);
    memory_.keep(record, call.a_source, std::move(call.trouble), std::exchange(call.trail, {}));
    wheel_.cancel(call.node);
    book_.close(call);
    sink_.emit(std::move(record));
}

void Conductor::count_half_open(Call& call) {
    const bool is_half_open = !call.recorded && call.a &&
                              (call.a->state().phase == dialog::Phase::Unacked ||
                               call.a->state().phase == dialog::Phase::Closing);
    if (is_half_open == std::exchange(call.is_half_open, is_half_open)) {
        return;
    }
    if (is_half_open) {
        half_open_.add(call.a_source.peer.ip);
    } else {
        half_open_.remove(call.a_source.peer.ip);
    }
}

void Conductor::set_timer(Call& call) {
    std::optional<Time> first = call.machine.deadline();
    for (const auto* leg : {&call.a, &call.b}) {
        const auto deadline = *leg ? (*leg)->deadline() : std::nullopt;
        if (deadline && (!first || *deadline < *first)) {
            first = deadline;
        }
    }
    if (first) {
        wheel_.schedule(call.node, *first);
    } else {
        wheel_.cancel(call.node);
    }
}

}  // namespace causeway::b2bua
