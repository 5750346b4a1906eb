#pragma once

#include "support/sim/around.hpp"

#include "causeway/transaction/layer.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace causeway::testing::sim {

/// Datagrams that come late, twice, in another order or not at all; addresses that are cut off or
/// where nobody listens. Its losses are fair: the same datagram is not lost for ever.
/// Thread: one.
class Network {
public:
    struct Weather {
        Millis shortest{1};
        Millis longest{1};
        unsigned lost{};   ///< per cent
        unsigned twice{};  ///< per cent
    };
    using Deliver =
        std::function<void(const Endpoint& from, const Endpoint& to, const std::string& bytes)>;
    using Undeliverable = std::function<void(transaction::Key key)>;

    Network(Schedule& schedule, Chance& chance, Deliver deliver, Undeliverable undeliverable);

    /// `key`: what the sender wants to hear if nobody listens there; zero: nothing.
    void post(const Endpoint& from, const Endpoint& to, std::string bytes, transaction::Key key);

    void set(const Weather& weather) { weather_ = weather; }
    /// Nothing goes to or from this address.
    void cut(const Endpoint& address) { cut_.insert(address); }
    void mend(const Endpoint& address) { cut_.erase(address); }
    /// Nobody listens there, and whoever sends is told (ICMP).
    void close(const Endpoint& address) { closed_.insert(address); }
    void reopen(const Endpoint& address) { closed_.erase(address); }

private:
    [[nodiscard]] bool loses(const Endpoint& to, std::string_view bytes);

    Schedule& schedule_;
    Chance& chance_;
    Deliver deliver_;
    Undeliverable undeliverable_;
    Weather weather_;
    std::set<Endpoint> cut_;
    std::set<Endpoint> closed_;
    std::map<std::pair<Endpoint, std::uint64_t>, unsigned> losses_;  ///< in a row, by content
};

}  // namespace causeway::testing::sim
