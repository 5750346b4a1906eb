#include "cost.hpp"

#include "causeway/sip/framer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

/// Heads that fill a datagram, what is salvaged of them, and streams however they are dealt out.
namespace causeway::testing {
namespace {

struct Unit {
    std::string_view name;
    std::string_view before;  ///< stands once
    std::string_view unit;    ///< is repeated until the head is full; `#` is its number
};

constexpr Unit kUnits[] = {
    {"unknown headers", "", "X-A#: b\r\n"},
    {"shortest headers", "", "a:\r\n"},
    {"lines without colon", "", "a\r\n"},
    {"Via lines", "", "v: SIP/2.0/UDP h\r\n"},
    {"a list of Vias", "Via: ", "SIP/2.0/UDP h;branch=b#,"},
    {"Via parameters", "Via: SIP/2.0/UDP h", ";a#"},
    {"quoted Via parameters", "Via: SIP/2.0/UDP h", ";a=\"<\\\"\""},
    {"a list of Routes", "Route: ", "<sip:a;lr>,"},
    {"commas", "Contact: ", ","},
    {"URI parameters", "Contact: <sip:a@b", ";a"},
    {"tags", "From: <sip:a@b>", ";tag=#"},
    {"opening quotes", "To: ", "\" "},
    {"backslashes", "To: \"", "\\"},
    {"opening brackets", "To: ", "<"},
    {"folds", "Subject: a", "\r\n "},
    {"folds of a Via", "Via: SIP/2.0/UDP h", "\r\n\t;a"},
    {"spaces", "Call-ID:", " "},
    {"digits", "CSeq: ", "9"},
    {"colons", "Subject", ":"},
    {"a long name", "", "n"},
    {"lengths", "", "l: #\r\n"},
    {"one value", "X: ", "v"},
};

constexpr std::string_view kStart = "OPTIONS sip:127.0.0.1 SIP/2.0\r\n";
constexpr std::string_view kGood =
    "Via: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK1\r\nFrom: <sip:c@x>;tag=f\r\n"
    "To: <sip:t@x>\r\nCall-ID: c\r\nCSeq: 7 OPTIONS\r\n";

/// The unit's head before or behind what makes an answer possible.
struct Text {
    std::string good_first;
    std::string good_last;
};
Text text_of(const Unit& unit, std::size_t size) {
    const std::string start(kStart);
    const std::string good(kGood);
    return {filled(start + good + std::string(unit.before), unit.unit, "\r\n\r\n", size),
            filled(start + std::string(unit.before), unit.unit, "\r\n" + good + "\r\n", size)};
}

template <class Work>
double least_of(int runs, Work work) {
    double least = 1e9;
    for (int run = 0; run < runs; ++run) {
        least = std::min(least, work());
    }
    return least;
}

TEST(Cost, OfAHeadThatFillsADatagram) {
    double worst = 0;
    std::size_t answers = 0;
    for (const Unit& unit : kUnits) {
        SCOPED_TRACE(unit.name);
        for (const std::size_t size : {kHead, kDatagram}) {
            const Text text = text_of(unit, size);
            for (const std::string* bytes : {&text.good_first, &text.good_last}) {
                World world;
                const double known = least_of(5, [&] {
                    return cost_of(world, World::at(10), World::carrier_side(), *bytes);
                });
                EXPECT_LT(known, kBound * kSlack) << bytes->size() << " bytes";
                worst = std::max(worst, known);
                answers += world.sent().size();
                const std::size_t before = world.sent().size();
                const double strange = least_of(5, [&] {
                    return cost_of(world, World::at(66), World::carrier_side(), *bytes);
                });
                EXPECT_LT(strange, kBound / 4 * kSlack) << bytes->size() << " bytes";
                EXPECT_EQ(world.sent().size(), before);
                EXPECT_EQ(world.engine->census().transactions, 0U);
            }
        }
    }
    EXPECT_GT(answers, 5 * 2 * std::size(kUnits)) << "most are salvaged, or taken";
    std::printf("%7.0f us  the worst head\n", worst);
}

TEST(Cost, OfWhatIsSalvaged) {
    double worst = 0;
    for (const Unit& unit : kUnits) {
        SCOPED_TRACE(unit.name);
        const Text text = text_of(unit, kHead);
        for (const std::string* bytes : {&text.good_first, &text.good_last}) {
            const double cost = least_of(5, [&] {
                const double before = cpu_micros();
                static_cast<void>(sip::salvage(std::as_bytes(std::span(*bytes))));
                return cpu_micros() - before;
            });
            EXPECT_LT(cost, kBound / 4 * kSlack);
            worst = std::max(worst, cost);
        }
    }
    std::printf("%7.0f us  the worst salvage\n", worst);
}

/// All reads of a stream; a read costs a little by itself, whatever is in it.
TEST(Cost, OfAStreamDoesNotDependOnHowItIsDealtOut) {
    constexpr double kRead = 0.1;  // microseconds
    std::vector<std::pair<std::string_view, std::string>> streams;
    for (const Unit& unit : kUnits) {
        streams.emplace_back(unit.name, text_of(unit, kHead).good_first);
        streams.emplace_back(unit.name, text_of(unit, kDatagram).good_first);
    }
    const std::string one = std::string(kStart) + std::string(kGood);
    streams.emplace_back("line ends", repeated("\r\n", kDatagram / 2));
    streams.emplace_back("a body of 64 KiB",
                         filled(one + "Content-Length: 60000\r\n\r\n", "x", "", kDatagram));
    streams.emplace_back("short messages",
                         filled("", one + "Content-Length: 0\r\n\r\n", "", kDatagram));
    double worst = 0;
    for (const auto& [name, stream] : streams) {
        for (const std::size_t piece : {1U, 7U, 536U, 1460U, 65536U}) {
            std::size_t reads = 0;
            const double cost = least_of(3, [&, &bytes = stream] {
                reads = 0;
                sip::Framer framer;
                const double before = cpu_micros();
                for (std::size_t at = 0; at < bytes.size() && !framer.is_broken(); at += piece) {
                    framer.push(std::as_bytes(std::span(bytes))
                                    .subspan(at, std::min(piece, bytes.size() - at)));
                    while (framer.poll()) {
                    }
                    ++reads;
                }
                return cpu_micros() - before;
            });
            EXPECT_LT(cost, (kBound + kRead * static_cast<double>(reads)) * kSlack)
                << name << ", " << stream.size() << " bytes in " << reads << " reads";
            worst = std::max(worst, cost);
        }
    }
    std::printf("%7.0f us  the worst stream of 64 KiB\n", worst);
}

}  // namespace
}  // namespace causeway::testing
