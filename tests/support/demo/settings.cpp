#include "support/demo/settings.hpp"

#include "support/ua/sip_text.hpp"

#include <yaml-cpp/yaml.h>

#include <stdexcept>

namespace causeway::testing {
namespace {

IpAddress address(const std::string& text) {
    const auto ip = IpAddress::parse(text.substr(0, text.find('/')));
    if (!ip) {
        throw std::runtime_error(text + " is no address");
    }
    return *ip;
}

Settings read(const YAML::Node& root) {
    Settings settings;
    for (const auto& interface : root["interfaces"]) {
        for (const auto& entry : interface["sip"]) {
            const auto text = entry.as<std::string>();
            if (!text.starts_with("udp:")) {
                continue;
            }
            const Endpoint listener{address(interface["bind"].as<std::string>()),
                                    static_cast<std::uint16_t>(std::stoi(text.substr(4)))};
            settings.listeners.push_back(listener);
            if (interface["side"].as<std::string>() == "carrier") {
                settings.carrier_listener = listener;
            }
        }
    }
    settings.carrier = address(root["carriers"][0]["sources"][0].as<std::string>());
    const auto uri = root["gateway_groups"][0]["gateways"][0]["uri"].as<std::string>();
    const auto gateway = endpoint_of(uri);
    if (!gateway) {
        throw std::runtime_error(uri + " names no address");
    }
    settings.gateway = *gateway;
    for (const auto& did : root["tenants"][0]["dids"]) {
        const auto number = did.as<std::string>();
        if (settings.number.empty() && number.find('*') == std::string::npos) {
            settings.number = number;
        }
    }
    settings.cdr_file = root["cdr"]["file"].as<std::string>();
    if (settings.carrier_listener.port == 0 || settings.number.empty()) {
        throw std::runtime_error("no carrier-side UDP listener, or no DID");
    }
    return settings;
}

}  // namespace

Result<Settings> read_settings(const std::string& path) {
    try {
        return read(YAML::LoadFile(path));
    } catch (const std::exception& error) {
        return fail(Errc::Malformed, path + ": " + error.what());
    }
}

std::string national(const std::string& e164) {
    return e164.starts_with("+49") ? "0" + e164.substr(3) : e164;
}

}  // namespace causeway::testing
