#pragma once

#include "per_second.hpp"

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"
#include "causeway/base/time.hpp"
#include "causeway/crypto/siphash.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace causeway::b2bua {

/// Which sources that are nobody's deserve a line in the log: each once a minute, all together ten
/// a second at most, whatever they send and from how many addresses. Thread: sip. Owns: a table of
/// fixed size; strangers who share a place in it are named more often, never less.
class Strangers {
public:
    /// `key`: addresses can be forged, so their places in the table must not be foreseen.
    explicit Strangers(const Secret& key) : hash_(key) {}

    /// True if this one should be named now.
    [[nodiscard]] bool is_news(InterfaceId interface, const IpAddress& ip, Time now) {
        constexpr Millis kMinute{60'000};
        const std::string_view bytes(reinterpret_cast<const char*>(ip.bytes.data()),
                                     ip.bytes.size());
        Seen& seen = seen_[hash_(bytes) % seen_.size()];
        if (seen.interface == interface && seen.ip == ip && now - seen.at < kMinute) {
            return false;
        }
        if (!lines_.take(now)) {
            return false;
        }
        seen = {interface, ip, now};
        return true;
    }

private:
    struct Seen {
        InterfaceId interface;
        IpAddress ip;
        Time at;
    };

    static constexpr std::size_t kRemembered = 1024;
    crypto::SipHash hash_;
    std::array<Seen, kRemembered> seen_{};
    PerSecond lines_{10};
};

}  // namespace causeway::b2bua
