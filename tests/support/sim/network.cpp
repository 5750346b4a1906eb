#include "support/sim/network.hpp"

#include "causeway/crypto/siphash.hpp"

#include <utility>

namespace causeway::testing::sim {
namespace {

constexpr unsigned kLossesInARow = 3;
constexpr Millis kIcmp{2};

}  // namespace

Network::Network(Schedule& schedule, Chance& chance, Deliver deliver, Undeliverable undeliverable)
    : schedule_(schedule),
      chance_(chance),
      deliver_(std::move(deliver)),
      undeliverable_(std::move(undeliverable)) {}

bool Network::loses(const Endpoint& to, std::string_view bytes) {
    if (weather_.lost == 0) {
        return false;
    }
    static const crypto::SipHash hash(Secret{});
    unsigned& in_a_row = losses_[{to, hash(bytes)}];
    const bool lost = in_a_row < kLossesInARow && chance_.percent(weather_.lost);
    in_a_row = lost ? in_a_row + 1 : 0;
    return lost;
}

void Network::post(const Endpoint& from, const Endpoint& to, std::string bytes,
                   transaction::Key key) {
    if (cut_.contains(from) || cut_.contains(to)) {
        return;
    }
    if (closed_.contains(to)) {
        if (key) {
            schedule_.after(kIcmp, [this, key] { undeliverable_(key); });
        }
        return;
    }
    if (loses(to, bytes)) {
        return;
    }
    const int copies = chance_.percent(weather_.twice) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        schedule_.after(chance_.between(weather_.shortest, weather_.longest),
                        [this, from, to, bytes] {
                            if (!cut_.contains(to)) {
                                deliver_(from, to, bytes);
                            }
                        });
    }
}

}  // namespace causeway::testing::sim
