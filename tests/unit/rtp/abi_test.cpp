#include "bpf/abi.h"

#include "unit/rtp/packets.hpp"

#include "causeway/rtp/flow.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

extern "C" {
unsigned long abi_size_of_flow_in_c(void);
unsigned long abi_offset_of_counters_in_c(void);
}

namespace causeway::rtp {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): builders

std::vector<unsigned> octets(const causeway_address& address) {
    std::array<unsigned char, sizeof address> raw{};
    std::memcpy(raw.data(), &address, sizeof address);
    return {raw.begin() + 10, raw.end()};
}

TEST(Abi, IsTheSameInBothLanguages) {
    EXPECT_EQ(abi_size_of_flow_in_c(), sizeof(causeway_flow));
    EXPECT_EQ(abi_offset_of_counters_in_c(), offsetof(causeway_end, packets));
}

TEST(Abi, DescribesBothEndsInNetworkOrder) {
    Flow flow({.a = at(50, 10000), .b = at(51, 20002)});
    flow.connect(a_side(), b_side(), kStart);
    for (std::uint16_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(forward(flow, End::A, Packet{.sequence = i, .ssrc = 7}.encoded(), at(2, 0x1234),
                            kStart));
    }

    causeway_flow state{};
    flow.describe(FlowId{42}, state);

    EXPECT_EQ(state.version, CAUSEWAY_ABI_VERSION);
    EXPECT_EQ(state.id, 42U);
    EXPECT_EQ(octets(state.ends[0].local),
              (std::vector<unsigned>{0xff, 0xff, 10, 0, 0, 50, 0x27, 0x10, 0, 0}));
    EXPECT_EQ(octets(state.ends[0].source),
              (std::vector<unsigned>{0xff, 0xff, 10, 0, 0, 2, 0x12, 0x34, 0, 0}));
    EXPECT_EQ(octets(state.ends[1].peer),
              (std::vector<unsigned>{0xff, 0xff, 10, 0, 0, 100, 0x17, 0x70, 0, 0}));
    EXPECT_EQ(state.ends[0].ssrc, 7U);
    EXPECT_EQ(state.ends[0].payload_type_bits[0], 1U << 8U);
    EXPECT_EQ(state.ends[0].payload_type_bits[3], 1U << (101U - 96U));
    EXPECT_EQ(state.ends[0].packets, 0U);
}

}  // namespace
}  // namespace causeway::rtp
