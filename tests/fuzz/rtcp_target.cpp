#include "flow.hpp"

#include "causeway/rtp/rtcp.hpp"

namespace causeway::fuzz {

/// Packets on a flow's RTCP ports: libre's decoder stays inside them, and only compounds that it
/// reads go further.
void run(Input input) {
    rtp::Flow flow({media_of(9, 10000), media_of(9, 20000)});
    Time now{std::chrono::hours(1)};
    flow.connect(side_of(1, 0), side_of(2, 0), now);
    for (int i = 0; i < 50 && !input.empty(); ++i) {
        Packet packet = take_packet(input);
        packet.choices |= 2U;
        now += packet.later();
        const bool is_valid = rtp::is_valid_compound(packet.bytes);
        EXPECT_EQ(rtp::is_valid_compound(packet.bytes), is_valid);
        if (is_valid) {
            EXPECT_EQ(packet.bytes.size() % 4, 0U);
        }
        if (pass(flow, packet, now)) {
            EXPECT_TRUE(is_valid);
        }
    }
}

}  // namespace causeway::fuzz
