#pragma once

#include "causeway/admission/admission.hpp"
#include "causeway/base/endpoint.hpp"
#include "causeway/base/log.hpp"
#include "causeway/base/time.hpp"
#include "causeway/normalize/normalize.hpp"
#include "causeway/routing/table.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/tenant/directory.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The configuration as values; `store` reads them from YAML, nobody else knows the text.
namespace causeway::config {

/// One SIP listener of an interface; at most one a transport.
struct Listener {
    sip::Transport transport{};
    std::uint16_t port{};
};

/// One local address with its listeners and RTP ports, on one side.
struct Interface {
    InterfaceId id;
    std::string name;
    sip::Side side{};
    IpAddress bind;
    IpAddress advertise;             ///< what peers are told; equal to `bind` if not configured
    std::vector<std::string> names;  ///< host names of ours, lower-case
    std::vector<Listener> listeners;
    std::uint16_t rtp_first{};  ///< even
    std::uint16_t rtp_last{};   ///< odd

    /// Port of the listener for this transport, or 0.
    [[nodiscard]] std::uint16_t port(sip::Transport transport) const;
};

/// Timers of a call (PRODUCT §3 `call`, §4.6); zero turns `max_duration` and `media_timeout` off.
struct CallTimers {
    Millis no_response{2000};
    Millis attempt_timeout{8000};
    Millis livekit_silence{5000};
    Millis ring_timeout{120000};
    Millis setup_timeout{150000};
    Millis max_duration{4 * 3600 * 1000};
    Millis media_timeout{60000};
    bool operator==(const CallTimers&) const = default;
};

/// What a call needs to know of the carrier it came from.
struct Carrier {
    std::string name;
    InterfaceId interface;
    std::vector<std::string> pass_headers;  ///< lower-case; besides the provider headers
};

/// What a running daemon can be given anew (SIGHUP). Immutable; calls copy what they need.
struct Snapshot {
    std::uint64_t version{};
    std::vector<Interface> interfaces;  ///< by InterfaceId.value − 1
    std::vector<Carrier> carriers;
    admission::Rules admission;
    normalize::Rules normalize;
    tenant::Directory tenants;
    routing::Table routes;
    CallTimers call;

    [[nodiscard]] const Interface& interface(InterfaceId id) const {
        return interfaces[id.value - 1];
    }
    /// True if the host (no port, no brackets) is one of our own: a bind, an advertise or a name.
    /// The host is lower-case. Allocates nothing.
    [[nodiscard]] bool is_own_host(std::string_view host) const;
};

/// Prometheus metrics (PRODUCT §7).
struct Metrics {
    std::optional<Endpoint> listen;  ///< none: they are not served
    std::size_t max_tenants{1000};   ///< with labels of their own
};

/// Who may use the control interface, and the secret that proves it.
struct Token {
    std::string name;
    std::string secret;  ///< empty where only the file was checked
};

/// The control interface (PRODUCT §7).
struct Control {
    std::optional<Endpoint> listen;  ///< none: there is no such listener
    std::vector<Token> tokens;       ///< none: only this host is served
};

/// What only a start can change: a reload that would is refused.
struct Startup {
    std::string node;
    std::vector<Interface> interfaces;
    unsigned media_threads{};  ///< 0: auto (cores − 1, at least 1)
    Metrics metrics;
    Control control;
};

/// What a reload changes besides the snapshot: of the daemon, not of calls.
struct Settings {
    std::uint8_t dscp{46};  ///< RFC 2474 code point of RTP, 0–63; of ports bound from then on
    std::string cdr_file;
    Millis drain_deadline{3600 * 1000};  ///< how long live calls may go on after SIGTERM
    log::Options log;
};

/// Whether a problem keeps the configuration from being used.
enum class Severity : std::uint8_t { Error, Warning };

/// One thing that is wrong with the configuration.
struct Problem {
    std::string file;
    int line{};  ///< 1-based; 0: the file as a whole
    std::string message;
    Severity severity{};
    bool operator==(const Problem&) const = default;
    /// `FILE:LINE: message`, or `FILE: message` for the file as a whole.
    [[nodiscard]] std::string to_string() const;
};

struct Configuration {
    Startup startup;
    Settings settings;
    std::shared_ptr<const Snapshot> snapshot;
    std::vector<Problem> warnings;
};

}  // namespace causeway::config
