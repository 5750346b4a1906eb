#include "sent_index.hpp"

#include <functional>

namespace causeway::transport {
namespace {

/// Enough to reach the branch of our top Via, and not more than a router returns.
constexpr std::size_t kCompared = 256;

std::uint64_t digest_of(const Endpoint& to, std::string_view bytes) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    const std::uint64_t text = std::hash<std::string_view>{}(bytes.substr(0, kCompared));
    return text * kOdd ^ std::hash<Endpoint>{}(to);
}

}  // namespace

void SentIndex::remember(transaction::Key key, const Endpoint& to, std::string_view bytes) {
    if (!key) {
        return;
    }
    const std::uint64_t digest = digest_of(to, bytes);
    places_[digest % kPlaces] = {.digest = digest, .key = key};
}

std::optional<transaction::Key> SentIndex::find(const Endpoint& to,
                                                std::string_view returned) const {
    const std::uint64_t digest = digest_of(to, returned);
    const Place& place = places_[digest % kPlaces];
    if (!place.key || place.digest != digest) {
        return std::nullopt;
    }
    return place.key;
}

}  // namespace causeway::transport
