#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"

#include <cstddef>
#include <map>
#include <optional>

namespace causeway::b2bua {

/// Answered calls whose ACK is missing, by the address that called. A peer in good health has as
/// many of them as it sets up in a round trip; each call of one that never acknowledges lasts 64·T1
/// (RFC 3261 §13.3.1.4) with its ports, so that a few thousand would leave nothing to anybody else.
/// Thread: sip. Owns: an entry for each address that has any, at most one a call.
class HalfOpen {
public:
    void add(const IpAddress& source) { ++sources_[source.bytes].calls; }
    /// After `add`.
    void remove(const IpAddress& source) {
        const auto found = sources_.find(source.bytes);
        if (found != sources_.end() && --found->second.calls == 0) {
            sources_.erase(found);
        }
    }
    [[nodiscard]] std::size_t of(const IpAddress& source) const {
        const auto found = sources_.find(source.bytes);
        return found == sources_.end() ? 0 : found->second.calls;
    }
    /// True if this source, which has some, should be named in the log now: once a minute.
    [[nodiscard]] bool is_news(const IpAddress& source, Time now) {
        constexpr Millis kMinute{60'000};
        std::optional<Time>& named = sources_[source.bytes].named;
        if (named && now - *named < kMinute) {
            return false;
        }
        named = now;
        return true;
    }

private:
    struct Source {
        std::size_t calls{};
        std::optional<Time> named;
    };
    std::map<decltype(IpAddress::bytes), Source> sources_;
};

}  // namespace causeway::b2bua
