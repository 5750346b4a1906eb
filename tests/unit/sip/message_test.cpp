#include "causeway/sip/message.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace causeway::sip {
namespace {

TEST(MessageSplit, TakesARequestApart) {
    const std::string text =
        an_invite().line("X-Thing:  some value \t").line("Content-Length: 4").body("abcd").text();
    const Message message = split(text).value();
    EXPECT_TRUE(message.is_request());
    EXPECT_EQ(message.status(), 0);
    EXPECT_EQ(message.method(), "INVITE");
    EXPECT_EQ(message.request_uri(), "sip:+4930@203.0.113.50");
    EXPECT_EQ(message.call_id(), "call-1@192.0.2.1");
    EXPECT_EQ(message.cseq(), 7U);
    EXPECT_EQ(message.body(), "abcd");
    EXPECT_EQ(message.bytes(), text);
    ASSERT_EQ(message.lines().size(), 7U);
    EXPECT_EQ(message.lines()[5].field, Field::Other);
    EXPECT_EQ(message.lines()[5].name, "X-Thing");
    EXPECT_EQ(message.lines()[5].value, "some value");
}

TEST(MessageSplit, TakesAResponseApart) {
    const Message message = a_response().start("SIP/2.0 486 Busy  here").message();
    EXPECT_FALSE(message.is_request());
    EXPECT_EQ(message.status(), 486);
    EXPECT_EQ(message.reason(), "Busy  here");
    EXPECT_EQ(message.method(), "INVITE") << "of the CSeq";
    EXPECT_EQ(message.request_uri(), "");
}

TEST(MessageSplit, TakesAnEmptyReason) {
    EXPECT_EQ(a_response().start("SIP/2.0 100 ").message().reason(), "");
    EXPECT_EQ(a_response().start("SIP/2.0 100").message().status(), 100);
}

TEST(MessageSplit, KnowsCompactForms) {
    const Message message = an_invite()
                                .via("v: SIP/2.0/UDP h")
                                .from("F: <sip:a@b>;tag=1")
                                .to("t: <sip:a@b>")
                                .call_id("I: x")
                                .line("m: <sip:a@b>")
                                .line("l: 0")
                                .line("c: application/sdp")
                                .line("k: timer")
                                .line("e: gzip")
                                .line("x: 1800")
                                .line("r: <sip:refer@b>")
                                .line("o: talk")
                                .line("b: <sip:by@b>")
                                .line("u: presence")
                                .line("z: ?")
                                .message();
    const Field expected[] = {Field::Via,
                              Field::From,
                              Field::To,
                              Field::CallId,
                              Field::CSeq,
                              Field::Contact,
                              Field::ContentLength,
                              Field::ContentType,
                              Field::Supported,
                              Field::ContentEncoding,
                              Field::SessionExpires,
                              Field::Other,
                              Field::Other,
                              Field::Other,
                              Field::Other,
                              Field::Other};
    ASSERT_EQ(message.lines().size(), std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        EXPECT_EQ(message.lines()[i].field, expected[i]) << message.lines()[i].name;
    }
    EXPECT_EQ(message.first("Refer-To"), "<sip:refer@b>");
    EXPECT_EQ(message.first("event"), "talk");
    EXPECT_EQ(message.first("Contact"), "<sip:a@b>");
    EXPECT_EQ(message.first("Subject"), std::nullopt);
}

struct NameRow {
    std::string_view name;
    Field field{};
};

constexpr NameRow kNames[] = {
    {"Accept", Field::Accept},
    {"Allow", Field::Allow},
    {"Authorization", Field::Authorization},
    {"Contact", Field::Contact},
    {"Content-Encoding", Field::ContentEncoding},
    {"Content-Type", Field::ContentType},
    {"Max-Forwards", Field::MaxForwards},
    {"Min-SE", Field::MinSe},
    {"Proxy-Authenticate", Field::ProxyAuthenticate},
    {"Proxy-Authorization", Field::ProxyAuthorization},
    {"Proxy-Require", Field::ProxyRequire},
    {"Reason", Field::Reason},
    {"Record-Route", Field::RecordRoute},
    {"Require", Field::Require},
    {"Retry-After", Field::RetryAfter},
    {"Route", Field::Route},
    {"Session-Expires", Field::SessionExpires},
    {"Supported", Field::Supported},
    {"Unsupported", Field::Unsupported},
    {"Via", Field::Via},
    {"WWW-Authenticate", Field::WwwAuthenticate},
    {"wWw-aUTHENTICATe", Field::WwwAuthenticate},
    {"ROUTE", Field::Route},
    {"Min_SE", Field::Other},
    {"MinxSE", Field::Other},
    {"Routf", Field::Other},
    {"Supportes", Field::Other},
    {"Zupported", Field::Other},
    {"Proxz-Authorization", Field::Other},
    {"Record-Roufe", Field::Other},
    {"Proxy-Authorizatiom", Field::Other},
    {"Proxy-Authorizations", Field::Other},
    {"Session-Expires-Extended", Field::Other},
    {"Content-Lengt", Field::Other},
    {"X", Field::SessionExpires},
};

TEST(MessageSplit, MapsNamesInAnyCaseAndNothingElse) {
    for (const NameRow& row : kNames) {
        SCOPED_TRACE(row.name);
        const Message message = an_invite().line(std::string(row.name) + ": 1").message();
        EXPECT_EQ(message.lines().back().field, row.field);
        EXPECT_EQ(message.lines().back().name, row.name) << "as the sender wrote it";
    }
}

TEST(MessageSplit, UnfoldsInPlace) {
    const Message message =
        an_invite().line("Subject: one\r\n two\r\n\tthree ").line("X-Next: 1").message();
    EXPECT_EQ(message.first("Subject"), "one   two  \tthree");
    EXPECT_EQ(message.first("X-Next"), "1");
}

TEST(MessageSplit, UnfoldsAValueThatBeginsOnTheNextLine) {
    const Message message = an_invite().cseq("CSeq:\r\n 0009\r\n  INVITE").message();
    EXPECT_EQ(message.cseq(), 9U);
}

TEST(MessageSplit, AllowsWhiteSpaceBeforeTheColonAndNoneBehind) {
    const Message message = an_invite().to("TO \t:sip:a@b").message();
    EXPECT_EQ(message.first(Field::To), "sip:a@b");
}

TEST(MessageSplit, SkipsEmptyLinesBeforeTheStart) {
    const std::string text = an_invite().text();
    EXPECT_EQ(split("\r\n\r\n" + text).value().bytes(), text);
}

TEST(MessageSplit, TakesTheRestAsBodyWithoutContentLength) {
    EXPECT_EQ(an_invite().body("v=0\r\n").message().body(), "v=0\r\n");
}

TEST(MessageSplit, CutsWhatFollowsContentLength) {
    const Message message = an_invite().line("Content-Length: 3").body("abcdef").message();
    EXPECT_EQ(message.body(), "abc");
    EXPECT_TRUE(message.bytes().ends_with("\r\n\r\nabc"));
}

TEST(MessageSplit, LeavesTheBodyAlone) {
    const std::string body("a\0b\rc\nd\r\n e", 11);
    EXPECT_EQ(an_invite().body(body).message().body(), body);
}

TEST(MessageSplit, KeepsItsViewsWhenMoved) {
    Message first = an_invite().body("xyz").message();
    const Message moved = std::move(first);
    EXPECT_EQ(moved.body(), "xyz");
    EXPECT_EQ(moved.first(Field::CSeq), "7 INVITE");
}

TEST(MessageFirst, FindsTheFirstLineOfAField) {
    const Message message = an_invite().line("Via: second").line("X-A: 1").line("x-a: 2").message();
    EXPECT_TRUE(message.first(Field::Via)->starts_with("SIP/2.0/UDP 192.0.2.1"));
    EXPECT_EQ(message.first("X-A"), "1");
    EXPECT_EQ(message.first("via"), message.first(Field::Via));
    EXPECT_EQ(message.first(Field::Route), std::nullopt);
    EXPECT_EQ(message.first("Y"), std::nullopt) << "a compact form of a field that is not there";
}

struct Refused {
    std::string_view name;
    std::string text;
};

const Refused kRefused[] = {
    {.name = "nothing", .text = ""},
    {.name = "line ends only", .text = "\r\n\r\n"},
    {.name = "no end of the head", .text = an_invite().text().substr(0, 100)},
    {.name = "head ends after one CRLF",
     .text = an_invite().text().substr(0, an_invite().text().size() - 2)},
    {.name = "bare LF as line end", .text = an_invite().line("X: a\nY: b").text()},
    {.name = "bare CR in a value", .text = an_invite().line("X: a\rY: b").text()},
    {.name = "CR CR LF", .text = an_invite().line("X: a\r").text()},
    {.name = "NUL in a value", .text = an_invite().line({"X: a\0b", 6}).text()},
    {.name = "NUL in the start line",
     .text = an_invite().start({"INVITE sip:a\0b SIP/2.0", 22}).text()},
    {.name = "header line without colon", .text = an_invite().line("just text").text()},
    {.name = "header line without name", .text = an_invite().line(": value").text()},
    {.name = "white space in a name", .text = an_invite().line("X Y: value").text()},
    {.name = "folded start line", .text = an_invite().start("INVITE sip:a@b SIP/2.0\r\n X").text()},
    {.name = "start line without version", .text = an_invite().start("INVITE sip:a@b").text()},
    {.name = "start line of one word", .text = an_invite().start("INVITE").text()},
    {.name = "HTTP", .text = an_invite().start("GET / HTTP/1.1").text()},
    {.name = "two spaces before the URI",
     .text = an_invite().start("INVITE  sip:a@b SIP/2.0").text()},
    {.name = "method that is no token",
     .text = an_invite().start("INV(ITE sip:a@b SIP/2.0").text()},
    {.name = "tab in the start line", .text = an_invite().start("INVITE\tsip:a@b SIP/2.0").text()},
    {.name = "status of two digits", .text = a_response().start("SIP/2.0 20 OK").text()},
    {.name = "status of four digits", .text = a_response().start("SIP/2.0 2000 OK").text()},
    {.name = "status below 100", .text = a_response().start("SIP/2.0 099 x").text()},
    {.name = "status above 699", .text = a_response().start("SIP/2.0 700 x").text()},
    {.name = "status that is none", .text = a_response().start("SIP/2.0 abc x").text()},
    {.name = "no Via", .text = an_invite().via("").text()},
    {.name = "no From", .text = an_invite().from("").text()},
    {.name = "no To", .text = an_invite().to("").text()},
    {.name = "no Call-ID", .text = an_invite().call_id("").text()},
    {.name = "no CSeq", .text = an_invite().cseq("").text()},
    {.name = "two From", .text = an_invite().line("f: <sip:x@y>;tag=2").text()},
    {.name = "two To", .text = an_invite().line("To: <sip:x@y>").text()},
    {.name = "two Call-ID", .text = an_invite().line("i: other").text()},
    {.name = "two CSeq", .text = an_invite().line("CSeq: 7 INVITE").text()},
    {.name = "empty Call-ID", .text = an_invite().call_id("Call-ID: ").text()},
    {.name = "white space in Call-ID", .text = an_invite().call_id("Call-ID: a b").text()},
    {.name = "control character in Call-ID", .text = an_invite().call_id("Call-ID: a\x7f").text()},
    {.name = "CSeq of another method", .text = an_invite().cseq("CSeq: 7 BYE").text()},
    {.name = "CSeq of another case", .text = an_invite().cseq("CSeq: 7 invite").text()},
    {.name = "CSeq of 2^31", .text = an_invite().cseq("CSeq: 2147483648 INVITE").text()},
    {.name = "CSeq of 2^32-1", .text = an_invite().cseq("CSeq: 4294967295 INVITE").text()},
    {.name = "CSeq beyond 64 bits",
     .text = an_invite().cseq("CSeq: 99999999999999999999999 INVITE").text()},
    {.name = "CSeq without number", .text = an_invite().cseq("CSeq: INVITE").text()},
    {.name = "negative CSeq", .text = an_invite().cseq("CSeq: -1 INVITE").text()},
    {.name = "CSeq without method", .text = an_invite().cseq("CSeq: 7").text()},
    {.name = "CSeq without space", .text = an_invite().cseq("CSeq: 7INVITE").text()},
    {.name = "CSeq with more", .text = an_invite().cseq("CSeq: 7 INVITE x").text()},
    {.name = "Content-Length beyond the bytes",
     .text = an_invite().line("Content-Length: 5").body("abcd").text()},
    {.name = "negative Content-Length",
     .text = an_invite().line("Content-Length: -1").body("abcd").text()},
    {.name = "huge Content-Length",
     .text = an_invite().line("Content-Length: 18446744073709551617").body("abcd").text()},
    {.name = "Content-Length with more",
     .text = an_invite().line("Content-Length: 1 2").body("abcd").text()},
    {.name = "empty Content-Length", .text = an_invite().line("Content-Length:").text()},
    {.name = "two Content-Length that differ",
     .text = an_invite().line("Content-Length: 2").line("l: 3").body("abcd").text()},
    {.name = "two Max-Forwards that differ",
     .text = an_invite().line("Max-Forwards: 2").line("Max-Forwards: 70").text()},
};

TEST(MessageSplit, TellsAnotherVersionFromABrokenOne) {
    for (const char* version : {"SIP/3.0", "SIP/2.1", "sip/10.15"}) {
        const auto message = split(an_invite().start(std::string("X sip:a ") + version).text());
        ASSERT_FALSE(message) << version;
        EXPECT_EQ(message.error().code, Errc::Unsupported) << version;
    }
    for (const char* version :
         {"SIP/2.0 ", " SIP/2.0", "SIP/x.0", "SIP/2.x", "SIP/2", "SIP/2.", "SIP/.0", "HTTP/1.1"}) {
        const auto message = split(an_invite().start(std::string("X sip:a ") + version).text());
        ASSERT_FALSE(message) << version;
        EXPECT_EQ(message.error().code, Errc::Malformed) << version;
    }
}

TEST(MessageSplit, RefusesWhatBreaksARule) {
    for (const Refused& row : kRefused) {
        SCOPED_TRACE(row.name);
        const Result<Message> message = split(row.text);
        ASSERT_FALSE(message);
        EXPECT_EQ(message.error().code, Errc::Malformed);
        EXPECT_FALSE(message.error().what.empty());
    }
}

TEST(MessageSplit, TakesARepetitionThatSaysTheSame) {
    const Message message = an_invite()
                                .line("Content-Length: 2")
                                .line("l: 2")
                                .line("Max-Forwards: 5")
                                .line("Max-Forwards: 5")
                                .body("abcd")
                                .message();
    EXPECT_EQ(message.body(), "ab");
}

TEST(MessageSplit, TakesTheLargestCseq) {
    EXPECT_EQ(an_invite().cseq("CSeq: 2147483647 INVITE").message().cseq(), 0x7fffffffU);
}

TEST(MessageSplit, HoldsItsLimitsExactly) {
    const std::string text = an_invite().line("X: 1").body("abc").text();
    const std::size_t head = text.size() - 3;
    const auto fits = [&](const Limits& limits) {
        return Message::split(bytes_of(text), limits).has_value();
    };
    EXPECT_TRUE(fits({.bytes = text.size()}));
    EXPECT_FALSE(fits({.bytes = text.size() - 1}));
    EXPECT_TRUE(fits({.head = head}));
    EXPECT_FALSE(fits({.head = head - 1}));
    EXPECT_TRUE(fits({.lines = 6}));
    EXPECT_FALSE(fits({.lines = 5}));
}

TEST(MessageSplit, FindsALineEndAtEveryDistance) {
    // The search goes by words: every offset and length of a line has its turn.
    for (std::size_t length = 0; length < 40; ++length) {
        const std::string value(length, 'x');
        const Message message =
            an_invite().line("X: " + value).line("Y: \xc3\xa9\t" + value).line("Z: 1").message();
        EXPECT_EQ(message.first("X"), value);
        EXPECT_EQ(message.first("Z"), "1");
        for (const char bad : {'\r', '\n', '\0'}) {
            std::string broken = "X: " + value + "yyyyyyyy";
            broken[3 + length] = bad;
            EXPECT_FALSE(split(an_invite().line(broken).text())) << length << ' ' << int{bad};
        }
    }
}

}  // namespace
}  // namespace causeway::sip
