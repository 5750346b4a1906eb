#include "draft.hpp"
#include "text.hpp"

#include "causeway/sip/uri.hpp"

#include <algorithm>

namespace causeway::store {
namespace {

constexpr std::uint16_t kSipPort = 5060;   // RFC 3261 §19.1.2
constexpr std::uint16_t kSipsPort = 5061;  // likewise

/// The interface of ours that a URI leads back to, if there is one.
const config::Interface* ours(const sip::Uri& uri, const Endpoint& peer, sip::Transport transport,
                              const Draft& draft) {
    const auto& interfaces = draft.snapshot.interfaces;
    const auto hit = std::find_if(interfaces.begin(), interfaces.end(), [&](const auto& own) {
        const auto& names = own.names;
        const bool is_named = std::find(names.begin(), names.end(), uri.host) != names.end();
        return (is_named || own.bind == peer.ip || own.advertise == peer.ip) &&
               own.port(transport) == peer.port;
    });
    return hit == interfaces.end() ? nullptr : &*hit;
}

/// How messages to this URI travel; nothing: not by what we know.
std::optional<sip::Transport> transport_of(const sip::Uri& uri) {
    const auto param = uri.param("transport");
    const std::string name = param ? lower_case(*param) : std::string{};
    if (uri.scheme == "sips") {
        return name.empty() || name == "tcp" || name == "tls" ? std::optional(sip::Transport::Tls)
                                                              : std::nullopt;
    }
    for (const auto one : {sip::Transport::Udp, sip::Transport::Tcp, sip::Transport::Tls}) {
        if (name == sip::uri_name(one) || (name.empty() && one == sip::Transport::Udp)) {
            return one;
        }
    }
    return std::nullopt;
}

/// Why calls that leave by this interface cannot reach the gateway; empty: they can.
std::string why_unreachable(const config::Interface& leaves_by, const sip::Target& address) {
    if (leaves_by.bind.is_unspecified()) {
        return {};  // reported already
    }
    if (!address.peer.ip.is_unspecified() && leaves_by.bind.is_v4() != address.peer.ip.is_v4()) {
        return "cannot be reached from interface " + leaves_by.name + ", which is bound to " +
               leaves_by.bind.to_string();
    }
    const std::string transport(sip::uri_name(address.transport));
    if (!leaves_by.listeners.empty() && leaves_by.port(address.transport) == 0) {
        return "needs a listener " + transport + ":PORT on interface " + leaves_by.name +
               ": its answers and requests come back to that";
    }
    return {};
}

/// The address and transport of a gateway's URI. What this version cannot reach yet is left out.
std::string read_address(const Value& value, InterfaceId interface, routing::Gateway& gateway,
                         Draft& draft) {
    const sip::Uri& uri = gateway.uri;
    const auto transport = transport_of(uri);
    if (!transport || uri.scheme == "tel") {
        return uri.scheme == "tel" ? "is no SIP URI" : "names a transport that is not known";
    }
    const auto ip = sip::host_ip(uri);
    if (ip && (ip->is_unspecified() || ip->is_multicast())) {
        return uri.host + " is not one concrete address";
    }
    const std::uint16_t usual = *transport == sip::Transport::Tls ? kSipsPort : kSipPort;
    const Endpoint peer{ip.value_or(IpAddress{}), uri.port == 0 ? usual : uri.port};
    gateway.address = sip::Target{interface, peer, *transport, {}, {}};
    if (const auto* own = ours(uri, peer, *transport, draft)) {
        return "this is our own listener on interface " + own->name +
               ": calls would come back to us";
    }
    const std::string what = std::string(value.key->path) + ": " + value.text();
    if (*transport == sip::Transport::Tls) {
        draft.problems.unsafe(value.line, what + ": TLS");
    }
    if (!ip) {
        draft.problems.unsafe(value.line, what + ": a host name");
    }
    return interface ? why_unreachable(draft.snapshot.interface(interface), gateway.address)
                     : std::string{};
}

/// Fills URI and address; false if something about them was reported.
bool read_uri(const Value& value, InterfaceId interface, routing::Gateway& gateway, Draft& draft) {
    const auto* text = value.get<std::string>();
    if (text == nullptr) {
        return false;  // reported by the reader
    }
    auto uri = sip::parse_uri(*text);
    if (!uri) {
        complain(draft, value, *text + ": " + uri.error().what);
        return false;
    }
    gateway.uri = *std::move(uri);
    const std::string complaint = read_address(value, interface, gateway, draft);
    if (!complaint.empty()) {
        complain(draft, value, *text + ": " + complaint);
    }
    return complaint.empty();
}

std::string default_name(const sip::Uri& uri) {
    const auto ip = sip::host_ip(uri);
    const std::string host = ip ? uri_host(*ip) : uri.host;
    return uri.port == 0 ? host : host + ":" + std::to_string(uri.port);
}

std::uint32_t number_of(const Value& value) {
    const auto* number = value.get<std::int64_t>();
    return number == nullptr ? 0 : static_cast<std::uint32_t>(*number);
}

void read_gateways(const Value& list, routing::Group& group, Draft& draft) {
    Names names("gateway_groups[].gateways[].name");
    for (const Value& value : list.children) {
        routing::Gateway gateway;
        gateway.group = group.name;
        gateway.kind =
            value["kind"].text() == "generic" ? routing::Kind::Generic : routing::Kind::Livekit;
        gateway.codecs = value["codecs"].texts();
        const bool* enabled = value["enabled"].get<bool>();
        gateway.enabled = enabled == nullptr || *enabled;
        gateway.priority = number_of(value["priority"]);
        gateway.weight = number_of(value["weight"]);
        const bool is_usable = read_uri(value["uri"], group.interface, gateway, draft);
        gateway.name = value["name"].text();
        int line = value["name"].line;
        if (gateway.name.empty() && is_usable) {
            gateway.name = default_name(gateway.uri);
            line = value["uri"].line;
        }
        if (!gateway.name.empty()) {
            names.take(gateway.name, line, draft.problems);
        }
        group.gateways.push_back(std::move(gateway));
    }
    auto& all = group.gateways;
    std::stable_sort(all.begin(), all.end(),
                     [](auto& a, auto& b) { return a.priority > b.priority; });
    if (!all.empty() && std::none_of(all.begin(), all.end(), [](auto& g) { return g.enabled; })) {
        draft.problems.warn(
            list.line, std::string(list.key->path) + ": every gateway is disabled: calls get 503");
    }
}

/// Who calls from where everybody may must say who he is (PRODUCT §5).
void check_private(const Value& group, Draft& draft) {
    if (!group["inbound_auth"].children.empty()) {
        return;
    }
    for (const Value& element : group["sources"].children) {
        const auto* block = element.get<Cidr>();
        if (block == nullptr) {
            continue;
        }
        IpAddress last = block->network;
        for (unsigned bit = block->length; bit < 128; ++bit) {
            last.bytes[bit / 8U] =
                static_cast<std::uint8_t>(last.bytes[bit / 8U] | (0x80U >> bit % 8U));
        }
        if (!block->network.is_private() || !last.is_private()) {
            complain(draft, element, block->to_string() + " is public: it needs inbound_auth");
        }
    }
}

routing::Group read_group(const Value& value, Draft& draft) {
    routing::Group group;
    const auto* id = value["id"].get<std::int64_t>();
    draft.group_ids.push_back(id == nullptr ? std::string{} : std::to_string(*id));
    group.name = value["name"].given ? value["name"].text() : draft.group_ids.back();
    group.interface = find_interface(value, sip::Side::Livekit, draft).value_or(InterfaceId{});
    read_gateways(value["gateways"], group, draft);
    return group;
}

/// The group's sources and its gateways' own addresses.
void admit(const routing::Group& group, const Value& value, std::uint32_t index, Draft& draft) {
    const admission::Peer peer{admission::Owner::Group, index};
    check_private(value, draft);
    enter_sources({{"group " + group.name, group.interface, peer, &value["sources"]}}, draft);
    for (const routing::Gateway& gateway : group.gateways) {
        constexpr std::uint8_t kHost = 128;
        if (!gateway.address.peer.ip.is_unspecified()) {
            draft.snapshot.admission.sources.add(group.interface, {gateway.address.peer.ip, kHost},
                                                 peer);
        }
    }
}

}  // namespace

void read_groups(const Value& list, Draft& draft) {
    Names ids("gateway_groups[].id");
    Names names("gateway_groups[].name");
    for (const Value& value : list.children) {
        routing::Group group = read_group(value, draft);
        if (!draft.group_ids.back().empty()) {
            ids.take(draft.group_ids.back(), value["id"].line, draft.problems);
        }
        if (!group.name.empty()) {
            const Value& named = value["name"].given ? value["name"] : value["id"];
            names.take(group.name, named.line, draft.problems);
        }
        if (group.interface) {
            const auto index = static_cast<std::uint32_t>(draft.snapshot.routes.groups.size());
            admit(group, value, index, draft);
        }
        draft.snapshot.routes.groups.push_back(std::move(group));
    }
    for (std::size_t i = 0; i < list.children.size(); ++i) {
        const std::string& name = draft.snapshot.routes.groups[i].name;
        const auto other = std::find(draft.group_ids.begin(), draft.group_ids.end(), name);
        if (!name.empty() && other != draft.group_ids.end() &&
            other - draft.group_ids.begin() != static_cast<std::ptrdiff_t>(i)) {
            complain(draft, list.children[i]["name"],
                     name + ": is the id of another group; who refers to it would be guessed at");
        }
    }
}

}  // namespace causeway::store
