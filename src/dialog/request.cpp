#include "request.hpp"

#include "causeway/sip/body.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace causeway::dialog {
namespace {

// RFC 3261 §19.1.2
constexpr std::uint16_t kDefaultPort = 5060;
constexpr std::uint16_t kDefaultTlsPort = 5061;

/// A route set in the order of sending, split into what stands in the request line and in Route.
struct Path {
    std::string request_uri;
    std::vector<std::string> routes;
};

Path path_of(const State& state) {
    if (state.routes.empty()) {
        return {state.remote_target, {}};
    }
    const auto first = sip::parse_name_addr(state.routes.front());
    if (!first || first->uri.param("lr")) {
        return {state.remote_target, state.routes};
    }
    // Strict router (RFC 3261 §12.2.1.1): it wants itself in the request line, the target goes
    // last.
    std::vector<std::string> rest(state.routes.begin() + 1, state.routes.end());
    rest.push_back("<" + state.remote_target + ">");
    return {first->uri.to_string(), std::move(rest)};
}

/// False for what cannot be the peer's own address: a placeholder, a group, the other family.
bool is_usable(const IpAddress& ip, const IpAddress& seen) {
    return !ip.is_unspecified() && !ip.is_multicast() && ip.is_v4() == seen.is_v4();
}

/// The transport that the URI asks for; none: it leaves that to us.
std::optional<sip::Transport> transport_of(const sip::Uri& uri) {
    if (uri.scheme == "sips") {
        return sip::Transport::Tls;
    }
    std::string name(uri.param("transport").value_or(""));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto transport : {sip::Transport::Udp, sip::Transport::Tcp, sip::Transport::Tls}) {
        if (name == sip::uri_name(transport)) {
            return transport;
        }
    }
    return std::nullopt;
}

std::uint16_t port_of(const sip::Uri& uri, sip::Transport transport) {
    if (uri.port != 0) {
        return uri.port;
    }
    return transport == sip::Transport::Tls ? kDefaultTlsPort : kDefaultPort;
}

}  // namespace

std::string in_dialog_request(const State& state, std::string_view method, std::uint32_t cseq,
                              const std::vector<sip::Header>& headers) {
    const Path path = path_of(state);
    auto builder = sip::Builder::request(method, path.request_uri);
    for (const std::string& route : path.routes) {
        builder.add("Route", route);
    }
    builder.add("Max-Forwards", "70");
    builder.add("From", state.local + ";tag=" + state.local_tag);
    builder.add(
        "To", state.remote_tag.empty() ? state.remote : state.remote + ";tag=" + state.remote_tag);
    builder.add("Call-ID", state.call_id);
    builder.add("CSeq", std::to_string(cseq) + " " + std::string(method));
    for (const sip::Header& header : headers) {
        builder.add(header.name, header.value);
    }
    return std::move(builder).finish();
}

sip::Target next_hop(const State& state) {
    sip::Target target = state.source;
    Result<sip::Uri> uri = sip::parse_uri(state.remote_target);
    if (!state.routes.empty()) {
        if (auto route = sip::parse_name_addr(state.routes.front())) {
            uri = std::move(route->uri);
        }
    }
    if (!uri) {
        return target;
    }
    const auto ip = sip::host_ip(*uri);
    if (!ip || !is_usable(*ip, target.peer.ip)) {
        if (target.connection) {
            // Its own port is good for nothing once it is closed: nobody listens there.
            target.peer.port = port_of(*uri, target.transport);
        }
        return target;
    }
    const sip::Transport transport = transport_of(*uri).value_or(target.transport);
    if (*ip != target.peer.ip || transport != target.transport) {
        target.connection = {};
    }
    target.transport = transport;
    target.peer = {*ip, port_of(*uri, transport)};
    return target;
}

std::string plain_name_addr(const sip::Message& message, sip::Field from_or_to) {
    const auto& address = from_or_to == sip::Field::From ? sip::from(message) : sip::to(message);
    return address ? "<" + address->uri.to_string() + ">" : std::string();
}

std::string contact_uri(const sip::Message& message) {
    const auto& contact = sip::contact(message);
    return contact ? contact->uri.to_string() : std::string();
}

std::vector<std::string> route_set(const sip::Message& message, Role role) {
    std::vector<std::string> set;
    const auto routes = sip::routes(message, sip::Field::RecordRoute);
    if (!routes) {
        return set;
    }
    set.reserve(routes->size());
    for (const sip::NameAddr& route : *routes) {
        set.push_back("<" + route.uri.to_string() + ">");
    }
    if (role == Role::Uac) {
        std::reverse(set.begin(), set.end());
    }
    return set;
}

std::string sdp_body(const sip::Message& message) {
    return std::string(sip::session_body(message).sdp);
}

}  // namespace causeway::dialog
