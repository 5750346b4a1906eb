#pragma once

#include "support/ua/party.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace causeway::testing {

/// Parties on virtual time, a millisecond apart; `loses` may swallow datagrams.
class VirtualNetwork {
public:
    std::function<bool(const Datagram&)> loses{[](const Datagram&) { return false; }};
    std::vector<Datagram> sent;  ///< everything a party sent, lost or not

    void join(const Endpoint& sip, Party& party) { parties_.emplace_back(sip, &party); }
    [[nodiscard]] Time now() const { return now_; }

    /// Runs until `span` has passed or `done` says so. True: done.
    bool run(
        Millis span, const std::function<bool()>& done = [] { return false; }) {
        const Time end = now_ + span;
        collect();
        while (!done()) {
            const Time next = next_event();
            if (next > end) {
                now_ = end;
                return done();
            }
            now_ = std::max(now_, next);
            deliver();
            for (const auto& [address, party] : parties_) {
                if (party->deadline() && *party->deadline() <= now_) {
                    party->advance(now_);
                }
            }
            collect();
        }
        return true;
    }

private:
    [[nodiscard]] Time next_event() const {
        Time next = under_way_.empty() ? Time::max() : under_way_.begin()->first;
        for (const auto& [address, party] : parties_) {
            next = std::min(next, party->deadline().value_or(Time::max()));
        }
        return next;
    }
    void collect() {
        for (const auto& [address, party] : parties_) {
            while (auto datagram = party->poll()) {
                sent.push_back(*datagram);
                if (!loses(*datagram)) {
                    under_way_.emplace(now_ + Millis{1}, std::move(*datagram));
                }
            }
        }
    }
    void deliver() {
        while (!under_way_.empty() && under_way_.begin()->first <= now_) {
            const Datagram datagram = std::move(under_way_.extract(under_way_.begin()).mapped());
            for (const auto& [address, party] : parties_) {
                if (datagram.to == address) {
                    party->on_sip(datagram.bytes, datagram.from, now_);
                } else if (datagram.to.ip == address.ip) {
                    party->on_rtp(datagram.to.port, datagram.bytes, datagram.from, now_);
                }
            }
            collect();
        }
    }

    Time now_{};
    std::vector<std::pair<Endpoint, Party*>> parties_;
    std::multimap<Time, Datagram> under_way_;
};

}  // namespace causeway::testing
