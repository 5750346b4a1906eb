#pragma once

#include "causeway/base/id.hpp"

struct causeway_flow;  // media/bpf/abi.h: plain C, shared with the kernel program

namespace causeway::port {

/// A shorter way for packets of established plain-RTP flows. With the null implementation every
/// call works. Thread: the flow's rtp-N; called only when a lock is taken or given up, never per
/// packet.
class FastPath {
public:
    virtual ~FastPath() = default;
    /// Takes over one flow; both directions are in `state` as its relay thread sees them now.
    /// False: not possible, user space goes on.
    virtual bool offload(FlowId flow, const causeway_flow& state) noexcept = 0;
    /// What it has counted since the offload, and when it last saw a packet: media timeouts of an
    /// offloaded flow go by this. False: not offloaded.
    virtual bool read(FlowId flow, causeway_flow& state) noexcept = 0;
    /// Gives it back before anything about it changes. `state` receives the counters. Unknown
    /// flows: no-op.
    virtual void evict(FlowId flow, causeway_flow& state) noexcept = 0;
};

}  // namespace causeway::port
