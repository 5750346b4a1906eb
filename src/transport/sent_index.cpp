#include "sent_index.hpp"

#include <algorithm>
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
    Set& set = sets_[digest % kSets];
    // A retransmission takes its own place again; anything else pushes the oldest one out.
    auto place = std::find_if(set.begin(), set.end() - 1,
                              [digest](const Place& one) { return one.digest == digest; });
    std::move_backward(set.begin(), place, place + 1);
    set.front() = {.digest = digest, .key = key};
}

std::optional<transaction::Key> SentIndex::find(const Endpoint& to,
                                                std::string_view returned) const {
    const std::uint64_t digest = digest_of(to, returned);
    for (const Place& place : sets_[digest % kSets]) {
        if (place.key && place.digest == digest) {
            return place.key;
        }
    }
    return std::nullopt;
}

}  // namespace causeway::transport
