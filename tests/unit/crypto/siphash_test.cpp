#include "causeway/crypto/siphash.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <string>

namespace causeway::crypto {
namespace {

Secret counting_key() {
    Secret key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key.at(i) = static_cast<std::byte>(i);
    }
    return key;
}

std::string counting(std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(i);
    }
    return bytes;
}

TEST(SipHash, GivesThePapersExample) {  // Aumasson and Bernstein 2012, appendix A
    EXPECT_EQ(SipHash(counting_key())(counting(15)), 0xa129ca6149be45e5U);
}

TEST(SipHash, GivesTheReferenceVectors) {
    const SipHash hash(counting_key());
    EXPECT_EQ(hash(counting(0)), 0x726fdb47dd0e0e31U);
    EXPECT_EQ(hash(counting(1)), 0x74f839c593dc67fdU);
    EXPECT_EQ(hash(counting(7)), 0xab0200f58b01d137U);
    EXPECT_EQ(hash(counting(8)), 0x93f5f5799a932462U);
}

/// libcrypto's SipHash with an eight-byte result: an independent implementation.
std::uint64_t reference(const Secret& key, const std::string& bytes) {
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(
        EVP_MAC_fetch(nullptr, "SIPHASH", nullptr), &EVP_MAC_free);
    const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(
        EVP_MAC_CTX_new(mac.get()), &EVP_MAC_CTX_free);
    std::size_t size = 8;
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t("size", &size),
                                 OSSL_PARAM_construct_end()};
    unsigned char out[8]{};
    EXPECT_EQ(
        EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.data()), 16, params),
        1);
    EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                   bytes.size());
    EVP_MAC_final(context.get(), out, &size, sizeof out);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        value |= std::uint64_t{out[i]} << (8 * i);
    }
    return value;
}

TEST(SipHash, AgreesWithLibcryptoAtEveryLength) {
    Secret key = counting_key();
    key[3] = std::byte{0xfe};
    const SipHash hash(key);
    for (std::size_t size = 0; size < 300; ++size) {
        ASSERT_EQ(hash(counting(size)), reference(key, counting(size))) << size;
    }
}

TEST(SipHash, DependsOnTheKey) {
    Secret key = counting_key();
    const std::uint64_t value = SipHash(key)("call-id");
    key[15] = std::byte{0};
    EXPECT_NE(SipHash(key)("call-id"), value);
}

}  // namespace
}  // namespace causeway::crypto
