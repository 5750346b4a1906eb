#include "samples.hpp"

#include "causeway/sip/grammar.hpp"

#include <gtest/gtest.h>

/// Messages after the manner of RFC 4475 (and RFC 5118 for IPv6): how far each of them gets.
namespace causeway::sip {
namespace {

/// The last station that a message passes.
enum class Reach {
    None,      ///< `split` refuses it
    Split,     ///< split, but its Request-URI is not for us
    Uri,       ///< top Via is broken
    Via,       ///< From or To is broken
    Complete,  ///< all that is needed to answer and to route it
};

Reach reach(const std::string& text) {
    const Result<Message> message = split(text);
    if (!message) {
        return Reach::None;
    }
    if (message->is_request() && !parse_uri(message->request_uri())) {
        return Reach::Split;
    }
    if (!top_via(*message)) {
        return Reach::Uri;
    }
    return from(*message) && to(*message) ? Reach::Complete : Reach::Via;
}

struct Row {
    std::string_view name;
    std::string text;
    Reach expected{};
};

const Row kRows[] = {
    {.name = "white space and folding everywhere (§3.1.1.1)",
     .text = an_invite()
                 .start("INVITE sip:vivek@biloxi.example;unknownparam SIP/2.0")
                 .via("v:  SIP  / 2.0  / TCP     h.example   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
                      " SIP  /    2.0   / UDP  192.0.2.9   ; branch=\r\n z9hG4bK30239")
                 .from("From : \"J Ross \\\\\\\"\" <sip:jr@example.com>\r\n  ;\r\n  tag = 98asjd8")
                 .to("TO :\r\n sip:vivek@biloxi.example ;   tag    = 1918181833n")
                 .cseq("CSeq: 0009\r\n  INVITE")
                 .line("MAX-FORWARDS: 0068")
                 .line("NewFangledHeader:   new value\r\n continued")
                 .line("Route:\r\n <sip:services.example;lr;x=y;z>")
                 .text(),
     .expected = Reach::Complete},
    {.name = "every token character in a method (§3.1.1.2)",
     .text = an_invite()
                 .start("!interesting-Method0123456789_*+`.%indeed'~ sip:a@b SIP/2.0")
                 .cseq("CSeq: 1 !interesting-Method0123456789_*+`.%indeed'~")
                 .text(),
     .expected = Reach::Complete},
    {.name = "escapes in the Request-URI (§3.1.1.3)",
     .text = an_invite().start("INVITE sip:sips%3Auser%40example.com@h SIP/2.0").text(),
     .expected = Reach::Complete},
    {.name = "an escaped NUL in a user (§3.1.1.4)",
     .text = an_invite().to("To: <sip:null-%00-null@b>").text(),
     .expected = Reach::Complete},
    {.name = "a percent sign that escapes nothing in a method (§3.1.1.5)",
     .text = an_invite().start("RE%47IST%45R sip:a@b SIP/2.0").cseq("CSeq: 1 RE%47IST%45R").text(),
     .expected = Reach::Complete},
    {.name = "no white space between name and bracket (§3.1.1.6)",
     .text = an_invite().from("From: caller<sip:c@h>;tag=3").text(),
     .expected = Reach::Complete},
    {.name = "long values (§3.1.1.7)",
     .text = an_invite()
                 .from("From: \"" + std::string(300, 'I') + "\" <sip:" + std::string(250, 'l') +
                       "@h>;tag=" + std::string(250, 't'))
                 .line("Unknown-" + std::string(300, 'L') + ": x")
                 .text(),
     .expected = Reach::Complete},
    {.name = "octets behind the body (§3.1.1.8)",
     .text = an_invite().line("Content-Length: 2").body("abINVITE sip:x@y SIP/2.0\r\n").text(),
     .expected = Reach::Complete},
    {.name = "a semicolon in the user part (§3.1.1.9)",
     .text = an_invite()
                 .start("OPTIONS sip:user;par=u%40example.net@h SIP/2.0")
                 .cseq("CSeq: 1 OPTIONS")
                 .text(),
     .expected = Reach::Complete},
    {.name = "many transports in Via (§3.1.1.10)",
     .text = an_invite().via("Via: SIP/2.0/SCTP h;branch=x").line("Via: SIP/2.0/NEW g").text(),
     .expected = Reach::Complete},
    {.name = "an empty reason (§3.1.1.13)",
     .text = a_response().start("SIP/2.0 100 ").text(),
     .expected = Reach::Complete},
    {.name = "UTF-8 in a reason (§3.1.1.12)",
     .text = a_response().start("SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe").text(),
     .expected = Reach::Complete},
    {.name = "extraneous separators (§3.1.2.1)",
     .text = an_invite().via("Via: SIP/2.0/UDP h;branch=x;;,;,,").text(),
     .expected = Reach::Uri},
    {.name = "Content-Length beyond the message (§3.1.2.2)",
     .text = an_invite().line("Content-Length: 9999").body("v=0").text(),
     .expected = Reach::None},
    {.name = "negative Content-Length (§3.1.2.3)",
     .text = an_invite().line("Content-Length: -999").body("v=0").text(),
     .expected = Reach::None},
    {.name = "numbers beyond their range (§3.1.2.4)",
     .text = an_invite().cseq("CSeq: 36893488147419103232 INVITE").text(),
     .expected = Reach::None},
    {.name = "numbers of a response beyond their range (§3.1.2.5)",
     .text = a_response().start("SIP/2.0 4294967301 better").text(),
     .expected = Reach::None},
    {.name = "a quoted string that does not end (§3.1.2.6)",
     .text = an_invite().to("To: \"Mr. J. User <sip:j.user@example.com>").text(),
     .expected = Reach::Via},
    {.name = "angle brackets around the Request-URI (§3.1.2.7)",
     .text = an_invite().start("INVITE <sip:user@example.com> SIP/2.0").text(),
     .expected = Reach::None},
    {.name = "white space in the Request-URI (§3.1.2.8)",
     .text = an_invite().start("INVITE sip:user@example.com; lr SIP/2.0").text(),
     .expected = Reach::None},
    {.name = "several spaces in the start line (§3.1.2.9)",
     .text = an_invite().start("INVITE  sip:user@example.com  SIP/2.0").text(),
     .expected = Reach::None},
    {.name = "a space at the end of the start line (§3.1.2.10)",
     .text = an_invite().start("INVITE sip:user@example.com SIP/2.0 ").text(),
     .expected = Reach::None},
    {.name = "headers in the Request-URI (§3.1.2.11)",
     .text = an_invite().start("INVITE sip:user@h?Route=%3Csip:e%3E SIP/2.0").text(),
     .expected = Reach::Split},
    {.name = "a display name that needs quotes (§3.1.2.15)",
     .text = an_invite().to("To: Bell, Alexander <sip:agb@h>;tag=43").text(),
     .expected = Reach::Via},
    {.name = "another version (§3.1.2.16)",
     .text = an_invite().start("OPTIONS sip:t1@h SIP/7.0").cseq("CSeq: 1 OPTIONS").text(),
     .expected = Reach::None},
    {.name = "methods that differ (§3.1.2.17)",
     .text = an_invite().start("OPTIONS sip:a@b SIP/2.0").text(),
     .expected = Reach::None},
    {.name = "an unknown method that differs (§3.1.2.18)",
     .text = an_invite().start("NEWMETHOD sip:a@b SIP/2.0").text(),
     .expected = Reach::None},
    {.name = "a response code of its own (§3.1.2.19)",
     .text = a_response().start("SIP/2.0 999 x").text(),
     .expected = Reach::None},
    {.name = "missing mandatory fields (§3.3.1)",
     .text = an_invite().from("").to("").call_id("").text(),
     .expected = Reach::None},
    {.name = "an unknown URI scheme (§3.3.2)",
     .text = an_invite()
                 .start("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0")
                 .cseq("CSeq: 1 OPTIONS")
                 .text(),
     .expected = Reach::Split},
    {.name = "a known but strange scheme in To (§3.3.4)",
     .text = an_invite().to("To: isbn:2983792873").text(),
     .expected = Reach::Via},
    {.name = "mandatory fields twice (§3.3.8)",
     .text = an_invite().line("From: sip:c@h;tag=2").line("CSeq: 5 INVITE").text(),
     .expected = Reach::None},
    {.name = "Content-Length twice (§3.3.9)",
     .text = an_invite().line("Content-Length: 3").line("Content-Length: 4").body("abcd").text(),
     .expected = Reach::None},
    {.name = "an IPv6 reference (RFC 5118 §4.1)",
     .text = an_invite()
                 .start("INVITE sip:[2001:db8::10] SIP/2.0")
                 .via("Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3")
                 .text(),
     .expected = Reach::Complete},
    {.name = "IPv6 without brackets (RFC 5118 §4.2)",
     .text = an_invite().start("INVITE sip:2001:db8::10 SIP/2.0").text(),
     .expected = Reach::Split},
    {.name = "a port inside of the brackets (RFC 5118 §4.4)",
     .text = an_invite().start("INVITE sip:[2001:db8::10:5070] SIP/2.0").text(),
     .expected = Reach::Complete},
    {.name = "received in brackets (RFC 5118 §4.5)",
     .text = an_invite().via("Via: SIP/2.0/UDP h;received=[2001:db8::9:255];branch=b").text(),
     .expected = Reach::Complete},
    {.name = "IPv4-mapped (RFC 5118 §4.10)",
     .text = an_invite().via("Via: SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=b").text(),
     .expected = Reach::Complete},
};

TEST(Torture, EachMessageGetsAsFarAsItDeserves) {
    for (const Row& row : kRows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(reach(row.text), row.expected);
    }
}

TEST(Torture, WhiteSpaceChangesNoValue) {
    const Message message = split(kRows[0].text).value();
    EXPECT_EQ(tag_of(message, Field::To), "1918181833n");
    EXPECT_EQ(tag_of(message, Field::From), "98asjd8");
    EXPECT_EQ(from(message)->display, "J Ross \\\"");
    EXPECT_EQ(to(message)->tag(), "1918181833n");
    EXPECT_EQ(top_via(message)->branch, "z9hG4bK9ikj8");
    EXPECT_EQ(top_via(message)->transport, "TCP");
    EXPECT_EQ(max_forwards(message), 68U);
    EXPECT_EQ(message.cseq(), 9U);
    EXPECT_EQ(routes(message, Field::Route)->front().uri.to_string(),
              "sip:services.example;lr;x=y;z");
}

}  // namespace
}  // namespace causeway::sip
