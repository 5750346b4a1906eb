#pragma once

#include "support/fake_fast_path.hpp"

#include "causeway/port/clock.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/relay/flow_table.hpp"
#include "causeway/relay/port_pool.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace causeway::test {

/// A relay in memory: the real ports' rules and the real forwarding, without sockets and threads.
///
/// Answers wait until `pump`, as those of the real one do. `advance` is its tick: call it after the
/// clock has moved, or locks and media timeouts will not happen.
class FakeRelay final : public port::MediaRelay, private relay::FlowTable::Listener {
public:
    struct Interface {
        InterfaceId id;
        IpAddress advertise;
        std::uint16_t first_port{};
        std::uint16_t last_port{};
    };
    /// One datagram that has left, with the bound port it left from.
    struct Sent {
        Endpoint from;
        Endpoint to;
        std::vector<std::byte> packet;
    };

    FakeRelay(std::vector<Interface> interfaces, const port::Clock& clock);
    /// Who hears the answers. Must be set before the first `pump`.
    void listen(port::MediaRelay::Listener& listener) { listener_ = &listener; }

    [[nodiscard]] Result<Opened> open(InterfaceId a, InterfaceId b) override;
    [[nodiscard]] Result<Opened> adopt(InterfaceId a, std::uint16_t a_port, InterfaceId b,
                                       std::uint16_t b_port) override;
    void connect(FlowId flow, const Side& a, const Side& b) override;
    void close(Ticket ticket, FlowId flow) override;
    void count(FlowId flow) override;
    [[nodiscard]] Usage usage(InterfaceId interface) const override;

    /// Delivers the answers that are due; true if there were any.
    bool pump();
    /// The relay's tick at the clock's present time; then delivers.
    void advance();

    /// A datagram arrives at one of our bound ports. False: nobody has that port.
    bool inject(const Endpoint& to, const Endpoint& from, std::span<const std::byte> packet);
    /// An RTP packet of 20 ms G.711 with this payload type.
    bool inject_rtp(const Endpoint& to, const Endpoint& from, std::uint8_t payload_type,
                    std::uint16_t sequence, std::uint32_t ssrc = 0x5eed);
    /// What has left since the last call.
    std::vector<Sent> take_sent() { return std::exchange(sent_, {}); }

    /// Flows opened and not yet closed: 0 when no call is left.
    [[nodiscard]] std::size_t open_flows() const { return flows_.size(); }
    /// Pairs in use on all interfaces: 0 when no call is left and all answers are delivered.
    [[nodiscard]] std::size_t ports_in_use() const;
    [[nodiscard]] Stats stats(FlowId flow) const { return table_.stats(flow); }
    /// How the last `connect` left a flow's ends; empty sides before it, or if it is unknown.
    [[nodiscard]] std::pair<Side, Side> sides(FlowId flow) const;
    [[nodiscard]] FakeFastPath& fast_path() { return fast_path_; }

private:
    struct Flow {
        InterfaceId a_interface;
        InterfaceId b_interface;
        Endpoint a;
        Endpoint b;
        Side a_side;
        Side b_side;
    };
    struct Closed {
        Ticket ticket{};
        Stats stats;
        Flow flow;
    };
    struct Counted {
        FlowId flow;
        Stats stats;
    };
    struct Silent {
        FlowId flow;
        End end{};
    };
    struct Port {
        FlowId flow;
        rtp::End end{};
        relay::Channel channel{};
    };
    struct Line {
        IpAddress advertise;
        relay::PortPool pool;
    };

    void on_locked(FlowId, rtp::End, const Endpoint&) noexcept override {}
    void on_released(FlowId, rtp::End) noexcept override {}
    void on_silent(FlowId flow, rtp::End end) noexcept override;

    [[nodiscard]] Opened hold(InterfaceId a, const Endpoint& at_a, InterfaceId b,
                              const Endpoint& at_b);
    void bind(FlowId flow, rtp::End end, const Endpoint& at);
    void unbind(const Endpoint& at);
    void give_back(InterfaceId interface, const Endpoint& at);

    const port::Clock& clock_;
    port::MediaRelay::Listener* listener_{};
    FakeFastPath fast_path_;
    relay::FlowTable table_;
    std::map<InterfaceId, Line> lines_;
    std::map<FlowId, Flow> flows_;
    std::map<Endpoint, Port> ports_;
    std::deque<std::variant<Closed, Counted, Silent>> answers_;
    std::vector<Sent> sent_;
    std::vector<std::uint32_t> free_slots_;
    std::uint32_t slots_{};
    std::uint32_t generation_{};
};

/// An RTP packet: twelve octets of header and `payload` octets of silence.
std::vector<std::byte> rtp_packet(std::uint8_t payload_type, std::uint16_t sequence,
                                  std::uint32_t timestamp, std::uint32_t ssrc,
                                  std::size_t payload = 160);

}  // namespace causeway::test
