#pragma once

#include "support/dice.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace causeway::transaction {

struct WalkReport {
    std::string transcript;           ///< every byte that was sent
    std::map<std::string, int> seen;  ///< how often each kind of thing happened
};

/// An owner who does anything, peers who send anything, and a network that loses, repeats and
/// delays it: as many steps as the dice have, then ten minutes without. The layer's invariants are
/// expectations of the test that calls; whatever happened, nothing is left in the end.
WalkReport walk(testing::Dice dice, std::size_t steps);

}  // namespace causeway::transaction
