#pragma once

#include "causeway/base/result.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/transaction/layer.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace causeway::port {

/// Bytes in, bytes out: datagrams and connections. Knows nothing of SIP beyond framing, and asks
/// its listener who may speak.
/// Thread: sip.
class Wire {
public:
    /// Who is at the other end of a connection that was accepted (PRODUCT §4.2).
    enum class Standing : std::uint8_t {
        Known,
        Stranger,   ///< has a short time to say something that is taken; few of them at a time
        Unwelcome,  ///< closed without a byte
    };
    /// What became of a message.
    enum class Heard : std::uint8_t {
        Taken,
        Dropped,  ///< its sender may not say this
    };

    class Listener {
    public:
        virtual ~Listener() = default;
        /// Somebody has connected to us.
        virtual Standing on_connection(const sip::Source& from) = 0;
        /// One datagram or one framed message. The bytes hold until the call returns.
        virtual Heard on_message(std::span<const std::byte> bytes, const sip::Source& from) = 0;
        /// Likewise a datagram that has waited too long before it could be read: we are behind, and
        /// what would only add to it may be refused.
        virtual Heard on_late(std::span<const std::byte> bytes, const sip::Source& from) {
            return on_message(bytes, from);
        }
        /// A connection brought what cannot be framed, beginning with these bytes; it is closed
        /// once what is sent to it now has left.
        virtual void on_broken(std::span<const std::byte> bytes, const sip::Source& from) = 0;
        /// What was sent under this key cannot have arrived, or its answer cannot come: ICMP,
        /// connection refused or reset.
        virtual void on_undeliverable(transaction::Key key, Errc code) = 0;
    };
    virtual ~Wire() = default;
    /// Sends or queues; never blocks. A connection is found by its id, else by the peer's address,
    /// else opened. A failure comes back as `on_undeliverable`, later.
    virtual void send(transaction::Key key, const sip::Target& to, std::string_view bytes) = 0;
};

}  // namespace causeway::port
