#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::sip {

enum class Transport : std::uint8_t { Udp, Tcp, Tls };

/// `UDP`, `TCP`, `TLS` as in a Via.
std::string_view via_name(Transport transport);
/// `udp`, `tcp`, `tls` as in a URI parameter.
std::string_view uri_name(Transport transport);
/// True where the transport itself repeats lost bytes (RFC 3261 §17: timers A, E, G do not run).
constexpr bool is_reliable(Transport transport) {
    return transport != Transport::Udp;
}

/// Which world a listener faces. It decides a call's direction, never the source address does.
enum class Side : std::uint8_t { Carrier, Livekit };

/// A status code and its reason phrase (RFC 3261 §7.2). An empty phrase is legal.
struct Status {
    int code{};
    std::string reason;
    bool operator==(const Status&) const = default;
};

/// The status with the phrase of RFC 3261 §21 (or its extension's).
Status status(int code);

/// Where a message came from.
struct Source {
    InterfaceId interface;
    Endpoint peer;
    Transport transport{};
    ConnectionId connection;
    bool is_dialled{};  ///< on a connection that we opened, so that `peer` is where it listens
    bool operator==(const Source&) const = default;
};

/// Where a message goes to.
struct Target {
    InterfaceId interface;
    Endpoint peer;
    Transport transport{};
    ConnectionId connection;  ///< preferred if it still lives; 0: any, or a new one
    std::string tls_name;     ///< name to verify; empty for UDP and TCP
    bool operator==(const Target&) const = default;
};

/// The way back to where a message came from. A connection that we opened is not named: it is found
/// by the address it leads to, or opened again.
Target back_to(const Source& source);

/// One header field as we send it.
struct Header {
    std::string name;
    std::string value;
    bool operator==(const Header&) const = default;
};

/// A header parameter or URI parameter; `value` is empty for a flag.
struct Parameter {
    std::string name;
    std::string value;
    bool operator==(const Parameter&) const = default;
};

/// Who calls whom, as `normalize` understood it. Read by tenant, routing and call.
struct Parties {
    std::string called;       ///< E.164 with plus, or verbatim where nothing could read it
    std::string calling;      ///< likewise; empty: anonymous
    std::string display;      ///< the caller's display name, unquoted; may be empty
    std::string as_received;  ///< the called user part as it came (X-Original-To)
    std::string claim;        ///< tenant claimed by an `ID_NUMBER` user part; empty: none
    bool operator==(const Parties&) const = default;
};

}  // namespace causeway::sip
