#include "causeway/config/capacity.hpp"

#include <gtest/gtest.h>

namespace causeway::config {
namespace {

Interface interface(sip::Side side, std::uint16_t first, std::uint16_t last) {
    Interface result;
    result.side = side;
    result.rtp_first = first;
    result.rtp_last = last;
    return result;
}

struct Row {
    const char* name;
    std::vector<Interface> interfaces;
    std::size_t descriptors;
    Capacity expected;
};

class CapacityOf : public ::testing::TestWithParam<Row> {};

TEST_P(CapacityOf, IsTheScarcestOfDescriptorsAndPortsOfEitherSide) {
    EXPECT_EQ(capacity_of(GetParam().interfaces, GetParam().descriptors), GetParam().expected);
}

const Interface kCarrier = interface(sip::Side::Carrier, 10000, 10999);
const Interface kLivekit = interface(sip::Side::Livekit, 20000, 20199);

INSTANTIATE_TEST_SUITE_P(
    Rows, CapacityOf,
    ::testing::Values(Row{.name = "Descriptors",
                          .interfaces = {kCarrier, kLivekit},
                          .descriptors = 40,
                          .expected = {10, "descriptors"}},
                      Row{.name = "LivekitPorts",
                          .interfaces = {kCarrier, kLivekit},
                          .descriptors = 100'000,
                          .expected = {100, "livekit_ports"}},
                      Row{.name = "CarrierPorts",
                          .interfaces = {kCarrier, interface(sip::Side::Livekit, 20000, 29999)},
                          .descriptors = 100'000,
                          .expected = {500, "carrier_ports"}},
                      Row{.name = "InterfacesOfOneSideAddUp",
                          .interfaces = {kCarrier, kLivekit,
                                         interface(sip::Side::Livekit, 30000, 30199)},
                          .descriptors = 100'000,
                          .expected = {200, "livekit_ports"}},
                      Row{.name = "NoneOfASide",
                          .interfaces = {kCarrier},
                          .descriptors = 100'000,
                          .expected = {0, "livekit_ports"}}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace causeway::config
