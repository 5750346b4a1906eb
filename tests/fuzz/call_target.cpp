#include "target.hpp"
#include "unit/call/walk.hpp"

/// `call::Machine` on events in the order the input says: one `Finish`, last; the flow closed.
void causeway::fuzz::run(Input input) {
    call::walk(testing::Dice(input));
}
