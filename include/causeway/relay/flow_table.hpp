#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/port/fast_path.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/rtp/flow.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace causeway::relay {

/// Which of a leg's two ports.
enum class Channel : std::uint8_t { Rtp, Rtcp };

/// One datagram as it was read.
struct Arrival {
    FlowId flow;
    rtp::End end{};
    Channel channel{};
    std::span<const std::byte> packet;
    Endpoint from;
};

/// The flows of one relay thread without its sockets: what a relay decides, apart from how bytes
/// are moved. Keeps the fast path informed: it takes a flow over once both sources are locked and
/// nobody is on hold, and gives it back before anything changes.
///
/// Thread: its rtp-N (in tests: theirs). Owns: the flows. Fails: packets are refused with a counted
/// Drop; unknown flows are ignored.
class FlowTable {
public:
    /// What the sockets' owner must know. Called from inside the table: do not call back into it.
    class Listener {
    public:
        virtual ~Listener() = default;
        /// All audio of this end comes from there now, and goes there.
        virtual void on_locked(FlowId flow, rtp::End end, const Endpoint& source) noexcept = 0;
        /// Audio of this end may come from several sources again.
        virtual void on_released(FlowId flow, rtp::End end) noexcept = 0;
        /// It has sent nothing for its media timeout. Once, until it sends again.
        virtual void on_silent(FlowId flow, rtp::End end) noexcept = 0;
    };

    /// Both outlive the table; no fast path: null.
    FlowTable(port::FastPath* fast_path, Listener& listener)
        : fast_path_(fast_path), listener_(listener) {}

    void open(FlowId flow, const rtp::Flow::Local& local);
    void connect(FlowId flow, const port::MediaRelay::Side& a, const port::MediaRelay::Side& b,
                 Time now);
    /// Ends it: its last figures (zeros if it is unknown).
    port::MediaRelay::Stats close(FlowId flow) noexcept;

    /// Where a packet goes, from our same port of the other end, or why it does not.
    [[nodiscard]] Result<Endpoint, rtp::Drop> receive(const Arrival& arrival, Time now) noexcept;
    /// A packet that `receive` let pass could not be sent.
    void not_sent(const Arrival& arrival) noexcept;
    /// Locks and timeouts that wait for time. Due every quarter of a second or so.
    void advance(Time now) noexcept;

    [[nodiscard]] std::size_t size() const { return size_; }
    /// Figures so far, those of the fast path as of its last reading.
    [[nodiscard]] port::MediaRelay::Stats stats(FlowId flow) const;

private:
    struct Entry {
        Entry(FlowId flow_id, const rtp::Flow::Local& local) : id(flow_id), flow(local) {}
        FlowId id;
        rtp::Flow flow;
        bool is_offloaded{};
    };

    [[nodiscard]] Entry* find(FlowId flow) const noexcept;
    void offload(Entry& entry) noexcept;
    void evict(Entry& entry) noexcept;
    void read_fast_path(Entry& entry) noexcept;
    void tell_lock(Entry& entry, rtp::End end) noexcept;

    port::FastPath* fast_path_;
    Listener& listener_;
    std::vector<std::unique_ptr<Entry>> entries_;  ///< by slot
    std::size_t size_{};
};

}  // namespace causeway::relay
