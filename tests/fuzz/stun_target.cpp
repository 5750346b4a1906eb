#include "flow.hpp"

#include "causeway/rtp/packet.hpp"
#include "causeway/rtp/rtcp.hpp"

#include <algorithm>
#include <array>

namespace causeway::fuzz {
namespace {

/// A STUN message around the input (RFC 8489 §5): its type, the right length, the magic cookie.
std::vector<std::byte> stun(Input attributes) {
    const std::size_t length = std::min<std::size_t>(attributes.size(), 1400) & ~std::size_t{3};
    std::vector<std::byte> message(20 + length);
    constexpr std::array<unsigned, 8> kHead{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
    std::ranges::transform(kHead, message.begin(), [](unsigned octet) { return std::byte(octet); });
    message[2] = static_cast<std::byte>(length >> 8U);
    message[3] = static_cast<std::byte>(length & 255U);
    std::ranges::copy(std::as_bytes(attributes.first(length)), message.begin() + 20);
    return message;
}

/// RFC 7983 §7: by its first octet, is this the range of RTP and RTCP?
bool is_media(std::span<const std::byte> packet) {
    return !packet.empty() && packet[0] >= std::byte{128} && packet[0] <= std::byte{191};
}

}  // namespace

/// There is no STUN here yet: no ICE is offered, so nobody may ask. What arrives on media ports is
/// told apart by its first octet (RFC 7983), and STUN, ZRTP, DTLS and TURN are counted and dropped,
/// whoever sends them and however they look.
void run(Input input) {
    rtp::Flow flow({media_of(9, 10000), media_of(9, 20000)});
    Time now{std::chrono::hours(1)};
    flow.connect(side_of(1, 2), side_of(2, 2), now);
    for (int i = 0; i < 50 && !input.empty(); ++i) {
        Packet packet = take_packet(input);
        now += packet.later();
        const std::vector<std::byte> asked =
            stun({reinterpret_cast<const std::uint8_t*>(packet.bytes.data()), packet.bytes.size()});
        for (const auto& bytes : {packet.bytes, asked}) {
            Packet sent = packet;
            sent.bytes = bytes;
            if (!is_media(bytes)) {
                EXPECT_FALSE(rtp::parse(bytes));
                EXPECT_FALSE(rtp::is_rtcp(bytes));
                EXPECT_FALSE(rtp::is_valid_compound(bytes));
                EXPECT_FALSE(pass(flow, sent, now));
                EXPECT_FALSE(flow.leg(sent.end()).is_locked() && i == 0);
            } else {
                static_cast<void>(pass(flow, sent, now));
            }
        }
    }
}

}  // namespace causeway::fuzz
