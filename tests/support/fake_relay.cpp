#include "support/fake_relay.hpp"

#include "causeway/relay/flow_key.hpp"

#include <optional>

namespace causeway::test {

using relay::Channel;
using relay::FlowKey;

FakeRelay::FakeRelay(std::vector<Interface> interfaces, const port::Clock& clock)
    : clock_(clock), table_(&fast_path_, *this) {
    for (const Interface& each : interfaces) {
        lines_.emplace(each.id,
                       Line{each.advertise, relay::PortPool(each.first_port, each.last_port)});
    }
}

Result<port::MediaRelay::Opened> FakeRelay::open(InterfaceId a, InterfaceId b) {
    const auto line_a = lines_.find(a);
    const auto line_b = lines_.find(b);
    if (line_a == lines_.end() || line_b == lines_.end()) {
        return fail(Errc::NotFound, "no such interface");
    }
    const std::optional<std::uint16_t> port_a = line_a->second.pool.take(clock_.now());
    if (!port_a) {
        return fail(Errc::Exhausted, "no ports");
    }
    const std::optional<std::uint16_t> port_b = line_b->second.pool.take(clock_.now());
    if (!port_b) {
        line_a->second.pool.give_back(*port_a, clock_.now());
        return fail(Errc::Exhausted, "no ports");
    }
    return hold(a, {line_a->second.advertise, *port_a}, b, {line_b->second.advertise, *port_b});
}

Result<port::MediaRelay::Opened> FakeRelay::adopt(InterfaceId a, std::uint16_t a_port,
                                                  InterfaceId b, std::uint16_t b_port) {
    const auto line_a = lines_.find(a);
    const auto line_b = lines_.find(b);
    if (line_a == lines_.end() || line_b == lines_.end()) {
        return fail(Errc::NotFound, "no such interface");
    }
    if (!line_a->second.pool.claim(a_port)) {
        return fail(Errc::Exhausted, "leg a's port is taken");
    }
    if (!line_b->second.pool.claim(b_port)) {
        line_a->second.pool.give_back(a_port, clock_.now());
        return fail(Errc::Exhausted, "leg b's port is taken");
    }
    return hold(a, {line_a->second.advertise, a_port}, b, {line_b->second.advertise, b_port});
}

port::MediaRelay::Opened FakeRelay::hold(InterfaceId a, const Endpoint& at_a, InterfaceId b,
                                         const Endpoint& at_b) {
    std::uint32_t slot = slots_;
    if (free_slots_.empty()) {
        ++slots_;
    } else {
        slot = free_slots_.back();
        free_slots_.pop_back();
    }
    const FlowId id = FlowKey{.generation = ++generation_, .thread = 0, .slot = slot}.id();
    flows_[id] = Flow{a, b, at_a, at_b, {}, {}};
    bind(id, rtp::End::A, at_a);
    bind(id, rtp::End::B, at_b);
    table_.open(id, {at_a, at_b});
    return Opened{id, at_a, at_b};
}

void FakeRelay::connect(FlowId flow, const Side& a, const Side& b) {
    const auto found = flows_.find(flow);
    if (found != flows_.end()) {
        found->second.a_side = a;
        found->second.b_side = b;
        table_.connect(flow, a, b, clock_.now());
    }
}

void FakeRelay::close(Ticket ticket, FlowId flow) {
    const auto found = flows_.find(flow);
    if (found == flows_.end()) {
        answers_.emplace_back(Closed{ticket, {}, {}});
        return;
    }
    unbind(found->second.a);
    unbind(found->second.b);
    free_slots_.push_back(FlowKey::of(flow).slot);
    answers_.emplace_back(Closed{ticket, table_.close(flow), std::move(found->second)});
    flows_.erase(found);
}

void FakeRelay::count(FlowId flow) {
    if (flows_.contains(flow)) {
        answers_.emplace_back(Counted{flow, table_.stats(flow)});
    }
}

port::MediaRelay::Usage FakeRelay::usage(InterfaceId interface) const {
    const auto line = lines_.find(interface);
    return line == lines_.end() ? Usage{}
                                : Usage{line->second.pool.in_use(), line->second.pool.total()};
}

bool FakeRelay::pump() {
    const bool has_answers = !answers_.empty();
    while (!answers_.empty()) {
        const auto answer = std::move(answers_.front());
        answers_.pop_front();
        if (const auto* closed = std::get_if<Closed>(&answer)) {
            give_back(closed->flow.a_interface, closed->flow.a);
            give_back(closed->flow.b_interface, closed->flow.b);
            listener_->on_closed(closed->ticket, closed->stats);
        } else if (const auto* counted = std::get_if<Counted>(&answer);
                   counted != nullptr && flows_.contains(counted->flow)) {
            listener_->on_counted(counted->flow, counted->stats);
        } else if (const auto* silent = std::get_if<Silent>(&answer);
                   silent != nullptr && flows_.contains(silent->flow)) {
            listener_->on_silent(silent->flow, silent->end);
        }
    }
    return has_answers;
}

void FakeRelay::advance() {
    table_.advance(clock_.now());
    pump();
}

bool FakeRelay::inject(const Endpoint& to, const Endpoint& from,
                       std::span<const std::byte> packet) {
    const auto found = ports_.find(to);
    if (found == ports_.end()) {
        return false;
    }
    const Port& port = found->second;
    const Result<Endpoint, rtp::Drop> next =
        table_.receive({port.flow, port.end, port.channel, packet, from}, clock_.now());
    if (next) {
        const Flow& flow = flows_.at(port.flow);
        Endpoint out = port.end == rtp::End::A ? flow.b : flow.a;
        if (port.channel == Channel::Rtcp) {
            ++out.port;
        }
        sent_.push_back({out, *next, {packet.begin(), packet.end()}});
    }
    return true;
}

bool FakeRelay::inject_rtp(const Endpoint& to, const Endpoint& from, std::uint8_t payload_type,
                           std::uint16_t sequence, std::uint32_t ssrc) {
    return inject(to, from, rtp_packet(payload_type, sequence, sequence * 160U, ssrc));
}

std::size_t FakeRelay::ports_in_use() const {
    std::size_t sum = 0;
    for (const auto& [id, line] : lines_) {
        sum += line.pool.in_use();
    }
    return sum;
}

std::pair<port::MediaRelay::Side, port::MediaRelay::Side> FakeRelay::sides(FlowId flow) const {
    const auto found = flows_.find(flow);
    if (found == flows_.end()) {
        return {};
    }
    return {found->second.a_side, found->second.b_side};
}

void FakeRelay::on_silent(FlowId flow, rtp::End end) noexcept {
    answers_.emplace_back(
        Silent{flow, end == rtp::End::A ? port::MediaRelay::End::A : port::MediaRelay::End::B});
}

void FakeRelay::bind(FlowId flow, rtp::End end, const Endpoint& at) {
    ports_[at] = {flow, end, Channel::Rtp};
    ports_[{at.ip, static_cast<std::uint16_t>(at.port + 1)}] = {flow, end, Channel::Rtcp};
}

void FakeRelay::unbind(const Endpoint& at) {
    ports_.erase(at);
    ports_.erase({at.ip, static_cast<std::uint16_t>(at.port + 1)});
}

void FakeRelay::give_back(InterfaceId interface, const Endpoint& at) {
    const auto line = lines_.find(interface);
    if (line != lines_.end()) {
        line->second.pool.give_back(at.port, clock_.now());
    }
}

std::vector<std::byte> rtp_packet(std::uint8_t payload_type, std::uint16_t sequence,
                                  std::uint32_t timestamp, std::uint32_t ssrc,
                                  std::size_t payload) {
    std::vector<std::byte> packet(12 + payload, std::byte{0xd5});
    const auto put = [&packet](std::size_t at, std::uint32_t value, unsigned octets) {
        for (unsigned i = 0; i < octets; ++i) {
            packet[at + i] = static_cast<std::byte>(value >> (8 * (octets - 1 - i)));
        }
    };
    put(0, 0x80, 1);
    put(1, payload_type, 1);
    put(2, sequence, 2);
    put(4, timestamp, 4);
    put(8, ssrc, 4);
    return packet;
}

}  // namespace causeway::test
