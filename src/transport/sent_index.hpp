#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/transaction/layer.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace causeway::transport {

/// Which key the datagrams sent of late went out under. An ICMP error brings back the beginning of
/// the datagram that caused it (RFC 1812 §4.3.2.3), and only who knows that beginning can name it:
/// our branch stands there and is not guessable, so a forged error finds nothing. Nor does one from
/// a router that returns fewer bytes than we compare; there the transaction's timer decides.
/// One place per hash: a newer datagram takes an older one's, whose loss is then noticed by timer.
/// Thread: one.
class SentIndex {
public:
    void remember(transaction::Key key, const Endpoint& to, std::string_view bytes);
    /// The key of the datagram to this peer that begins with `returned`.
    [[nodiscard]] std::optional<transaction::Key> find(const Endpoint& to,
                                                       std::string_view returned) const;

private:
    static constexpr std::size_t kPlaces = 8192;

    struct Place {
        std::uint64_t digest{};
        transaction::Key key;
    };
    std::array<Place, kPlaces> places_{};
};

}  // namespace causeway::transport
