#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"

#include <string>
#include <vector>

namespace causeway::testing {

/// What the demo reads of the daemon's configuration: who calls, who is called, where.
struct Settings {
    Endpoint carrier_listener;        ///< of the carrier-side interface
    std::vector<Endpoint> listeners;  ///< every UDP listener of the daemon
    IpAddress carrier;                ///< the first carrier's first source: we call from there
    Endpoint gateway;                 ///< the first group's first gateway: we answer there
    std::string number;               ///< the first tenant's first DID without a star
    std::string cdr_file;
};

/// Reads them. Fails: Io, Malformed (with the key that is missing).
[[nodiscard]] Result<Settings> read_settings(const std::string& path);

/// The number as a German carrier dials it: `+4930…` as `030…`.
std::string national(const std::string& e164);

}  // namespace causeway::testing
