#include "samples.hpp"

#include "causeway/sip/body.hpp"
#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"

#include <gtest/gtest.h>

#include <ctime>

namespace causeway::sip {
namespace {

/// CPU time; generous for an instrumented build: what is quadratic takes seconds.
constexpr double kPatience = 0.05;
constexpr std::size_t kDatagram = 65535;

struct Shape {
    std::string_view name;
    std::string_view head;  ///< what stands once, before
    std::string_view unit;  ///< what is repeated until the datagram is full
};

constexpr Shape kShapes[] = {
    {.name = "unknown headers", .head = "", .unit = "X-A: b\r\n"},
    {.name = "shortest headers", .head = "", .unit = "a:\r\n"},
    {.name = "Via lines", .head = "", .unit = "v: SIP/2.0/UDP h\r\n"},
    {.name = "Via list", .head = "Via: ", .unit = "SIP/2.0/UDP h;branch=b,"},
    {.name = "Via parameters", .head = "Via: SIP/2.0/UDP h", .unit = ";a"},
    {.name = "Route list", .head = "Route: ", .unit = "<sip:a;lr>,"},
    {.name = "Route commas", .head = "Route: ", .unit = ","},
    {.name = "Contact parameters", .head = "Contact: <sip:a@b>", .unit = ";a=b"},
    {.name = "URI parameters", .head = "Contact: <sip:a@b", .unit = ";a"},
    {.name = "quotes", .head = "Contact: ", .unit = "\""},
    {.name = "escaped quotes", .head = "Contact: \"", .unit = "\\\""},
    {.name = "open angle brackets", .head = "Contact: ", .unit = "<"},
    {.name = "angle brackets", .head = "Contact: ", .unit = "<>"},
    {.name = "folds", .head = "Subject: a", .unit = "\r\n "},
    {.name = "folds with text", .head = "Contact: a", .unit = "\r\n b"},
    {.name = "tabs", .head = "Subject: ", .unit = "\t"},
    {.name = "controls", .head = "Subject: ", .unit = "\x01"},
    {.name = "UTF-8", .head = "Subject: ", .unit = "\xc3\xa9"},
    {.name = "colons", .head = "Subject", .unit = ":"},
    {.name = "a long name", .head = "", .unit = "n"},
    {.name = "percent signs", .head = "Contact: <sip:", .unit = "%"},
    {.name = "empty lines", .head = "", .unit = "\r\n"},
    {.name = "spaces", .head = "", .unit = " "},
    {.name = "Require tokens", .head = "Require: ", .unit = "a,"},
};

std::string filled(const Shape& shape, std::string_view before) {
    std::string text(before);
    text += shape.head;
    while (text.size() + shape.unit.size() + 4 <= kDatagram) {
        text += shape.unit;
    }
    return text + "\r\n\r\n";
}

/// Everything that reads a message, once.
void read_all(const Message& message) {
    const Source source{InterfaceId{1}, {IpAddress::v4(192, 0, 2, 1), 5060}, Transport::Udp, {}};
    static_cast<void>(top_via(message));
    static_cast<void>(from(message));
    static_cast<void>(to(message));
    static_cast<void>(contact(message));
    static_cast<void>(routes(message, Field::Route));
    static_cast<void>(routes(message, Field::RecordRoute));
    static_cast<void>(tokens(message, Field::Require));
    static_cast<void>(max_forwards(message));
    static_cast<void>(session_body(message));
    static_cast<void>(retry_after(message));
    static_cast<void>(tag_of(message, Field::To));
    static_cast<void>(parse_uri(message.request_uri()));
    static_cast<void>(response_target(message, source));
    static_cast<void>(Builder::response(message, source, status(200), "t").finish());
}

template <class Work>
void expect_quick(Work work) {
    const std::clock_t start = std::clock();
    work();
    EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, kPatience);
}

TEST(Hostile, FullDatagramsAreReadInLinearTime) {
    // Without the limits too: they are no crutch for the splitter.
    const Limits none{.head = kDatagram, .lines = kDatagram};
    std::string before = an_invite().text();
    before.resize(before.size() - 2);
    int accepted = 0;
    for (const Shape& shape : kShapes) {
        SCOPED_TRACE(shape.name);
        for (const std::string& text : {filled(shape, before), filled(shape, "")}) {
            expect_quick([&] { static_cast<void>(glimpse(bytes_of(text))); });
            expect_quick([&] { static_cast<void>(split(text)); });
            expect_quick([&] {
                if (const Result<Message> message = Message::split(bytes_of(text), none)) {
                    ++accepted;
                    read_all(*message);
                }
            });
        }
    }
    EXPECT_GE(accepted, 18) << "the shapes behind a good head are messages";
}

TEST(Hostile, LongestValuesOfTheGrammarAreReadQuickly) {
    for (const Shape& shape : kShapes) {
        SCOPED_TRACE(shape.name);
        std::string value = "\"a\" <sip:a@b>";
        while (value.size() + shape.unit.size() <= kLimits.value) {
            value += shape.unit;
        }
        expect_quick([&] { static_cast<void>(parse_name_addr(value)); });
        expect_quick([&] { static_cast<void>(parse_uri("sip:" + value.substr(12))); });
    }
}

TEST(Hostile, AHeadOverItsLimitIsRefusedWhateverFollows) {
    const std::string text = an_invite().line("X: " + std::string(kLimits.head, 'x')).text();
    EXPECT_EQ(split(text).error().what, "head too long");
    std::string many;
    for (std::size_t i = 0; i < kLimits.lines; ++i) {
        many += "X: 1\r\n";
    }
    EXPECT_EQ(split(an_invite().line(many.substr(0, many.size() - 2)).text()).error().what,
              "too many header fields");
}

}  // namespace
}  // namespace causeway::sip
