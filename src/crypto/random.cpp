#include "causeway/crypto/random.hpp"

#include "causeway/base/assert.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace causeway::crypto {
namespace {

constexpr std::size_t kBuffer = 512;  ///< eight blocks
constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// libcrypto's initial vector: a block counter from zero (it carries into the next word, so the
/// stream has 2^64 blocks) and the stream number as the last eight bytes of the nonce.
std::array<unsigned char, 16> initial_vector(std::uint64_t stream) {
    std::array<unsigned char, 16> iv{};
    for (std::size_t i = 0; i < 8; ++i) {
        iv.at(8 + i) = static_cast<unsigned char>(stream >> (8 * i));
    }
    return iv;
}

}  // namespace

struct Random::State {
    Context context{EVP_CIPHER_CTX_new()};
    std::array<unsigned char, kBuffer> stream{};
    std::size_t used{kBuffer};

    void refill() {
        static constexpr std::array<unsigned char, kBuffer> kZero{};
        int written = 0;
        const int done = EVP_EncryptUpdate(context.get(), stream.data(), &written, kZero.data(),
                                           static_cast<int>(kZero.size()));
        // Guessable ids would be worse than none.
        if (!CAUSEWAY_ASSERT(done == 1 && written == static_cast<int>(kZero.size()))) {
            std::abort();
        }
        used = 0;
    }

    template <class T>
    T take() {
        if (kBuffer - used < sizeof(T)) {
            refill();
        }
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            value = static_cast<T>(value | static_cast<T>(stream[used + i]) << (8 * i));
        }
        std::memset(stream.data() + used, 0, sizeof(T));
        used += sizeof(T);
        return value;
    }
};

Random::Random(const Secret& key, std::uint64_t stream) : state_(std::make_unique<State>()) {
    std::array<unsigned char, 32> bytes{};
    std::memcpy(bytes.data(), key.data(), bytes.size());
    const auto iv = initial_vector(stream);
    const int done = EVP_EncryptInit_ex2(state_->context.get(), EVP_chacha20(), bytes.data(),
                                         iv.data(), nullptr);
    if (!CAUSEWAY_ASSERT(done == 1)) {
        std::abort();
    }
}

Random::~Random() = default;
Random::Random(Random&&) noexcept = default;
Random& Random::operator=(Random&&) noexcept = default;

std::uint64_t Random::next() {
    return state_->take<std::uint64_t>();
}

std::uint64_t Random::below(std::uint64_t bound) {
    if (!CAUSEWAY_ASSERT(bound > 0)) {
        return 0;
    }
    // The lowest 2^64 mod bound values would occur once too often.
    const std::uint64_t surplus = (0 - bound) % bound;
    std::uint64_t value = next();
    while (value < surplus) {
        value = next();
    }
    return value % bound;
}

std::string Random::token(std::size_t length) {
    constexpr unsigned kFair = 256 / kDigits.size() * kDigits.size();
    std::string out;
    out.reserve(length);
    while (out.size() < length) {
        const unsigned value = state_->take<std::uint8_t>();
        if (value < kFair) {
            out += kDigits[value % kDigits.size()];
        }
    }
    return out;
}

}  // namespace causeway::crypto
