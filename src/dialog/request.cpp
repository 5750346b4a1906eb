#include "request.hpp"

#include "causeway/sip/body.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/sip/uri.hpp"

#include <algorithm>

namespace causeway::dialog {
namespace {

constexpr std::uint16_t kDefaultPort = 5060;  // RFC 3261 §19.1.2

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
    if (ip && is_usable(*ip, target.peer.ip)) {
        target.peer = Endpoint{*ip, uri->port != 0 ? uri->port : kDefaultPort};
    }
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
