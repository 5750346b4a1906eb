#include "draft.hpp"

#include "causeway/sip/uri.hpp"

#include <algorithm>

namespace causeway::store {
namespace {

constexpr std::uint16_t kSipPort = 5060;  // RFC 3261 §19.1.2

/// The listener of ours at this endpoint, if there is one.
const config::Interface* listener_at(const Endpoint& endpoint, const Draft& draft) {
    const auto& interfaces = draft.snapshot.interfaces;
    const auto hit = std::find_if(interfaces.begin(), interfaces.end(), [&](const auto& own) {
        return (own.bind == endpoint.ip || own.advertise == endpoint.ip) &&
               own.port(sip::Transport::Udp) == endpoint.port;
    });
    return hit == interfaces.end() ? nullptr : &*hit;
}

/// What keeps this URI from being a gateway's; empty: nothing.
std::string complaint_about(const sip::Uri& uri) {
    if (uri.scheme != "sip") {
        return uri.scheme + " is not known in this version (only sip)";
    }
    const auto transport = uri.param("transport");
    if (transport && *transport != "udp" && *transport != "UDP") {
        return "transport=" + std::string(*transport) + " is not known in this version (only udp)";
    }
    const auto ip = sip::host_ip(uri);
    if (!ip) {
        return uri.host + " is a host name, which is not known in this version (only an address)";
    }
    return ip->is_unspecified() || ip->is_multicast() ? uri.host + " is not one concrete address"
                                                      : std::string{};
}

/// Fills URI and address; false if something about them was reported.
bool read_uri(const Value& value, InterfaceId interface, routing::Gateway& gateway, Draft& draft) {
    const auto* text = value.get<std::string>();
    if (text == nullptr) {
        return false;
    }
    auto uri = sip::parse_uri(*text);
    const std::string complaint = uri ? complaint_about(*uri) : uri.error().what;
    if (!complaint.empty()) {
        complain(draft, value, *text + ": " + complaint);
        return false;
    }
    gateway.uri = *std::move(uri);
    const std::uint16_t port = gateway.uri.port == 0 ? kSipPort : gateway.uri.port;
    const Endpoint peer{*sip::host_ip(gateway.uri), port};
    gateway.address = sip::Target{interface, peer, sip::Transport::Udp, {}, {}};
    if (const auto* own = listener_at(peer, draft)) {
        complain(draft, value,
                 *text + ": this is our own listener on interface " + own->name +
                     ": calls would come back to us");
        return false;
    }
    if (interface) {
        const config::Interface& leaves_by = draft.snapshot.interface(interface);
        if (!leaves_by.bind.is_unspecified() && leaves_by.bind.is_v4() != peer.ip.is_v4()) {
            complain(draft, value,
                     *text + ": cannot be reached from interface " + leaves_by.name +
                         ", which is bound to " + leaves_by.bind.to_string());
            return false;
        }
    }
    return true;
}

std::string default_name(const sip::Uri& uri) {
    const auto ip = sip::host_ip(uri);
    const std::string host = ip ? uri_host(*ip) : uri.host;
    return uri.port == 0 ? host : host + ":" + std::to_string(uri.port);
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
    const auto& all = group.gateways;
    if (!all.empty() && std::none_of(all.begin(), all.end(), [](auto& g) { return g.enabled; })) {
        draft.problems.warn(
            list.line, std::string(list.key->path) + ": every gateway is disabled: calls get 503");
    }
}

/// Public sources need digest authentication, which this version does not have (PRODUCT §3).
void check_private(const Value& sources, Draft& draft) {
    for (const Value& element : sources.children) {
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
            complain(draft, element,
                     block->to_string() +
                         " is public: it needs inbound_auth, which is not known in "
                         "this version");
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

}  // namespace

void read_groups(const Value& list, Draft& draft) {
    for (const Value& value : list.children) {
        if (!draft.snapshot.routes.groups.empty()) {
            draft.problems.error(value.line,
                                 "gateway_groups: a second group is not known in this version");
            continue;
        }
        routing::Group group = read_group(value, draft);
        const admission::Peer peer{admission::Owner::Group, 0};
        if (group.interface) {
            check_private(value["sources"], draft);
            enter_sources({{"group " + group.name, group.interface, peer, &value["sources"]}},
                          draft);
            for (const routing::Gateway& gateway : group.gateways) {
                constexpr std::uint8_t kHost = 128;
                draft.snapshot.admission.sources.add(group.interface,
                                                     {gateway.address.peer.ip, kHost}, peer);
            }
        }
        draft.snapshot.routes.groups.push_back(std::move(group));
    }
}

}  // namespace causeway::store
