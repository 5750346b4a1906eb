#include "causeway/sip/builder.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace causeway::sip {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Source udp_from(std::string_view ip, std::uint16_t port) {
    return {InterfaceId{1}, {IpAddress::parse(ip).value(), port}, Transport::Udp, {}};
}

const Source kPeer = udp_from("192.0.2.1", 40000);

std::string answer(const Draft& request, int code, const Source& from = kPeer) {
    return Builder::response(request.message(), from, status(code), "ours").finish();
}

TEST(BuilderRequest, WritesStartLineFieldsAndLength) {
    Builder builder = Builder::request("INVITE", "sip:a@b");
    builder.add("X-A", "1").add("X-B", "2");
    EXPECT_EQ(std::move(builder).finish("application/sdp", "v=0\r\n"),
              "INVITE sip:a@b SIP/2.0\r\nX-A: 1\r\nX-B: 2\r\nContent-Type: application/sdp\r\n"
              "Content-Length: 5\r\n\r\nv=0\r\n");
}

TEST(BuilderRequest, WritesNoTypeWithoutBody) {
    EXPECT_EQ(Builder::request("BYE", "sip:a@b").finish("application/sdp"),
              "BYE sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n");
}

TEST(BuilderRequest, LetsNoValueEndItsLine) {
    Builder builder = Builder::request("BYE\r\nX", "sip:a b\r\nEvil: 1");
    builder.add("X-A\r\nEvil", std::string_view("a\r\n\r\nEvil: 1\0\x7f\tz", 16));
    EXPECT_EQ(std::move(builder).finish("t\r\nEvil: 1", "x"),
              "BYE%0D%0AX sip:a%20b%0D%0AEvil:%201 SIP/2.0\r\n"
              "X-A--Evil: a    Evil: 1   z\r\n"
              "Content-Type: t  Evil: 1\r\nContent-Length: 1\r\n\r\nx");
}

TEST(BuilderResponse, CopiesWhatTheRequestSays) {
    const Draft request = an_invite()
                              .line("v: SIP/2.0/UDP second;branch=b2")
                              .line("Record-Route: <sip:r1;lr>, <sip:r2;lr>")
                              .line("Record-Route: <sip:r3;lr>")
                              .line("Max-Forwards: 70")
                              .line("Timestamp: 54");
    EXPECT_EQ(answer(request, 200),
              "SIP/2.0 200 OK\r\n"
              "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKtop;received=192.0.2.1;rport=40000\r\n"
              "From: \"Alice\" <sip:+44@192.0.2.1>;tag=from1\r\n"
              "To: <sip:+4930@203.0.113.50>;tag=ours\r\n"
              "Call-ID: call-1@192.0.2.1\r\n"
              "CSeq: 7 INVITE\r\n"
              "Via: SIP/2.0/UDP second;branch=b2\r\n"
              "Record-Route: <sip:r1;lr>, <sip:r2;lr>\r\n"
              "Record-Route: <sip:r3;lr>\r\n"
              "Content-Length: 0\r\n\r\n");
}

TEST(BuilderResponse, IsAMessageThatSplits) {
    const std::string text = Builder::response(an_invite().message(), kPeer, status(183), "x")
                                 .finish("application/sdp", "v=0\r\n");
    const Message message = split(text).value();
    EXPECT_EQ(message.status(), 183);
    EXPECT_EQ(message.reason(), "Session Progress");
    EXPECT_EQ(message.body(), "v=0\r\n");
}

TEST(BuilderResponse, CopiesRecordRouteOnlyWhereADialogMayBegin) {
    const Draft request = an_invite().line("Record-Route: <sip:r;lr>");
    for (const int code : {101, 180, 200, 299}) {
        EXPECT_THAT(answer(request, code), HasSubstr("Record-Route: <sip:r;lr>\r\n")) << code;
    }
    for (const int code : {100, 300, 404, 603}) {
        EXPECT_THAT(answer(request, code), Not(HasSubstr("Record-Route"))) << code;
    }
}

TEST(BuilderResponse, AddsATagUnlessThereIsOneOrItIs100) {
    EXPECT_THAT(answer(an_invite(), 180), HasSubstr("To: <sip:+4930@203.0.113.50>;tag=ours\r\n"));
    EXPECT_THAT(answer(an_invite(), 100), HasSubstr("To: <sip:+4930@203.0.113.50>\r\n"));
    EXPECT_THAT(answer(an_invite().to("t: <sip:a@b>;x;tag=theirs"), 481),
                HasSubstr("To: <sip:a@b>;x;tag=theirs\r\n"));
    EXPECT_THAT(answer(an_invite().to("To: \";tag=\" <sip:a@b;tag=x>"), 481),
                HasSubstr("To: \";tag=\" <sip:a@b;tag=x>;tag=ours\r\n"));
}

TEST(BuilderResponse, CopiesTimestampInto100Only) {  // RFC 3261 §8.2.6.1
    const Draft request = an_invite().line("Timestamp: 54");
    EXPECT_THAT(answer(request, 100), HasSubstr("\r\nTimestamp: 54\r\n"));
    EXPECT_THAT(answer(request, 180), Not(HasSubstr("Timestamp")));
}

TEST(BuilderResponse, LetsAReasonNotEndItsLine) {
    const std::string text =
        Builder::response(an_invite().message(), kPeer, {500, "a\r\nEvil: 1"}, "t\r\nEvil: 1")
            .finish();
    EXPECT_TRUE(text.starts_with("SIP/2.0 500 a  Evil: 1\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("\nEvil")));
}

struct ViaRow {
    std::string_view name;
    std::string_view request;  ///< the whole Via line
    std::string_view ip;       ///< of the source, port 40000
    std::string_view response;
    std::uint16_t port{};  ///< where the answer goes
};

// RFC 3261 §18.2.1 and §18.2.2, RFC 3581 §4.
constexpr ViaRow kVias[] = {
    {.name = "address as it came",
     .request = "Via: SIP/2.0/UDP 192.0.2.1;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP 192.0.2.1;branch=b\r\n",
     .port = 5060},
    {.name = "other address",
     .request = "Via: SIP/2.0/UDP 10.0.0.1:5070;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP 10.0.0.1:5070;branch=b;received=192.0.2.1\r\n",
     .port = 5070},
    {.name = "a name",
     .request = "Via: SIP/2.0/UDP pbx.example;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP pbx.example;branch=b;received=192.0.2.1\r\n",
     .port = 5060},
    {.name = "rport wants received too",
     .request = "Via: SIP/2.0/UDP 192.0.2.1;rport;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP 192.0.2.1;branch=b;received=192.0.2.1;rport=40000\r\n",
     .port = 40000},
    {.name = "rport and received already filled in",
     .request = "Via: SIP/2.0/UDP h:5070;received=198.51.100.66;branch=b;RPORT = 5999",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP h:5070;branch=b;received=192.0.2.1;rport=40000\r\n",
     .port = 40000},
    {.name = "a lie without need",
     .request = "Via: SIP/2.0/UDP 192.0.2.1;received=198.51.100.66;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP 192.0.2.1;branch=b\r\n",
     .port = 5060},
    {.name = "one of a list",
     .request = "Via: SIP/2.0/UDP h;branch=b;rport , SIP/2.0/UDP g;branch=c;rport",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP h;branch=b;received=192.0.2.1;rport=40000, "
                 "SIP/2.0/UDP g;branch=c;rport\r\n",
     .port = 40000},
    {.name = "a comma in quotes",
     .request = "Via: SIP/2.0/UDP h;x=\",;rport\";branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP h;x=\",;rport\";branch=b;received=192.0.2.1\r\n",
     .port = 5060},
    {.name = "folded and compact",
     .request = "v:\r\n SIP / 2.0 / UDP\r\n  192.0.2.1 : 5070 ;\r\n branch = b ; rport",
     .ip = "192.0.2.1",
     .response = "Via: SIP / 2.0 / UDP    192.0.2.1 : 5070;branch = b;received=192.0.2.1"
                 ";rport=40000\r\n",
     .port = 40000},
    {.name = "IPv6 as it came, in another spelling",
     .request = "Via: SIP/2.0/UDP [2001:DB8:0::1]:5070;branch=b",
     .ip = "2001:db8::1",
     .response = "Via: SIP/2.0/UDP [2001:DB8:0::1]:5070;branch=b\r\n",
     .port = 5070},
    {.name = "other IPv6",
     .request = "Via: SIP/2.0/UDP [2001:db8::2];branch=b;rport",
     .ip = "2001:db8::1",
     .response = "Via: SIP/2.0/UDP [2001:db8::2];branch=b;received=2001:db8::1;rport=40000\r\n",
     .port = 40000},
    {.name = "maddr sends nobody elsewhere",
     .request = "Via: SIP/2.0/UDP 192.0.2.1:5070;maddr=198.51.100.66;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP 192.0.2.1:5070;maddr=198.51.100.66;branch=b\r\n",
     .port = 5070},
    {.name = "a port that is none",
     .request = "Via: SIP/2.0/UDP 192.0.2.1:99999;branch=b",
     .ip = "192.0.2.1",
     .response = "Via: SIP/2.0/UDP 192.0.2.1:99999;branch=b\r\n",
     .port = 5060},
    {.name = "nonsense goes back as it came",
     .request = "Via: x",
     .ip = "192.0.2.1",
     .response = "Via: x;received=192.0.2.1\r\n",
     .port = 5060},
};

TEST(BuilderResponse, CompletesTheTopVia) {
    for (const ViaRow& row : kVias) {
        SCOPED_TRACE(row.name);
        const Source from = udp_from(row.ip, 40000);
        EXPECT_THAT(answer(an_invite().via(row.request), 200, from), HasSubstr(row.response));
    }
}

TEST(ResponseTarget, IsTheSourceAtThePortThatTheViaNames) {
    for (const ViaRow& row : kVias) {
        SCOPED_TRACE(row.name);
        const Source from = udp_from(row.ip, 40000);
        const Target target = response_target(an_invite().via(row.request).message(), from);
        EXPECT_EQ(target.peer, (Endpoint{from.peer.ip, row.port}));
        EXPECT_EQ(target.interface, from.interface);
        EXPECT_EQ(target.transport, Transport::Udp);
    }
}

TEST(ResponseTarget, IsTheConnectionAndThePortOfSentByShouldItBeGone) {
    Source from = kPeer;
    from.connection = ConnectionId{5};
    struct Row {
        Transport transport;
        const char* via;
        std::uint16_t port;
    };
    for (const Row& row : {Row{Transport::Tcp, "Via: SIP/2.0/TCP h:5070;branch=b", 5070},
                           Row{Transport::Tcp, "Via: SIP/2.0/TCP h;branch=b;rport", 5060},
                           Row{Transport::Tls, "Via: SIP/2.0/TLS h;branch=b", 5061}}) {
        from.transport = row.transport;
        for (const bool is_dialled : {false, true}) {
            from.is_dialled = is_dialled;
            const Target target = response_target(an_invite().via(row.via).message(), from);
            EXPECT_EQ(
                target,
                (Target{
                    from.interface, {from.peer.ip, row.port}, row.transport, from.connection, {}}))
                << row.via;
        }
    }
}

}  // namespace
}  // namespace causeway::sip
