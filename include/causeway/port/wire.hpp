#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/transaction/layer.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace causeway::port {

/// Bytes in, bytes out: datagrams and connections. Knows nothing of SIP beyond framing.
/// Thread: sip.
class Wire {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        /// One datagram or one framed message. The bytes hold until the call returns.
        virtual void on_message(std::span<const std::byte> bytes, const sip::Source& from) = 0;
        /// What was sent under this key cannot have arrived (ICMP, connection refused).
        virtual void on_undeliverable(transaction::Key key, Errc code) = 0;
    };
    virtual ~Wire() = default;
    /// Sends or queues; never blocks. A failure comes back as `on_undeliverable`, later.
    virtual void send(transaction::Key key, const sip::Target& to, std::string_view bytes) = 0;
};

}  // namespace causeway::port
