#include "causeway/sip/uri.hpp"

#include <gtest/gtest.h>

namespace causeway::sip {
namespace {

struct Row {
    std::string_view text;
    std::string_view scheme{};
    std::string_view user{};
    std::string_view host{};
    std::uint16_t port{};
    std::size_t params{};
    std::string_view again{};  ///< to_string(), where it differs
};

constexpr Row kAccepted[] = {
    {.text = "sip:h", .scheme = "sip", .host = "h"},
    {.text = "sip:alice@atlanta.example",
     .scheme = "sip",
     .user = "alice",
     .host = "atlanta.example"},
    {.text = "SIP:Alice@ATLANTA.example",
     .scheme = "sip",
     .user = "Alice",
     .host = "atlanta.example",
     .again = "sip:Alice@atlanta.example"},
    {.text = "sips:a:secret@h:5061;transport=tcp;lr",
     .scheme = "sips",
     .user = "a",
     .host = "h",
     .port = 5061,
     .params = 2,
     .again = "sips:a@h:5061;transport=tcp;lr"},
    {.text = "sip:a@[2001:DB8::1]:5060",
     .scheme = "sip",
     .user = "a",
     .host = "2001:db8::1",
     .port = 5060,
     .again = "sip:a@[2001:db8::1]:5060"},
    {.text = "sip:+1;phone-context=x@h",
     .scheme = "sip",
     .user = "+1;phone-context=x",
     .host = "h"},
    {.text = "sip:*#06#@h", .scheme = "sip", .user = "*#06#", .host = "h"},
    {.text = "sip:a?b/c@h", .scheme = "sip", .user = "a?b/c", .host = "h"},
    {.text = "sip:a%20b@h", .scheme = "sip", .user = "a%20b", .host = "h"},
    {.text = "sip:a%00b@h", .scheme = "sip", .user = "a%00b", .host = "h"},
    {.text = "sip:a@under_score.example",
     .scheme = "sip",
     .user = "a",
     .host = "under_score.example"},
    {.text = "sip:a@h;;x;",
     .scheme = "sip",
     .user = "a",
     .host = "h",
     .params = 1,
     .again = "sip:a@h;x"},
    {.text = "sip:a@h;maddr=[::1];x=%22", .scheme = "sip", .user = "a", .host = "h", .params = 2},
    {.text = "tel:+49-30-123", .scheme = "tel", .user = "+49-30-123"},
    {.text = "TEL:911;phone-context=+1",
     .scheme = "tel",
     .user = "911",
     .params = 1,
     .again = "tel:911;phone-context=+1"},
};

TEST(ParseUri, ReadsAndWritesBack) {
    for (const Row& row : kAccepted) {
        SCOPED_TRACE(row.text);
        const Result<Uri> uri = parse_uri(row.text);
        ASSERT_TRUE(uri) << uri.error().what;
        EXPECT_EQ(uri->scheme, row.scheme);
        EXPECT_EQ(uri->user, row.user);
        EXPECT_EQ(uri->host, row.host);
        EXPECT_EQ(uri->port, row.port);
        EXPECT_EQ(uri->params.size(), row.params);
        EXPECT_EQ(uri->to_string(), row.again.empty() ? row.text : row.again);
        EXPECT_EQ(parse_uri(uri->to_string()).value(), *uri);
    }
}

constexpr std::string_view kRefused[] = {
    "",
    "sip:",
    "sip:@h",
    "sip:a@",
    "alice@h",
    "*",
    "sip:a@h:",
    "sip:a@h:0",
    "sip:a@h:65536",
    "sip:a@h:5060x",
    "sip:a@b@c",
    "sip:a@[::1",
    "sip:a@[1.2.3.4]",
    "sip:a@::1",
    "sip:a b@h",
    " sip:a@h",
    "sip:a@h ",
    "sip:a<b@h",
    "sip:a\"b@h",
    "sip:a%zz@h",
    "sip:a%2@h",
    "sip:\xc3\xa9@h",
    "sip:a@h\xc3\xa9",
    "sip:a@h;x=<y>",
    "sip:a@h;=y",
    "sip:a@h;x=\"y\"",
    "sip:a@h?Route=x",
    "sip:a@h#f",
    "sip:a@h/path",
    "sip:a@h\r\nX: y",
    "tel:",
    "tel:123@h",
    "tel:*#06#",
    "tel:12\"3",
};

TEST(ParseUri, RefusesWhatIsNoUriOfOurs) {
    for (const std::string_view text : kRefused) {
        EXPECT_FALSE(parse_uri(text)) << text;
    }
    EXPECT_FALSE(parse_uri({"sip:a\0b@h", 9}));
}

TEST(ParseUri, TellsUnknownSchemesApart) {
    for (const std::string_view text : {"http://h/", "urn:service:sos", "mailto:a@h", "im:a@h"}) {
        EXPECT_EQ(parse_uri(text).error().code, Errc::Unsupported) << text;
    }
}

TEST(ParseUri, BoundsItsLength) {
    EXPECT_TRUE(parse_uri("sip:" + std::string(2042, 'a') + "@h"));
    EXPECT_FALSE(parse_uri("sip:" + std::string(2043, 'a') + "@h"));
}

TEST(ParseUri, BoundsItsParameters) {
    std::string text = "sip:h";
    for (int i = 0; i < 32; ++i) {
        text += ";p" + std::to_string(i);
    }
    EXPECT_TRUE(parse_uri(text));
    EXPECT_FALSE(parse_uri(text + ";more"));
}

TEST(Uri, FindsParametersInAnyCase) {
    const Uri uri = parse_uri("sip:h;Transport=TCP;lr").value();
    EXPECT_EQ(uri.param("transport"), "TCP");
    EXPECT_EQ(uri.param("LR"), "");
    EXPECT_EQ(uri.param("maddr"), std::nullopt);
}

TEST(Uri, EscapesWhatWouldBreakTheTextAroundIt) {
    Uri uri;
    uri.user = "a b@c>\r\nX: y%4";
    uri.host = "h";
    uri.params = {{"x>", "1;y\""}};
    EXPECT_EQ(uri.to_string(), "sip:a%20b%40c%3E%0D%0AX%3A%20y%254@h;x%3E=1%3By%22");
}

TEST(Uri, LeavesEscapesAlone) {
    Uri uri;
    uri.user = "a%2Fb";
    uri.host = "h";
    EXPECT_EQ(uri.to_string(), "sip:a%2Fb@h");
}

TEST(UnescapedUser, DecodesPrintableAsciiOnceOnly) {
    Uri uri;
    uri.user = "%2B49%2530%00%0a%c3%a9%7f%2";
    EXPECT_EQ(unescaped_user(uri), "+49%30%00%0a%c3%a9%7f%2");
}

TEST(HostIp, ReadsLiterals) {
    EXPECT_EQ(host_ip(parse_uri("sip:a@192.0.2.1").value()), IpAddress::v4(192, 0, 2, 1));
    EXPECT_EQ(host_ip(parse_uri("sip:a@[2001:db8::1]").value()), IpAddress::parse("2001:db8::1"));
    EXPECT_EQ(host_ip(parse_uri("sip:a@example").value()), std::nullopt);
    EXPECT_EQ(host_ip(parse_uri("tel:1").value()), std::nullopt);
}

}  // namespace
}  // namespace causeway::sip
