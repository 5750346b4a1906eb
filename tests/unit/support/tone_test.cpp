#include "support/tone/tone.hpp"

#include "support/tone/g711.hpp"
#include "support/tone/wav.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

namespace causeway::testing {
namespace {

std::vector<std::int16_t> through(Law law, const std::vector<std::int16_t>& in) {
    std::vector<std::int16_t> out;
    for (const auto sample : in) {
        out.push_back(g711_decode(law, g711_encode(law, sample)));
    }
    return out;
}

// ITU-T G.711 tables 5 and 6: one period of 1 kHz at 0 dBm0, where the overload point is
// +3.14 dBm0 (A-law) or +3.17 dBm0 (µ-law).
constexpr std::array<std::uint8_t, 8> kMilliwattA{0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4};
constexpr std::array<std::uint8_t, 8> kMilliwattMu{0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E};

TEST(G711, DigitalMilliwattHasItsLevel) {
    std::vector<std::int16_t> a;
    std::vector<std::int16_t> mu;
    for (std::size_t i = 0; i < 800; ++i) {
        a.push_back(g711_decode(Law::A, kMilliwattA[i % 8]));
        mu.push_back(g711_decode(Law::Mu, kMilliwattMu[i % 8]));
    }
    EXPECT_NEAR(level_dbfs(a, 1000.0), -3.14, 0.05);
    EXPECT_NEAR(level_dbfs(mu, 1000.0), -3.17 - 0.035, 0.05);  // µ-law overloads at 8159 * 4
}

TEST(G711, ExtremeCodeWordsHaveTheirTableValues) {
    EXPECT_EQ(g711_decode(Law::A, 0xD5), 8);
    EXPECT_EQ(g711_decode(Law::A, 0x55), -8);
    EXPECT_EQ(g711_decode(Law::A, 0xAA), 32256);
    EXPECT_EQ(g711_decode(Law::A, 0x2A), -32256);
    EXPECT_EQ(g711_decode(Law::Mu, 0xFF), 0);
    EXPECT_EQ(g711_decode(Law::Mu, 0x7F), 0);
    EXPECT_EQ(g711_decode(Law::Mu, 0x80), 32124);
    EXPECT_EQ(g711_decode(Law::Mu, 0x00), -32124);
    EXPECT_EQ(g711_encode(Law::A, 0), 0xD5);
    EXPECT_EQ(g711_encode(Law::Mu, 0), 0xFF);
    EXPECT_EQ(g711_encode(Law::A, INT16_MIN), 0x2A);
    EXPECT_EQ(g711_encode(Law::Mu, INT16_MIN), 0x00);
}

TEST(G711, EveryCodeWordSurvivesDecodingAndEncoding) {
    for (int byte = 0; byte < 256; ++byte) {
        const auto code = static_cast<std::uint8_t>(byte);
        EXPECT_EQ(g711_encode(Law::A, g711_decode(Law::A, code)), code);
        if (code != 0x7F) {  // µ-law's negative zero becomes the positive one
            EXPECT_EQ(g711_encode(Law::Mu, g711_decode(Law::Mu, code)), code);
        }
    }
}

TEST(G711, ErrorIsAtMostHalfAStep) {
    for (int value = -32000; value <= 32000; value += 7) {
        const auto sample = static_cast<std::int16_t>(value);
        for (const Law law : {Law::A, Law::Mu}) {
            const int error = std::abs(g711_decode(law, g711_encode(law, sample)) - value);
            EXPECT_LE(error, std::max(16, std::abs(value) / 27)) << value;
        }
    }
}

TEST(Tone, LevelSurvivesBothLawsWithinATenthOfADecibel) {
    for (const double level : {-3.0, -10.0, -20.0}) {
        const auto tone = make_tone(kTestTone, level, 16'000);
        EXPECT_NEAR(level_dbfs(tone, kTestTone), level, 0.01);
        EXPECT_NEAR(level_dbfs(through(Law::A, tone), kTestTone), level, 0.1);
        EXPECT_NEAR(level_dbfs(through(Law::Mu, tone), kTestTone), level, 0.1);
    }
}

TEST(Tone, OtherFrequenciesAndSilenceAreNotHeard) {
    const auto tone = make_tone(440.0, -3.0, 16'000);
    EXPECT_LT(level_dbfs(tone, kTestTone), -50.0);
    EXPECT_EQ(level_dbfs(std::vector<std::int16_t>(8000), kTestTone), -120.0);
    EXPECT_EQ(level_dbfs({}, kTestTone), -120.0);
}

TEST(Tone, LevelOfAToneAmongSilenceIsTheLoudestBlock) {
    std::vector<std::int16_t> samples(8000);
    const auto tone = make_tone(kTestTone, -12.0, 8000);
    samples.insert(samples.end(), tone.begin(), tone.end());
    EXPECT_NEAR(tone_level(samples), -12.0, 0.01);
    EXPECT_EQ(tone_level(std::vector<std::int16_t>(1999, 1000)), -120.0);
}

std::string wav_file(std::uint32_t rate, const std::vector<std::int16_t>& samples) {
    const auto little = [](std::uint32_t value, int size) {
        std::string bytes;
        for (int i = 0; i < size; ++i) {
            bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
        }
        return bytes;
    };
    std::string data;
    for (const auto sample : samples) {
        data += little(static_cast<std::uint16_t>(sample), 2);
    }
    return "RIFF" + little(36 + static_cast<std::uint32_t>(data.size()), 4) + "WAVEfmt " +
           little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4) + little(rate * 2, 4) +
           little(2, 2) + little(16, 2) + "LIST" + little(3, 4) + "abc" + '\0' + "data" +
           little(0x7FFFF000, 4) + data;  // too long a length, as a streaming writer leaves it
}

TEST(Wav, IsReadAtItsRateAndConverted) {
    const auto tone = make_tone(kTestTone, -6.0, 8000);
    const auto same = parse_wav(wav_file(8000, tone));
    ASSERT_TRUE(same);
    EXPECT_EQ(*same, tone);

    // 22,050 samples that mean one second: the same sine at that rate.
    const auto fast = make_tone(kTestTone * 8000.0 / 22050.0, -6.0, 22'050);
    const auto second = parse_wav(wav_file(22'050, fast));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->size(), 8000U);
    EXPECT_NEAR(level_dbfs(*second, kTestTone), -6.0, 0.5);
}

TEST(Wav, RefusesWhatItCannotRead) {
    EXPECT_FALSE(parse_wav("RIFF"));
    EXPECT_FALSE(parse_wav("RIFF1234WAVEjunk"));
    std::string stereo = wav_file(8000, {1, 2});
    stereo[22] = 2;
    EXPECT_EQ(parse_wav(stereo).error().code, Errc::Unsupported);
    EXPECT_EQ(read_wav("/nonexistent.wav").error().code, Errc::Io);
}

}  // namespace
}  // namespace causeway::testing
