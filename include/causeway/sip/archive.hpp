#pragma once

#include "causeway/base/archive.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/uri.hpp"

/// How values of SIP stand in a snapshot. A connection is no value: who takes over opens another.
namespace causeway {

template <class Archive, Of<IpAddress> T>
void fields(Archive& archive, T& address) {
    archive(address.bytes);
}
template <class Archive, Of<Endpoint> T>
void fields(Archive& archive, T& endpoint) {
    archive(endpoint.ip, endpoint.port);
}
/// A position in `interfaces`, the same in every process with this configuration.
template <class Archive, Of<InterfaceId> T>
void fields(Archive& archive, T& id) {
    archive(id.value);
}

}  // namespace causeway

namespace causeway::sip {

template <class Archive, Of<Target> T>
void fields(Archive& archive, T& target) {
    archive(target.interface, target.peer, choice(target.transport, Transport::Tls),
            target.tls_name);
}
template <class Archive, Of<Source> T>
void fields(Archive& archive, T& source) {
    archive(source.interface, source.peer, choice(source.transport, Transport::Tls));
}
template <class Archive, Of<Header> T>
void fields(Archive& archive, T& header) {
    archive(header.name, header.value);
}
template <class Archive, Of<Parameter> T>
void fields(Archive& archive, T& parameter) {
    archive(parameter.name, parameter.value);
}
template <class Archive, Of<Uri> T>
void fields(Archive& archive, T& uri) {
    archive(uri.scheme, uri.user, uri.host, uri.port, uri.params);
}
template <class Archive, Of<Parties> T>
void fields(Archive& archive, T& parties) {
    archive(parties.called, parties.calling, parties.display, parties.as_received, parties.claim);
}

}  // namespace causeway::sip
