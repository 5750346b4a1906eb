#include "target.hpp"

#include "causeway/call/snapshot.hpp"

namespace causeway::fuzz {

/// A written-down call as it might be found after a crash, or in another version's folder: refused,
/// or read as something that is written down as it was read.
void run(Input input) {
    const Anchor anchor{Time(std::chrono::hours(50)), WallTime(1'800'000'000'000)};
    const auto call = call::decode(text_of(input), anchor);
    if (!call) {
        EXPECT_TRUE(call.error().code == Errc::Malformed || call.error().code == Errc::Unsupported);
        return;
    }
    const auto again = call::decode(call::encode(*call, anchor), anchor);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(*again, *call);
}

}  // namespace causeway::fuzz
