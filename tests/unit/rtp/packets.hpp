#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"
#include "causeway/rtp/side.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

/// Packets and addresses for the tests of rtp.
namespace causeway::rtp::test {

using Bytes = std::vector<std::byte>;

inline Bytes bytes(std::initializer_list<unsigned> octets) {
    Bytes result;
    for (const unsigned octet : octets) {
        result.push_back(static_cast<std::byte>(octet));
    }
    return result;
}

inline void put(Bytes& to, std::uint32_t value, unsigned octets) {
    for (unsigned i = octets; i-- > 0;) {
        to.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
}

/// 20 ms of G.711; the timestamp follows the sequence number.
struct Packet {
    std::uint8_t payload_type{8};
    std::uint16_t sequence{1};
    std::uint32_t ssrc{0x5eed};

    [[nodiscard]] Bytes encoded() const {
        Bytes result;
        put(result, 0x80, 1);
        put(result, payload_type, 1);
        put(result, sequence, 2);
        put(result, sequence * 160U, 4);
        put(result, ssrc, 4);
        result.resize(172, std::byte{0xd5});
        return result;
    }
};

/// A receiver report without blocks, followed by an SDES with a CNAME.
inline Bytes receiver_report(std::uint32_t ssrc = 0x5eed) {
    Bytes result = bytes({0x80, 201, 0, 1});
    put(result, ssrc, 4);
    const Bytes sdes = bytes({0x81, 202, 0, 3});
    result.insert(result.end(), sdes.begin(), sdes.end());
    put(result, ssrc, 4);
    const Bytes cname = bytes({1, 4, 'n', 'a', 'm', 'e', 0, 0});
    result.insert(result.end(), cname.begin(), cname.end());
    return result;
}

inline Endpoint at(std::uint8_t host, std::uint16_t port) {
    return {IpAddress::v4(10, 0, 0, host), port};
}

inline PayloadTypes types(std::initializer_list<unsigned> list) {
    PayloadTypes result;
    for (const unsigned type : list) {
        result.set(type);
    }
    return result;
}

/// 10.0.0.1:4000 by SDP, signalling from 10.0.0.2, PCMA and telephone-event.
inline Side a_side() {
    Side side;
    side.peer = at(1, 4000);
    side.rtcp = at(1, 4001);
    side.signalling = IpAddress::v4(10, 0, 0, 2);
    side.payload_types = types({8, 101});
    return side;
}

/// 10.0.0.100:6000 by SDP, and signalling from there.
inline Side b_side() {
    Side side;
    side.peer = at(100, 6000);
    side.rtcp = at(100, 6001);
    side.signalling = IpAddress::v4(10, 0, 0, 100);
    side.payload_types = types({8, 101});
    return side;
}

inline constexpr Time kStart{std::chrono::hours(1)};

}  // namespace causeway::rtp::test
