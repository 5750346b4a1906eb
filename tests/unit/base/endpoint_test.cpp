#include "causeway/base/endpoint.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace causeway {
namespace {

struct TextRow {
    std::string_view text;
    std::string_view canonical;  ///< empty: refused
};

constexpr TextRow kTexts[] = {
    {.text = "192.0.2.1", .canonical = "192.0.2.1"},
    {.text = "0.0.0.0", .canonical = "0.0.0.0"},
    {.text = "255.255.255.255", .canonical = "255.255.255.255"},
    {.text = "::ffff:192.0.2.1", .canonical = "192.0.2.1"},
    {.text = "::ffff:c000:201", .canonical = "192.0.2.1"},
    {.text = "[2001:DB8::1]", .canonical = "2001:db8::1"},
    {.text = "::", .canonical = "::"},
    {.text = "::1", .canonical = "::1"},
    {.text = "1::", .canonical = "1::"},
    // RFC 5952 §4.1 to §4.3: no leading zeros, the longest run, the first of two, never one group.
    {.text = "2001:0db8:0000:0000:0001:0000:0000:0001", .canonical = "2001:db8::1:0:0:1"},
    {.text = "2001:db8:0:1:1:1:1:1", .canonical = "2001:db8:0:1:1:1:1:1"},
    {.text = "2001:0:0:1:0:0:0:1", .canonical = "2001:0:0:1::1"},
    {.text = "fe80::0:1.2.3.4", .canonical = "fe80::102:304"},
    {.text = "", .canonical = ""},
    {.text = "1.2.3", .canonical = ""},
    {.text = "1.2.3.4.5", .canonical = ""},
    {.text = "1.2.3.256", .canonical = ""},
    {.text = "01.2.3.4", .canonical = ""},
    {.text = "1.2.3.4 ", .canonical = ""},
    {.text = "[1.2.3.4]", .canonical = ""},
    {.text = "[::1", .canonical = ""},
    {.text = "::1::", .canonical = ""},
    {.text = "fe80::1%eth0", .canonical = ""},
    {.text = "localhost", .canonical = ""},
    {.text = {"1.2.3.4\0", 8}, .canonical = ""},
    {.text = "0000:0000:0000:0000:0000:0000:255.255.255.2555", .canonical = ""},
};

TEST(IpAddress, ReadsLiteralsAndWritesThemCanonically) {
    for (const TextRow& row : kTexts) {
        SCOPED_TRACE(row.text);
        const std::optional<IpAddress> ip = IpAddress::parse(row.text);
        ASSERT_EQ(ip.has_value(), !row.canonical.empty());
        if (ip) {
            EXPECT_EQ(ip->to_string(), row.canonical);
            EXPECT_EQ(IpAddress::parse(ip->to_string()), ip);
        }
    }
}

struct KindRow {
    std::string_view text;
    bool v4{}, unspecified{}, loopback{}, is_private{}, multicast{};
};

constexpr KindRow kKinds[] = {
    {.text = "8.8.8.8", .v4 = true},
    {.text = "0.0.0.0", .v4 = true, .unspecified = true},
    {.text = "::", .unspecified = true},
    {.text = "127.1.2.3", .v4 = true, .loopback = true, .is_private = true},
    {.text = "::1", .loopback = true, .is_private = true},
    {.text = "10.255.0.1", .v4 = true, .is_private = true},
    {.text = "172.16.0.1", .v4 = true, .is_private = true},
    {.text = "172.31.255.255", .v4 = true, .is_private = true},
    {.text = "172.32.0.0", .v4 = true},
    {.text = "192.168.9.9", .v4 = true, .is_private = true},
    {.text = "192.169.0.1", .v4 = true},
    {.text = "100.64.0.1", .v4 = true, .is_private = true},
    {.text = "100.128.0.1", .v4 = true},
    {.text = "169.254.1.1", .v4 = true, .is_private = true},
    {.text = "fd00::1", .is_private = true},
    {.text = "fe80::1", .is_private = true},
    {.text = "febf::1", .is_private = true},
    {.text = "fec0::1"},
    {.text = "2001:db8::1"},
    {.text = "224.0.0.1", .v4 = true, .multicast = true},
    {.text = "239.255.255.255", .v4 = true, .multicast = true},
    {.text = "240.0.0.1", .v4 = true},
    {.text = "ff02::1", .multicast = true},
};

TEST(IpAddress, KnowsItsKind) {
    for (const KindRow& row : kKinds) {
        SCOPED_TRACE(row.text);
        const IpAddress ip = IpAddress::parse(row.text).value();
        EXPECT_EQ(ip.is_v4(), row.v4);
        EXPECT_EQ(ip.is_unspecified(), row.unspecified);
        EXPECT_EQ(ip.is_loopback(), row.loopback);
        EXPECT_EQ(ip.is_private(), row.is_private);
        EXPECT_EQ(ip.is_multicast(), row.multicast);
    }
}

TEST(Endpoint, PutsBracketsAroundIpv6Only) {
    EXPECT_EQ((Endpoint{IpAddress::v4(1, 2, 3, 4), 5060}.to_string()), "1.2.3.4:5060");
    EXPECT_EQ((Endpoint{IpAddress::parse("2001:db8::1").value(), 5061}.to_string()),
              "[2001:db8::1]:5061");
}

TEST(Endpoint, HashesNeighboursApart) {
    std::unordered_set<std::size_t> low;
    for (std::uint8_t host = 0; host < 16; ++host) {
        for (std::uint16_t port = 10000; port < 10064; ++port) {
            low.insert(std::hash<Endpoint>{}({IpAddress::v4(10, 0, 0, host), port}) & 0xffffU);
        }
    }
    EXPECT_GT(low.size(), 950U) << "1024 endpoints, 65536 buckets";
}

struct CidrRow {
    std::string_view text;
    std::string_view canonical{};  ///< empty: refused
    std::string_view inside{};
    std::string_view outside{};
};

constexpr CidrRow kCidrs[] = {
    {.text = "10.0.0.0/8", .canonical = "10.0.0.0/8", .inside = "10.9.8.7", .outside = "11.0.0.0"},
    {.text = "10.1.2.3/8", .canonical = "10.0.0.0/8", .inside = "10.0.0.0", .outside = "9.0.0.1"},
    {.text = "192.0.2.7",
     .canonical = "192.0.2.7/32",
     .inside = "::ffff:192.0.2.7",
     .outside = "192.0.2.6"},
    {.text = "192.0.2.128/25",
     .canonical = "192.0.2.128/25",
     .inside = "192.0.2.129",
     .outside = "192.0.2.127"},
    {.text = "0.0.0.0/0", .canonical = "0.0.0.0/0", .inside = "203.0.113.1", .outside = "2001::"},
    {.text = "::/0", .canonical = "::/0", .inside = "2001:db8::1", .outside = "203.0.113.1"},
    {.text = "2001:db8::/33",
     .canonical = "2001:db8::/33",
     .inside = "2001:db8:7fff::1",
     .outside = "2001:db8:8000::"},
    {.text = "2001:db8::5",
     .canonical = "2001:db8::5/128",
     .inside = "2001:db8::5",
     .outside = "2001:db8::4"},
    {.text = "::ffff:10.0.0.0/104",
     .canonical = "10.0.0.0/8",
     .inside = "10.1.1.1",
     .outside = "11.1.1.1"},
    {.text = "10.0.0.0/33"},
    {.text = "10.0.0.0/"},
    {.text = "10.0.0.0/8x"},
    {.text = "10.0.0.0/-1"},
    {.text = "10.0.0.0/8/8"},
    {.text = "::/129"},
    {.text = "host/8"},
    {.text = "/8"},
};

TEST(Cidr, ReadsBlocksAndKnowsWhatIsInside) {
    for (const CidrRow& row : kCidrs) {
        SCOPED_TRACE(row.text);
        const std::optional<Cidr> block = Cidr::parse(row.text);
        ASSERT_EQ(block.has_value(), !row.canonical.empty());
        if (block) {
            EXPECT_EQ(block->to_string(), row.canonical);
            EXPECT_TRUE(block->contains(IpAddress::parse(row.inside).value()));
            EXPECT_FALSE(block->contains(IpAddress::parse(row.outside).value()));
        }
    }
}

}  // namespace
}  // namespace causeway
