#include "causeway/admission/admission.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::admission {
namespace {

constexpr InterfaceId kFirst{1};
constexpr InterfaceId kSecond{2};

Peer carrier(std::uint32_t index) {
    return {Owner::Carrier, index};
}

Cidr block(std::string_view text) {
    return Cidr::parse(text).value();
}

std::optional<Peer> find(const Sources& sources, std::string_view ip,
                         InterfaceId interface = kFirst) {
    return sources.find(interface, IpAddress::parse(ip).value());
}

TEST(Sources, PreferTheLongestPrefix) {
    Sources sources;
    ASSERT_TRUE(sources.add(kFirst, block("10.0.0.0/8"), carrier(0)));
    ASSERT_TRUE(sources.add(kFirst, block("10.0.1.10"), carrier(1)));
    ASSERT_TRUE(sources.add(kFirst, block("10.0.1.0/24"), carrier(2)));
    ASSERT_TRUE(sources.add(kFirst, block("2001:db8::/33"), carrier(3)));
    struct Row {
        const char* name;
        const char* ip;
        std::optional<Peer> want;
    };
    const Row rows[] = {
        {.name = "host", .ip = "10.0.1.10", .want = carrier(1)},
        {.name = "beside the host", .ip = "10.0.1.11", .want = carrier(2)},
        {.name = "only in the widest", .ip = "10.0.2.1", .want = carrier(0)},
        {.name = "first of the block", .ip = "10.0.1.0", .want = carrier(2)},
        {.name = "last of the block", .ip = "10.255.255.255", .want = carrier(0)},
        {.name = "outside", .ip = "11.0.0.0", .want = std::nullopt},
        {.name = "v6 inside", .ip = "2001:db8:7fff::1", .want = carrier(3)},
        {.name = "v6 outside by one bit", .ip = "2001:db8:8000::1", .want = std::nullopt},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(find(sources, row.ip), row.want) << row.name;
    }
}

TEST(Sources, BelongToOneInterface) {
    Sources sources;
    ASSERT_TRUE(sources.add(kSecond, block("10.0.0.0/8"), carrier(0)));
    ASSERT_TRUE(sources.add(kFirst, block("10.0.0.0/8"), carrier(1)));
    EXPECT_EQ(find(sources, "10.1.1.1", kFirst), carrier(1));
    EXPECT_EQ(find(sources, "10.1.1.1", kSecond), carrier(0));
    EXPECT_EQ(find(sources, "10.1.1.1", InterfaceId{3}), std::nullopt);
}

TEST(Sources, KeepTheFirstOwnerOfABlock) {
    Sources sources;
    ASSERT_TRUE(sources.add(kFirst, block("10.0.1.0/24"), carrier(0)));
    EXPECT_FALSE(sources.add(kFirst, block("10.0.1.0/24"), carrier(1)));
    EXPECT_EQ(find(sources, "10.0.1.7"), carrier(0));
}

TEST(Sources, FindOneAmongAHundredThousand) {
    Sources sources;
    constexpr std::uint32_t kMany = 100'000;
    const auto host = [](std::uint32_t i) {
        return IpAddress::v4(10, static_cast<std::uint8_t>(i >> 16U),
                             static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i));
    };
    for (std::uint32_t i = 0; i < kMany; ++i) {
        ASSERT_TRUE(sources.add(kFirst, {host(i), 128}, carrier(i)));
    }
    for (std::uint32_t i = 0; i < kMany; i += 997) {
        EXPECT_EQ(sources.find(kFirst, host(i)), carrier(i));
    }
    EXPECT_EQ(sources.find(kFirst, host(kMany)), std::nullopt);
}

}  // namespace
}  // namespace causeway::admission
