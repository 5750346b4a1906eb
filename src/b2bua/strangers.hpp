#pragma once

#include "per_second.hpp"

#include "causeway/base/time.hpp"
#include "causeway/crypto/siphash.hpp"
#include "causeway/sip/types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace causeway::b2bua {

/// The last sources that were turned away, and which of them deserve a line in the log: each once a
/// minute, all together ten a second at most, whatever they send and from how many addresses.
/// Thread: sip. Owns: a table of fixed size; strangers who share a place in it push each other out
/// and are named more often, never less.
class Strangers {
public:
    /// One of them.
    struct Seen {
        sip::Source source;  ///< of the last message
        Time first;
        Time last;
        std::uint64_t times{};
        std::uint64_t order{};      ///< among everything that has ended
        std::optional<Time> named;  ///< when the log had its last line
    };

    /// `key`: addresses can be forged, so their places in the table must not be foreseen.
    explicit Strangers(const Secret& key) : hash_(key) {}

    /// Somebody was turned away. True if the log should name him now.
    [[nodiscard]] bool note(const sip::Source& source, Time now, std::uint64_t order) {
        constexpr Millis kMinute{60'000};
        const std::string_view bytes(reinterpret_cast<const char*>(source.peer.ip.bytes.data()),
                                     source.peer.ip.bytes.size());
        Seen& seen = seen_[hash_(bytes) % seen_.size()];
        if (seen.source.interface != source.interface || seen.source.peer.ip != source.peer.ip) {
            seen = {source, now, now, 0, order, std::nullopt};
        }
        seen.source = source;
        seen.last = now;
        seen.order = order;
        ++seen.times;
        if ((seen.named && now - *seen.named < kMinute) || !lines_.take(now)) {
            return false;
        }
        seen.named = now;
        return true;
    }

    /// The one that came last, if anybody did.
    [[nodiscard]] const Seen* last() const {
        return newest([](const Seen& seen) { return seen.times > 0; });
    }
    [[nodiscard]] const Seen* find(const IpAddress& ip) const {
        return newest(
            [&](const Seen& seen) { return seen.times > 0 && seen.source.peer.ip == ip; });
    }

private:
    template <class Predicate>
    const Seen* newest(Predicate predicate) const {
        const Seen* found = nullptr;
        for (const Seen& seen : seen_) {
            if (predicate(seen) && (found == nullptr || seen.order > found->order)) {
                found = &seen;
            }
        }
        return found;
    }

    static constexpr std::size_t kRemembered = 1024;
    crypto::SipHash hash_;
    std::array<Seen, kRemembered> seen_{};
    PerSecond lines_{10};
};

}  // namespace causeway::b2bua
