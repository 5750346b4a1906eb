#include "target.hpp"
#include "unit/transaction/walk.hpp"

/// The transaction layer between an owner and peers whose doings are the input: its invariants hold
/// after each, and in the end nothing is left.
void causeway::fuzz::run(Input input) {
    constexpr std::size_t kSteps = 500;
    transaction::walk(testing::Dice(input), kSteps);
}
