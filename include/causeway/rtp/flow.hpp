#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/rtp/leg.hpp"
#include "causeway/rtp/side.hpp"

#include <array>
#include <cstddef>
#include <span>

struct causeway_flow;  // media/bpf/abi.h

namespace causeway::rtp {

/// One relayed pair: two legs, each of which hears what the other says.
/// Thread: one relay thread owns it. Fails: packets are refused with a counted Drop.
class Flow {
public:
    /// Our bound RTP ports.
    struct Local {
        Endpoint a;
        Endpoint b;
    };
    explicit Flow(const Local& local) : local_{local.a, local.b} {}

    /// Starts or changes forwarding.
    void connect(Side a, Side b, Time now);
    [[nodiscard]] bool is_connected() const noexcept { return is_connected_; }
    void advance(Time now) noexcept;

    [[nodiscard]] Leg& leg(End end) noexcept { return legs_[index(end)]; }
    [[nodiscard]] const Leg& leg(End end) const noexcept { return legs_[index(end)]; }

    /// Both sources are locked, both legs send and hear: nothing is left for user space to decide.
    [[nodiscard]] bool is_settled() const noexcept;

    /// The flow for the fast path, counters at zero.
    void describe(FlowId id, causeway_flow& state) const noexcept;
    void begin_offload() noexcept;
    void kernel_counts(const causeway_flow& state) noexcept;
    void end_offload(const causeway_flow& state) noexcept;

private:
    bool is_connected_{};
    std::array<Endpoint, 2> local_;
    std::array<Leg, 2> legs_;
};

/// The whole life of an audio packet in user space: where a packet that came from `from` to our
/// RTP port of `end` goes, or why nowhere. The packet is never changed; the kernel program must
/// agree with it byte for byte. A packet that may not leave has been counted.
[[nodiscard]] Result<Endpoint, Drop> forward(Flow& flow, End end, std::span<const std::byte> packet,
                                             const Endpoint& from, Time now) noexcept;

/// The same for our RTCP port. Allocates, within the leg's rate of RTCP.
[[nodiscard]] Result<Endpoint, Drop> forward_rtcp(Flow& flow, End end,
                                                  std::span<const std::byte> packet,
                                                  const Endpoint& from, Time now) noexcept;

}  // namespace causeway::rtp
