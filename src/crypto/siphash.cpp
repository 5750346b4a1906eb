#include "causeway/crypto/siphash.hpp"

#include <bit>
#include <cstring>

namespace causeway::crypto {
namespace {

/// The four words of state; a step is the paper's SipRound.
struct Lanes {
    std::uint64_t v0, v1, v2, v3;

    void step() {
        v0 += v1;
        v2 += v3;
        v1 = std::rotl(v1, 13) ^ v0;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 = std::rotl(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = std::rotl(v1, 17) ^ v2;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 = std::rotl(v2, 32);
    }
    void absorb(std::uint64_t word) {
        v3 ^= word;
        step();
        step();
        v0 ^= word;
    }
};

/// Little-endian, from up to eight bytes.
std::uint64_t word_at(const char* bytes, std::size_t size) {
    if constexpr (std::endian::native == std::endian::little) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, size);
        return word;
    } else {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < size; ++i) {
            word |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
        }
        return word;
    }
}

std::uint64_t key_word(const Secret& key, std::size_t offset) {
    std::array<char, 8> bytes{};
    std::memcpy(bytes.data(), key.data() + offset, bytes.size());
    return word_at(bytes.data(), bytes.size());
}

}  // namespace

SipHash::SipHash(const Secret& key) : k0_(key_word(key, 0)), k1_(key_word(key, 8)) {}

std::uint64_t SipHash::operator()(std::string_view bytes) const noexcept {
    Lanes lanes{k0_ ^ 0x736f6d6570736575, k1_ ^ 0x646f72616e646f6d, k0_ ^ 0x6c7967656e657261,
                k1_ ^ 0x7465646279746573};
    const std::uint64_t length = bytes.size();
    while (bytes.size() >= 8) {
        lanes.absorb(word_at(bytes.data(), 8));
        bytes.remove_prefix(8);
    }
    const std::uint64_t rest = bytes.empty() ? 0 : word_at(bytes.data(), bytes.size());
    lanes.absorb(rest | length << 56U);
    lanes.v2 ^= 0xff;
    for (int i = 0; i < 4; ++i) {
        lanes.step();
    }
    return lanes.v0 ^ lanes.v1 ^ lanes.v2 ^ lanes.v3;
}

}  // namespace causeway::crypto
