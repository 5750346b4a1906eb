#include "causeway/crypto/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

namespace causeway::crypto {
namespace {

std::string take(Random& random, std::size_t words) {
    std::string bytes;
    for (std::size_t i = 0; i < words; ++i) {
        const std::uint64_t word = random.next();
        for (unsigned shift = 0; shift < 64; shift += 8) {
            bytes += static_cast<char>(word >> shift);
        }
    }
    return bytes;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4U];
        out += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

TEST(Random, IsTheChaCha20BlockFunction) {  // RFC 8439 A.1, test vectors 1 and 2
    Random random(Secret{}, 0);
    EXPECT_EQ(hex(take(random, 8)),
              "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
              "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
    EXPECT_EQ(hex(take(random, 8)),
              "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
              "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f");
}

TEST(Random, EncryptsTheRfcSunscreenText) {  // RFC 8439 §2.4.2: counter 1, nonce 0:4a:0
    Secret key;
    for (std::size_t i = 0; i < key.size(); ++i) {
        key.at(i) = static_cast<std::byte>(i);
    }
    Random random(key, 0x4a000000);
    take(random, 8);  // block 0
    std::string stream = take(random, 2);
    constexpr std::string_view kPlain = "Ladies and Gentl";
    for (std::size_t i = 0; i < kPlain.size(); ++i) {
        stream[i] = static_cast<char>(stream[i] ^ kPlain[i]);
    }
    EXPECT_EQ(hex(stream), "6e2e359a2568f98041ba0728dd0d6981");
}

TEST(Random, RepeatsItselfForTheSameKeyAndStreamOnly) {
    Secret key{};
    Random one(key, 7);
    Random same(key, 7);
    Random other_stream(key, 8);
    key[31] = std::byte{1};
    Random other_key(key, 7);
    const std::string bytes = take(one, 200);  // beyond the buffer
    EXPECT_EQ(take(same, 200), bytes);
    EXPECT_NE(take(other_stream, 200), bytes);
    EXPECT_NE(take(other_key, 200), bytes);
}

TEST(Random, StaysBelowItsBoundAndReachesAllOfIt) {
    Random random(Secret{}, 1);
    std::map<std::uint64_t, int> seen;
    for (int i = 0; i < 7000; ++i) {
        ++seen[random.below(7)];
    }
    ASSERT_EQ(seen.size(), 7U);
    for (const auto& [value, count] : seen) {
        EXPECT_LT(value, 7U);
        EXPECT_NEAR(count, 1000, 150);
    }
    EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, HasNoModuloBiasAtLargeBounds) {
    // Modulo 3·2^62 alone would give the lower third twice as often as each of the others.
    Random random(Secret{}, 2);
    const std::uint64_t third = 1ULL << 62U;
    int low = 0;
    for (int i = 0; i < 3000; ++i) {
        low += random.below(3 * third) < third ? 1 : 0;
    }
    EXPECT_NEAR(low, 1000, 120);
}

TEST(Random, WritesTokensOfItsAlphabetEvenly) {
    Random random(Secret{}, 3);
    EXPECT_EQ(random.token(0), "");
    std::map<char, int> seen;
    const std::string token = random.token(36000);
    EXPECT_EQ(token.size(), 36000U);
    for (const char c : token) {
        ++seen[c];
    }
    ASSERT_EQ(seen.size(), 36U);
    for (const auto& [c, count] : seen) {
        EXPECT_TRUE((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) << c;
        EXPECT_NEAR(count, 1000, 160) << c;
    }
}

TEST(Random, GivesDistinctTokens) {
    Random random(Secret{}, 4);
    std::set<std::string> tokens;
    for (int i = 0; i < 10000; ++i) {
        tokens.insert(random.token(12));
    }
    EXPECT_EQ(tokens.size(), 10000U);
}

TEST(Random, GoesOnAfterAMove) {
    Random one(Secret{}, 5);
    Random same(Secret{}, 5);
    take(one, 3);
    Random moved(std::move(one));
    take(same, 3);
    EXPECT_EQ(take(moved, 5), take(same, 5));
}

}  // namespace
}  // namespace causeway::crypto
