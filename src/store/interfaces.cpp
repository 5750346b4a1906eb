#include "draft.hpp"
#include "text.hpp"

#include <algorithm>

namespace causeway::store {
namespace {

constexpr std::size_t kMostInterfaces = 64;

std::string_view name_of(sip::Side side) {
    return side == sip::Side::Carrier ? "carrier" : "livekit";
}

std::string text_of(const config::Listener& listener) {
    return std::string(sip::uri_name(listener.transport)) + ":" + std::to_string(listener.port);
}

/// TCP and TLS fight for the same ports.
bool do_clash(const config::Listener& a, const config::Listener& b) {
    return a.port == b.port && sip::is_reliable(a.transport) == sip::is_reliable(b.transport);
}

std::string range_text(std::uint16_t first, std::uint16_t last) {
    return std::to_string(first) + "-" + std::to_string(last);
}

void read_listeners(const Value& list, config::Interface& interface, Draft& draft) {
    for (const Value& element : list.children) {
        const auto* listener = element.get<ListenerText>();
        if (listener == nullptr) {
            continue;
        }
        if (interface.port(listener->transport) != 0) {
            complain(draft, element,
                     "a second " + std::string(sip::uri_name(listener->transport)) +
                         " listener: one a transport");
            continue;
        }
        if (listener->transport == sip::Transport::Tls) {
            draft.problems.unsafe(element.line, std::string(list.key->path) + ": " +
                                                    text_of({listener->transport, listener->port}));
        }
        const config::Listener one{listener->transport, listener->port};
        const auto& others = interface.listeners;
        if (std::any_of(others.begin(), others.end(),
                        [&](const auto& other) { return do_clash(one, other); })) {
            complain(draft, element, text_of(one) + ": tcp and tls cannot share a port");
        }
        interface.listeners.push_back(one);
    }
}

config::Interface read_interface(const Value& value, Draft& draft) {
    config::Interface interface;
    interface.id = InterfaceId{draft.snapshot.interfaces.size() + 1};
    interface.name = value["name"].text();
    interface.side = value["side"].text() == "livekit" ? sip::Side::Livekit : sip::Side::Carrier;
    if (const auto* bind = value["bind"].get<IpAddress>()) {
        interface.bind = *bind;
        interface.advertise = *bind;
    }
    if (const auto* advertise = value["advertise"].get<IpAddress>()) {
        interface.advertise = *advertise;
        if (!interface.bind.is_unspecified() && advertise->is_v4() != interface.bind.is_v4()) {
            complain(draft, value["advertise"],
                     advertise->to_string() + " is not of the family of bind, " +
                         interface.bind.to_string());
        }
    }
    interface.names = value["names"].texts();
    read_listeners(value["sip"], interface, draft);
    if (const auto* range = value["rtp_ports"].get<PortRange>()) {
        interface.rtp_first = range->first;
        interface.rtp_last = range->last;
    }
    return interface;
}

/// What two interfaces on one address (or one with itself) would fight for.
void check_ports(const config::Interface& sip_side, const config::Interface& rtp_side,
                 const Value& sip, Draft& draft) {
    for (const config::Listener& listener : sip_side.listeners) {
        if (listener.transport == sip::Transport::Udp && listener.port >= rtp_side.rtp_first &&
            listener.port <= rtp_side.rtp_last) {
            complain(draft, sip,
                     text_of(listener) + " lies in rtp_ports " +
                         range_text(rtp_side.rtp_first, rtp_side.rtp_last) + " of interface " +
                         rtp_side.name + " on the same address");
        }
    }
}

void check_pair(const config::Interface& earlier, const config::Interface& later,
                const Value& earlier_value, const Value& later_value, Draft& draft) {
    const std::string where = " of interface " + earlier.name + " on the same address";
    for (const config::Listener& mine : later.listeners) {
        for (const config::Listener& other : earlier.listeners) {
            if (do_clash(mine, other)) {
                complain(draft, later_value["sip"], text_of(other) + " is a listener" + where);
            }
        }
    }
    if (later.rtp_last != 0 && earlier.rtp_last != 0 && later.rtp_first <= earlier.rtp_last &&
        earlier.rtp_first <= later.rtp_last) {
        complain(draft, later_value["rtp_ports"],
                 range_text(later.rtp_first, later.rtp_last) + " overlaps " +
                     range_text(earlier.rtp_first, earlier.rtp_last) + where);
    }
    check_ports(later, earlier, later_value["sip"], draft);
    check_ports(earlier, later, earlier_value["sip"], draft);
}

}  // namespace

void read_interfaces(const Value& list, Draft& draft) {
    if (list.children.size() > kMostInterfaces) {
        complain(draft, list, "more than 64");
        return;
    }
    Names names("interfaces[].name");
    auto& interfaces = draft.snapshot.interfaces;
    for (std::size_t i = 0; i < list.children.size(); ++i) {
        const Value& value = list.children[i];
        config::Interface interface = read_interface(value, draft);
        if (!interface.name.empty()) {
            names.take(interface.name, value["name"].line, draft.problems);
        }
        check_ports(interface, interface, value["sip"], draft);
        for (std::size_t j = 0; j < i; ++j) {
            if (interfaces[j].bind == interface.bind && !interface.bind.is_unspecified()) {
                check_pair(interfaces[j], interface, list.children[j], value, draft);
            }
        }
        interfaces.push_back(std::move(interface));
        draft.interface_lines.push_back(value["bind"].line);
    }
}

std::optional<InterfaceId> find_interface(const Value& owner, sip::Side side, Draft& draft) {
    const Value& reference = owner["interface"];
    const std::string wanted = reference.text();
    std::vector<const config::Interface*> fitting;
    std::vector<std::string> names;
    for (const config::Interface& interface : draft.snapshot.interfaces) {
        if (interface.side == side) {
            fitting.push_back(&interface);
            names.push_back(interface.name);
        }
        if (!wanted.empty() && interface.name == wanted) {
            if (interface.side != side) {
                complain(draft, reference,
                         wanted + " is on the " + std::string(name_of(interface.side)) +
                             " side; one on the " + std::string(name_of(side)) + " side is needed");
                return std::nullopt;
            }
            return interface.id;
        }
    }
    if (!wanted.empty()) {
        complain(draft, reference, "no interface is called " + wanted + " (" + join(names) + ")");
        return std::nullopt;
    }
    if (reference.given || reference.key == nullptr) {
        return std::nullopt;
    }
    if (fitting.size() == 1) {
        return fitting.front()->id;
    }
    const std::string kind = std::string(name_of(side)) + "-side interface";
    complain(draft, reference,
             fitting.empty()
                 ? "there is no " + kind
                 : "missing, and there is more than one " + kind + " (" + join(names) + ")");
    return std::nullopt;
}

}  // namespace causeway::store
