#include "causeway/rtp/leg.hpp"

#include "bpf/abi.h"

#include "causeway/rtp/packet.hpp"
#include "causeway/rtp/rtcp.hpp"

#include <algorithm>
#include <utility>

namespace causeway::rtp {
namespace {

causeway_address to_abi(const Endpoint& endpoint) {
    causeway_address address{};
    std::copy(endpoint.ip.bytes.begin(), endpoint.ip.bytes.end(), std::begin(address.ip));
    const auto port = endpoint.port;
    // Network order, whatever ours is.
    const std::array<std::uint8_t, 2> octets{static_cast<std::uint8_t>(port >> 8U),
                                             static_cast<std::uint8_t>(port & 0xffU)};
    std::copy(octets.begin(), octets.end(), reinterpret_cast<std::uint8_t*>(&address.port));
    return address;
}

}  // namespace

std::string_view to_string(Drop drop) noexcept {
    constexpr std::array<std::string_view, kDropKinds> kNames{
        "not_rtp",      "unknown_source", "not_connected", "rate_limited",
        "payload_type", "on_hold",        "rtcp",          "not_sent"};
    return kNames[static_cast<std::size_t>(drop)];
}

bool Leg::connect(Side side, Time now) {
    const bool was_watched = is_watched();
    const bool learns = side.asks_to_learn(side_);
    side_ = std::move(side);
    has_address_ = side_.peer.port != 0 && !side_.peer.ip.is_unspecified();
    if (learns) {
        learner_.restart();
        rtcp_source_.reset();
    }
    if (is_watched() && (!was_watched || learns)) {
        alive(now);
    }
    return learns;
}

std::optional<Drop> Leg::hear(std::span<const std::byte> packet, const Endpoint& from,
                              Time now) noexcept {
    if (!learner_.admits(from, side_)) {
        return drop(Drop::UnknownSource);
    }
    if (!rtp_limit_.admits(now)) {
        return drop(Drop::RateLimited);
    }
    const std::optional<Header> header = parse(packet);
    if (!header) {
        return drop(is_rtcp(packet) ? Drop::Rtcp : Drop::NotRtp);
    }
    // Counted before the payload type is judged: an unknown type uses sequence numbers all the
    // same.
    alive(now);
    ++packets_;
    bytes_ += packet.size();
    has_new_ssrc_ = is_offloaded_ && header->ssrc != offloaded_ssrc_;
    if (!is_offloaded_ || has_new_ssrc_) {
        statistics_.observe(*header, now);
    }
    if (!side_.payload_types.test(header->payload_type)) {
        return drop(Drop::PayloadType);
    }
    learner_.heard(from, header->ssrc, side_, now);
    return std::nullopt;
}

std::optional<Drop> Leg::hear_rtcp(std::span<const std::byte> packet, const Endpoint& from,
                                   Time now) noexcept {
    if (!admits_rtcp(from)) {
        return drop(Drop::UnknownSource);
    }
    if (!rtcp_limit_.admits(now)) {
        return drop(Drop::RateLimited);
    }
    if (!is_valid_compound(packet)) {
        return drop(Drop::NotRtp);
    }
    alive(now);
    ++rtcp_;
    if (learner_.is_locked()) {
        rtcp_source_ = from;
    }
    return std::nullopt;
}

bool Leg::admits_rtcp(const Endpoint& from) const noexcept {
    if (rtcp_source_) {
        return from == *rtcp_source_;
    }
    if (learner_.is_locked()) {
        return from.ip == learner_.source().ip || from == side_.rtcp;
    }
    return from.ip == side_.rtcp.ip || Learner::may_learn(from.ip, side_);
}

Drop Leg::drop(Drop why) noexcept {
    ++dropped_[static_cast<std::size_t>(why)];
    return why;
}

void Leg::not_sent() noexcept {
    --forwarded_;
    drop(Drop::NotSent);
}

Endpoint Leg::target() const noexcept {
    if (!has_address_) {
        return {};
    }
    return learner_.is_locked() ? learner_.source() : side_.peer;
}

Endpoint Leg::rtcp_target() const noexcept {
    if (side_.rtcp.port == 0 || !has_address_) {
        return {};
    }
    if (rtcp_source_) {
        return *rtcp_source_;
    }
    if (!learner_.is_locked() || learner_.source() == side_.peer ||
        side_.rtcp.ip != side_.peer.ip) {
        return side_.rtcp;
    }
    const bool is_next_port = side_.rtcp.port == side_.peer.port + 1;
    const Endpoint& source = learner_.source();
    return {source.ip,
            is_next_port ? static_cast<std::uint16_t>(source.port + 1) : side_.rtcp.port};
}

bool Leg::falls_silent(Time now) noexcept {
    if (!is_watched() || is_reported_silent_ || now - last_heard_ < side_.media_timeout) {
        return false;
    }
    is_reported_silent_ = true;
    return true;
}

Report Leg::report() const noexcept {
    Report report{.packets = packets_ + kernel_.packets + kernel_past_.packets,
                  .bytes = bytes_ + kernel_.bytes + kernel_past_.bytes,
                  .lost = statistics_.lost() + kernel_.lost + kernel_past_.lost,
                  .jitter_ms = statistics_.jitter_ms(),
                  .forwarded = forwarded_ + kernel_.packets + kernel_past_.packets,
                  .rtcp = rtcp_,
                  .dropped = dropped_};
    report.dropped[static_cast<std::size_t>(Drop::UnknownSource)] +=
        kernel_.strangers + kernel_past_.strangers;
    return report;
}

void Leg::describe(const Endpoint& local, causeway_end& end) const noexcept {
    end.local = to_abi(local);
    end.source = to_abi(learner_.source());
    end.peer = to_abi(target());
    end.ssrc = statistics_.ssrc();
    end.flags = learner_.source().ip.is_v4() ? CAUSEWAY_END_IPV4 : 0;
    for (std::size_t type = 0; type < side_.payload_types.size(); ++type) {
        if (side_.payload_types.test(type)) {
            end.payload_type_bits[type / 32] |= 1U << (type % 32);
        }
    }
}

void Leg::kernel_counts(const causeway_end& end) noexcept {
    kernel_ = {end.packets, end.bytes, end.lost, end.strangers};
    if ((end.flags & CAUSEWAY_END_TRACKED) != 0) {
        statistics_.set_jitter(static_cast<double>(end.jitter_x16) / 16.0);
    }
    const Time seen{std::chrono::nanoseconds(end.last_seen_ns)};
    if (seen > last_heard_) {
        alive(seen);
    }
}

void Leg::begin_offload() noexcept {
    is_offloaded_ = true;
    has_new_ssrc_ = false;
    offloaded_ssrc_ = statistics_.ssrc();
    statistics_.suspend();
}

void Leg::end_offload(const causeway_end& end) noexcept {
    kernel_counts(end);
    is_offloaded_ = false;
    has_new_ssrc_ = false;
    kernel_past_.packets += kernel_.packets;
    kernel_past_.bytes += kernel_.bytes;
    kernel_past_.lost += kernel_.lost;
    kernel_past_.strangers += kernel_.strangers;
    kernel_ = {};
}

}  // namespace causeway::rtp
