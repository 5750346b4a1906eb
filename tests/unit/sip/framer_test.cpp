#include "causeway/sip/framer.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace causeway::sip {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What came out, as text: messages as they are, `ping`, `broken: WHY`.
std::vector<std::string> drain(Framer& framer) {
    std::vector<std::string> seen;
    while (const auto frame = framer.poll()) {
        const std::string text(reinterpret_cast<const char*>(frame->bytes.data()),
                               frame->bytes.size());
        switch (frame->kind) {
            case Frame::Kind::Message:
                seen.push_back(text);
                break;
            case Frame::Kind::Ping:
                seen.emplace_back("ping");
                break;
            case Frame::Kind::Broken:
                seen.push_back(std::string("broken: ") + frame->why);
                break;
        }
    }
    return seen;
}

/// Deals the text out in pieces of this size.
std::vector<std::string> dealt(const std::string& text, std::size_t piece) {
    Framer framer;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        const std::string part = text.substr(at, piece);
        framer.push(bytes_of(part));
        for (std::string& one : drain(framer)) {
            seen.push_back(std::move(one));
        }
    }
    return seen;
}

std::string message(const std::string& body, const std::string& name = "Content-Length") {
    return "INFO sip:a SIP/2.0\r\nCall-ID: c\r\n" + name + ": " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

TEST(Framer, CutsPipelinedMessagesWhereverTheBytesAreSplit) {
    const std::vector<std::string> messages{message(""), message("v=0\r\n\r\nx"), message("b", "l"),
                                            message(std::string(3000, 'x'), "cOntent-length ")};
    std::string stream;
    for (const std::string& one : messages) {
        stream += one;
    }
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U, 4000U}) {
        EXPECT_EQ(dealt(stream, piece), messages) << piece;
    }
}

TEST(Framer, CutsAStreamAtEveryPlaceIntoTwo) {
    const std::string stream = "\r\n" + message("abc") + "\r\n\r\n" + message("");
    for (std::size_t at = 0; at <= stream.size(); ++at) {
        Framer framer;
        const std::string first = stream.substr(0, at);
        const std::string second = stream.substr(at);
        framer.push(bytes_of(first));
        std::vector<std::string> seen = drain(framer);
        framer.push(bytes_of(second));
        for (std::string& one : drain(framer)) {
            seen.push_back(std::move(one));
        }
        EXPECT_THAT(seen, ElementsAre(message("abc"), "ping", message(""))) << at;
    }
}

TEST(Framer, KeepsNothingBetweenMessages) {
    Framer framer;
    const std::string text = message("abc");
    framer.push(bytes_of(text));
    EXPECT_EQ(drain(framer).size(), 1U);
    EXPECT_FALSE(framer.is_in_message());
    const std::string part = text.substr(0, text.size() - 1);
    framer.push(bytes_of(part));
    EXPECT_THAT(drain(framer), IsEmpty());
    EXPECT_TRUE(framer.is_in_message());
    framer.push(bytes_of("c"));
    EXPECT_EQ(drain(framer).size(), 1U);
    EXPECT_FALSE(framer.is_in_message());
}

TEST(Framer, TellsPingsFromPongs) {
    struct Row {
        const char* stream;
        std::size_t pings;
    };
    for (const Row& row : {Row{"\r\n", 0}, Row{"\r\n\r\n", 1}, Row{"\r\n\r\n\r\n", 1},
                           Row{"\r\n\r\n\r\n\r\n", 2}, Row{"\r", 0}}) {
        for (const std::size_t piece : {1U, 2U, 3U, 8U}) {
            EXPECT_EQ(dealt(row.stream, piece).size(), row.pings) << row.stream << piece;
        }
    }
    EXPECT_THAT(dealt("\r\n" + message("") + "\r\n" + message(""), 1),
                ElementsAre(message(""), message("")))
        << "line ends before two messages are no ping";
}

TEST(Framer, BreaksWhereTheNextMessageCannotBeFound) {
    struct Row {
        std::string stream;
        const char* why;
    };
    const std::string head = "INFO sip:a SIP/2.0\r\n";
    const std::vector<Row> rows{
        {head + "Call-ID: c\r\n\r\n", "no Content-Length on a stream"},
        {head + "\r\n", "no Content-Length on a stream"},
        {head + "Content-Length: x\r\n\r\n", "broken Content-Length"},
        {head + "Content-Length: -1\r\n\r\n", "broken Content-Length"},
        {head + "Content-Length:\r\n\r\n", "broken Content-Length"},
        {head + "Content-Length: 99999999999999999999\r\n\r\n", "broken Content-Length"},
        {head + "Content-Length: 1\r\nl: 2\r\n\r\n", "contradicting Content-Length"},
        {head + "X: a\nContent-Length: 0\r\n\r\n", "no Content-Length on a stream"},
        {head + "X: a\r\n Content-Length: 0\r\n\r\n", "no Content-Length on a stream"},
        {head + "Content-Length: 65535\r\n\r\n", "message too long"},
        {head + "X: " + std::string(kLimits.head, 'x'), "head too long"},
        {std::string(kLimits.head + 1, '\0'), "head too long"},
    };
    for (const Row& row : rows) {
        for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}, row.stream.size()}) {
            EXPECT_THAT(dealt(row.stream + message(""), piece),
                        ElementsAre(std::string("broken: ") + row.why))
                << row.stream.substr(0, 80);
        }
    }
}

TEST(Framer, TakesAContentLengthThatIsFoldedOrRepeated) {
    for (const char* lines : {"Content-Length:\r\n 2\r\n", "Content-Length: 2\r\nl: 2\r\n"}) {
        const std::string text = std::string("INFO sip:a SIP/2.0\r\n") + lines + "\r\nab";
        EXPECT_THAT(dealt(text, 1), ElementsAre(text));
    }
}

TEST(Framer, TakesTheLargestMessageAndNoLargerOne) {
    const std::string head = "INFO sip:a SIP/2.0\r\nContent-Length: ";
    const auto sized = [&](std::size_t total) {
        const std::size_t body = total - head.size() - 5 - 4;
        return head + std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
    };
    ASSERT_EQ(sized(kLimits.bytes).size(), kLimits.bytes);
    EXPECT_EQ(dealt(sized(kLimits.bytes), 1000).size(), 1U);
    EXPECT_THAT(dealt(sized(kLimits.bytes + 1), 1000), ElementsAre("broken: message too long"));
}

TEST(Framer, SaysTheSameOfAnyStreamHoweverItIsDealtOut) {
    std::mt19937 random(42);  // NOLINT(cert-msc51-cpp): the same streams every time
    const std::vector<std::string> parts{
        "\r\n", "\r",       "\n",       " ",           "l: 3\r\n",
        "abc",  "\r\n\r\n", "X: y\r\n", message("ab"), "INFO a SIP/2.0\r\n"};
    for (int round = 0; round < 300; ++round) {
        std::string stream;
        for (int i = 0; i < 12; ++i) {
            stream += parts[random() % parts.size()];
        }
        const auto whole = dealt(stream, stream.size());
        EXPECT_EQ(dealt(stream, 1), whole) << stream;
        EXPECT_EQ(dealt(stream, 1 + random() % 9), whole) << stream;
    }
}

}  // namespace
}  // namespace causeway::sip
