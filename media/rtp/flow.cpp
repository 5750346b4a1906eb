#include "causeway/rtp/flow.hpp"

#include "bpf/abi.h"

#include <utility>

namespace causeway::rtp {
namespace {

tl::unexpected<Drop> refuse(Leg& leg, Drop why) {
    return tl::unexpected<Drop>(leg.drop(why));
}

}  // namespace

void Flow::connect(Side a, Side b, Time now) {
    is_connected_ = true;
    legs_[index(End::A)].connect(std::move(a), now);
    legs_[index(End::B)].connect(std::move(b), now);
}

void Flow::advance(Time now) noexcept {
    for (Leg& each : legs_) {
        each.advance(now);
    }
}

bool Flow::is_settled() const noexcept {
    for (const Leg& each : legs_) {
        if (!each.is_locked() || each.is_on_hold() || each.target().port == 0) {
            return false;
        }
    }
    return is_connected_;
}

void Flow::describe(FlowId id, causeway_flow& state) const noexcept {
    state = causeway_flow{};
    state.version = CAUSEWAY_ABI_VERSION;
    state.id = id.value;
    for (const End end : {End::A, End::B}) {
        leg(end).describe(local_[index(end)], state.ends[index(end)]);
    }
}

void Flow::begin_offload() noexcept {
    for (Leg& each : legs_) {
        each.begin_offload();
    }
}

void Flow::kernel_counts(const causeway_flow& state) noexcept {
    for (const End end : {End::A, End::B}) {
        leg(end).kernel_counts(state.ends[index(end)]);
    }
}

void Flow::end_offload(const causeway_flow& state) noexcept {
    for (const End end : {End::A, End::B}) {
        leg(end).end_offload(state.ends[index(end)]);
    }
}

Result<Endpoint, Drop> forward(Flow& flow, End end, std::span<const std::byte> packet,
                               const Endpoint& from, Time now) noexcept {
    Leg& speaker = flow.leg(end);
    const Leg& hearer = flow.leg(other(end));
    if (!flow.is_connected()) {
        return refuse(speaker, Drop::NotConnected);
    }
    if (const std::optional<Drop> why = speaker.hear(packet, from, now)) {
        return tl::unexpected<Drop>(*why);
    }
    if (!hearer.side().hears) {
        return refuse(speaker, Drop::OnHold);
    }
    const Endpoint to = hearer.target();
    if (to.port == 0) {
        return refuse(speaker, Drop::NotConnected);
    }
    speaker.forwarded();
    return to;
}

Result<Endpoint, Drop> forward_rtcp(Flow& flow, End end, std::span<const std::byte> packet,
                                    const Endpoint& from, Time now) noexcept {
    Leg& speaker = flow.leg(end);
    const Leg& hearer = flow.leg(other(end));
    if (!flow.is_connected()) {
        return refuse(speaker, Drop::NotConnected);
    }
    if (const std::optional<Drop> why = speaker.hear_rtcp(packet, from, now)) {
        return tl::unexpected<Drop>(*why);
    }
    if (!hearer.side().wants_rtcp) {
        return refuse(speaker, Drop::Rtcp);
    }
    const Endpoint to = hearer.rtcp_target();
    if (to.port == 0) {
        return refuse(speaker, Drop::NotConnected);
    }
    return to;
}

}  // namespace causeway::rtp
