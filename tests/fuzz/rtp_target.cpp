#include "flow.hpp"

#include "causeway/rtp/packet.hpp"

namespace causeway::fuzz {
namespace {

/// RFC 3550 §5.1 written down a second time, over the whole packet.
void expect_inside(std::span<const std::byte> packet, const rtp::Header& header) {
    ASSERT_GE(packet.size(), 12U);
    ASSERT_EQ(std::to_integer<unsigned>(packet[0]) >> 6U, 2U);
    ASSERT_LT(header.payload_type, 128);
    ASSERT_FALSE(rtp::is_rtcp(packet));
    const std::size_t csrcs = std::to_integer<unsigned>(packet[0]) & 15U;
    ASSERT_GE(packet.size(), 12 + 4 * csrcs);
}

}  // namespace

/// Packets on a flow's ports: nothing is read past their end, and only RTP goes further, as it
/// came.
void run(Input input) {
    if (input.empty()) {
        return;
    }
    const unsigned choices = input[0];
    input = input.subspan(1);
    rtp::Flow flow({media_of(9, 10000), media_of(9, 20000)});
    Time now{std::chrono::hours(1)};
    if ((choices & 128U) == 0) {
        flow.connect(side_of(1, choices & 31U), side_of(2, choices >> 2U), now);
    }
    for (int i = 0; i < 200 && !input.empty(); ++i) {
        Packet packet = take_packet(input);
        packet.choices &= ~2U;
        now += packet.later();
        const auto header = rtp::parse(packet.bytes);
        if (header) {
            expect_inside(packet.bytes, *header);
        }
        if (pass(flow, packet, now)) {
            EXPECT_TRUE(header);
        }
        flow.advance(now);
    }
    static_cast<void>(flow.leg(rtp::End::A).report());
    static_cast<void>(flow.is_settled());
}

}  // namespace causeway::fuzz
