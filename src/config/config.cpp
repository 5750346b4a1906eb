#include "causeway/config/config.hpp"

#include <algorithm>

namespace causeway::config {

std::uint16_t Interface::port(sip::Transport transport) const {
    const auto hit = std::find_if(listeners.begin(), listeners.end(),
                                  [&](const Listener& l) { return l.transport == transport; });
    return hit == listeners.end() ? std::uint16_t{0} : hit->port;
}

bool Snapshot::is_own_host(std::string_view host) const {
    const auto ip = IpAddress::parse(host);
    return std::any_of(interfaces.begin(), interfaces.end(), [&](const Interface& own) {
        return ip ? *ip == own.bind || *ip == own.advertise
                  : std::find(own.names.begin(), own.names.end(), host) != own.names.end();
    });
}

std::string Problem::to_string() const {
    return line > 0 ? file + ":" + std::to_string(line) + ": " + message : file + ": " + message;
}

}  // namespace causeway::config
