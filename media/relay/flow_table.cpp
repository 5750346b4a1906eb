#include "causeway/relay/flow_table.hpp"

#include "bpf/abi.h"

#include "causeway/base/assert.hpp"
#include "causeway/relay/flow_key.hpp"

#include <array>

namespace causeway::relay {
namespace {

using port::MediaRelay;
using rtp::Drop;
using rtp::End;

constexpr std::array kEnds{End::A, End::B};

rtp::Side to_rtp(const MediaRelay::Side& side) {
    rtp::Side result{.peer = side.peer,
                     .rtcp = side.rtcp,
                     .signalling = side.signalling,
                     .sources = side.sources,
                     .accepts_any = side.latch == MediaRelay::Latch::Any,
                     .payload_types = {},
                     .hears = side.hears,
                     .speaks = side.speaks,
                     .wants_rtcp = side.wants_rtcp,
                     .media_timeout = side.media_timeout};
    for (const std::uint8_t type : side.payload_types) {
        if (type < result.payload_types.size()) {
            result.payload_types.set(type);
        }
    }
    return result;
}

MediaRelay::LegStats to_port(const rtp::Report& report) {
    static_assert(std::tuple_size_v<decltype(MediaRelay::LegStats::dropped)> == rtp::kDropKinds);
    return {.packets = report.packets,
            .bytes = report.bytes,
            .lost = report.lost,
            .jitter_ms = report.jitter_ms,
            .forwarded = report.forwarded,
            .rtcp = report.rtcp,
            .dropped = report.dropped};
}

MediaRelay::Stats stats_of(const rtp::Flow& flow) {
    return {to_port(flow.leg(End::A).report()), to_port(flow.leg(End::B).report())};
}

}  // namespace

void FlowTable::open(FlowId flow, const rtp::Flow::Local& local) {
    const std::size_t slot = FlowKey::of(flow).slot;
    if (slot >= entries_.size()) {
        entries_.resize(slot + 1);
    }
    if (!CAUSEWAY_ASSERT(!entries_[slot])) {
        return;
    }
    entries_[slot] = std::make_unique<Entry>(flow, local);
    ++size_;
}

void FlowTable::connect(FlowId flow, const MediaRelay::Side& a, const MediaRelay::Side& b,
                        Time now) {
    Entry* entry = find(flow);
    if (entry == nullptr) {
        return;
    }
    rtp::Side next_a = to_rtp(a);
    rtp::Side next_b = to_rtp(b);
    if (entry->flow.is_connected() && next_a == entry->flow.leg(End::A).side() &&
        next_b == entry->flow.leg(End::B).side()) {
        return;
    }
    evict(*entry);
    const std::array was_locked{entry->flow.leg(End::A).is_locked(),
                                entry->flow.leg(End::B).is_locked()};
    entry->flow.connect(std::move(next_a), std::move(next_b), now);
    for (const End end : kEnds) {
        if (was_locked[rtp::index(end)] && !entry->flow.leg(end).is_locked()) {
            listener_.on_released(flow, end);
        }
    }
    offload(*entry);
}

MediaRelay::Stats FlowTable::close(FlowId flow) noexcept {
    Entry* entry = find(flow);
    if (entry == nullptr) {
        return {};
    }
    evict(*entry);
    const MediaRelay::Stats stats = stats_of(entry->flow);
    entries_[FlowKey::of(flow).slot].reset();
    --size_;
    return stats;
}

Result<Endpoint, Drop> FlowTable::receive(const Arrival& arrival, Time now) noexcept {
    Entry* entry = find(arrival.flow);
    if (entry == nullptr) {
        return tl::unexpected<Drop>(Drop::NotConnected);
    }
    if (arrival.channel == Channel::Rtcp) {
        return rtp::forward_rtcp(entry->flow, arrival.end, arrival.packet, arrival.from, now);
    }
    const bool was_locked = entry->flow.leg(arrival.end).is_locked();
    Result<Endpoint, Drop> to =
        rtp::forward(entry->flow, arrival.end, arrival.packet, arrival.from, now);
    if (!was_locked && entry->flow.leg(arrival.end).is_locked()) {
        tell_lock(*entry, arrival.end);
    } else if (entry->flow.leg(arrival.end).has_outgrown_offload()) {
        evict(*entry);
        offload(*entry);
    }
    return to;
}

void FlowTable::not_sent(const Arrival& arrival) noexcept {
    Entry* entry = find(arrival.flow);
    if (entry == nullptr) {
        return;
    }
    rtp::Leg& leg = entry->flow.leg(arrival.end);
    if (arrival.channel == Channel::Rtp) {
        leg.not_sent();
    } else {
        leg.drop(Drop::NotSent);
    }
}

void FlowTable::advance(Time now) noexcept {
    for (const std::unique_ptr<Entry>& entry : entries_) {
        if (!entry) {
            continue;
        }
        read_fast_path(*entry);
        const std::array was_locked{entry->flow.leg(End::A).is_locked(),
                                    entry->flow.leg(End::B).is_locked()};
        entry->flow.advance(now);
        for (const End end : kEnds) {
            if (!was_locked[rtp::index(end)] && entry->flow.leg(end).is_locked()) {
                tell_lock(*entry, end);
            }
            if (entry->flow.leg(end).falls_silent(now)) {
                listener_.on_silent(entry->id, end);
            }
        }
    }
}

MediaRelay::Stats FlowTable::stats(FlowId flow) const {
    const Entry* entry = find(flow);
    return entry == nullptr ? MediaRelay::Stats{} : stats_of(entry->flow);
}

FlowTable::Entry* FlowTable::find(FlowId flow) const noexcept {
    const std::size_t slot = FlowKey::of(flow).slot;
    if (slot >= entries_.size() || !entries_[slot] || entries_[slot]->id != flow) {
        return nullptr;
    }
    return entries_[slot].get();
}

void FlowTable::tell_lock(Entry& entry, End end) noexcept {
    listener_.on_locked(entry.id, end, entry.flow.leg(end).source());
    offload(entry);
}

void FlowTable::offload(Entry& entry) noexcept {
    if (fast_path_ == nullptr || entry.is_offloaded || !entry.flow.is_settled()) {
        return;
    }
    causeway_flow state{};
    entry.flow.describe(entry.id, state);
    entry.is_offloaded = fast_path_->offload(entry.id, state);
    if (entry.is_offloaded) {
        entry.flow.begin_offload();
    }
}

void FlowTable::evict(Entry& entry) noexcept {
    if (!entry.is_offloaded) {
        return;
    }
    causeway_flow state{};
    fast_path_->evict(entry.id, state);
    entry.flow.end_offload(state);
    entry.is_offloaded = false;
}

void FlowTable::read_fast_path(Entry& entry) noexcept {
    causeway_flow state{};
    if (entry.is_offloaded && fast_path_->read(entry.id, state)) {
        entry.flow.kernel_counts(state);
    }
}

}  // namespace causeway::relay
