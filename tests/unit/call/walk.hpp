#pragma once

#include "support/dice.hpp"

namespace causeway::call {

/// The call machine under one random order of events. Expectations of the test that calls: it
/// finishes once and last, closes its flow, leaves no deadline, and nothing wakes it again.
void walk(testing::Dice dice);

}  // namespace causeway::call
