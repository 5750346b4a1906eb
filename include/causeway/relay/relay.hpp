#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"
#include "causeway/port/clock.hpp"
#include "causeway/port/fast_path.hpp"
#include "causeway/port/media_relay.hpp"
#include "causeway/rtp/side.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace causeway::relay {

/// Where one interface's media ports are.
struct Interface {
    InterfaceId id;
    IpAddress bind;
    IpAddress advertise;         ///< stands in our SDP; the same as `bind` without NAT
    std::uint16_t first_port{};  ///< both included
    std::uint16_t last_port{};
};

struct Options {
    std::vector<Interface> interfaces;
    unsigned threads{};     ///< 0: one per processor
    std::uint8_t dscp{46};  ///< expedited forwarding (RFC 3246)
    /// Called once for each relay thread, before it starts; none, or a null one: no fast path.
    std::function<std::unique_ptr<port::FastPath>(unsigned thread)> fast_path;
    std::size_t mailbox{1024};  ///< commands and answers that may wait per thread
};

/// Packets since start, for metrics.
struct Totals {
    struct PerInterface {
        InterfaceId id;
        std::uint64_t packets{};  ///< RTP and RTCP that came in there and went on
    };
    std::vector<PerInterface> interfaces;
    std::array<std::uint64_t, rtp::kDropKinds> dropped{};  ///< by rtp::Drop
};

/// The relay with sockets: a MediaRelay, and what its owner's loop must do for it. The listener is
/// called from `pump` only.
/// Thread: sip; `totals` any. Owns: the ports, the sockets and the relay threads.
/// Fails: `open` is Exhausted without ports, descriptors or room in a mailbox.
class Relay : public port::MediaRelay {
public:
    /// Readable when `pump` has something to do.
    [[nodiscard]] virtual int fd() const = 0;
    /// Delivers what the relay threads have answered. Never blocks.
    virtual void pump() = 0;
    /// `Options::dscp` of the ports bound from now on.
    virtual void mark(std::uint8_t dscp) = 0;
    /// Whether every relay thread has gone round since this was last asked; they do ten times a
    /// second even if there is nothing to relay.
    [[nodiscard]] virtual bool has_moved() = 0;
    [[nodiscard]] virtual Totals totals() const = 0;
    [[nodiscard]] virtual unsigned threads() const = 0;
};

/// Starts the relay threads. Listener and clock outlive it. Calls that are still open when it is
/// destroyed lose their ports without an answer.
[[nodiscard]] Result<std::unique_ptr<Relay>> make_relay(const Options& options,
                                                        port::MediaRelay::Listener& listener,
                                                        const port::Clock& clock);

}  // namespace causeway::relay
