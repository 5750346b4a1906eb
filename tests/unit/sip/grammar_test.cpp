#include "causeway/sip/grammar.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace causeway::sip {
namespace {

using ::testing::ElementsAre;

struct ViaRow {
    std::string_view value;
    std::string_view transport{};
    std::string_view host{};
    std::uint16_t port{};
    std::string_view branch{};
    std::string_view received{};
    std::optional<std::uint16_t> rport{};
};

const ViaRow kVias[] = {
    {.value = "SIP/2.0/UDP h", .transport = "UDP", .host = "h"},
    {.value = "sip/2.0/tls h:5061;branch=z9hG4bK1",
     .transport = "TLS",
     .host = "h",
     .port = 5061,
     .branch = "z9hG4bK1"},
    {.value = "SIP / 2.0 /\tTCP   h : 5060 ; Branch = b ; rport",
     .transport = "TCP",
     .host = "h",
     .port = 5060,
     .branch = "b",
     .rport = 0},
    {.value = "SIP/2.0/UDP [2001:db8::1]:5060;rport=1234;received=192.0.2.1",
     .transport = "UDP",
     .host = "[2001:db8::1]",
     .port = 5060,
     .received = "192.0.2.1",
     .rport = 1234},
    {.value = "SIP/2.0/UDP h;x=\"a,b;branch=no\";branch=yes, SIP/2.0/UDP g;branch=no",
     .transport = "UDP",
     .host = "h",
     .branch = "yes"},
    {.value = "SIP/2.0/WSS h.invalid;branch=b;;x", .transport = {}},
    {.value = "SIP/2.0/X-NEW h;branch=b", .transport = "X-NEW", .host = "h", .branch = "b"},
    {.value = ""},
    {.value = "SIP/2.0/UDP"},
    {.value = "SIP/2.0/UDP ;branch=b"},
    {.value = "SIP/3.0/UDP h"},
    {.value = "HTTP/2.0/UDP h"},
    {.value = "SIP/2.0/UDP h:"},
    {.value = "SIP/2.0/UDP h:0"},
    {.value = "SIP/2.0/UDP h:65536"},
    {.value = "SIP/2.0/UDP h:5x"},
    {.value = "SIP/2.0/UDP h g"},
    {.value = "SIP/2.0/UDP h!"},
    {.value = "SIP/2.0/UDP [::1"},
    {.value = "SIP/2.0/UDP [zz]"},
    {.value = "SIP/2.0/UDP ::1"},
    {.value = "SIP/2.0/UDP h (comment)"},
    {.value = "SIP/2.0/UDP h;branch=\"b\""},
    {.value = "SIP/2.0/UDP h;branch=a b"},
    {.value = "SIP/2.0/UDP h;branch"},
    {.value = "SIP/2.0/UDP h;rport=65536"},
    {.value = "SIP/2.0/UDP h;rport=x"},
};

TEST(TopVia, ReadsTheFirstElementOrRefusesIt) {
    for (const ViaRow& row : kVias) {
        SCOPED_TRACE(row.value);
        const Result<Via> via =
            top_via(an_invite().via("Via: " + std::string(row.value)).message());
        ASSERT_EQ(via.has_value(), !row.transport.empty());
        if (via) {
            EXPECT_EQ(via->transport, row.transport);
            EXPECT_EQ(via->host, row.host);
            EXPECT_EQ(via->port, row.port);
            EXPECT_EQ(via->branch, row.branch);
            EXPECT_EQ(via->received, row.received);
            EXPECT_EQ(via->rport, row.rport);
        }
    }
}

struct AddressRow {
    std::string_view value;
    std::string_view display{};
    std::string_view uri{};  ///< empty: refused
    std::string_view tag{};
    std::size_t params{};
};

constexpr AddressRow kAddresses[] = {
    {.value = "sip:a@b;tag=1", .uri = "sip:a@b", .tag = "1", .params = 1},
    {.value = "<sip:a@b;x=y>;tag=1", .uri = "sip:a@b;x=y", .tag = "1", .params = 1},
    {.value = "\"A \\\"q\\\" \\\\ <B>;tag=no\" <sip:a@b>;x=\"q;\\\"d\";tag = 2",
     .display = "A \"q\" \\ <B>;tag=no",
     .uri = "sip:a@b",
     .tag = "2",
     .params = 2},
    {.value = "Joe  Doe <sips:a@b:5061>", .display = "Joe  Doe", .uri = "sips:a@b:5061"},
    {.value = "\"\"<sip:a@b>", .uri = "sip:a@b"},
    {.value = "\"a\tb\" <sip:a@b>", .display = "a b", .uri = "sip:a@b"},
    {.value = "J\xc3\xbcrgen <sip:a@b>"},  // only a quoted-string may hold UTF-8
    {.value = "\"J\xc3\xbcrgen\" <tel:+4930>", .display = "J\xc3\xbcrgen", .uri = "tel:+4930"},
    {.value = "<sip:a@[2001:db8::1]>;tag=1;flag",
     .uri = "sip:a@[2001:db8::1]",
     .tag = "1",
     .params = 2},
    {.value = ""},
    {.value = "*"},
    {.value = "<>"},
    {.value = "<*>"},
    {.value = ";tag=1"},
    {.value = "<sip:a@b"},
    {.value = "sip:a@b>"},
    {.value = "\"open <sip:a@b>"},
    {.value = "<sip:a@b> more"},
    {.value = "<sip:a@b>, <sip:c@d>"},
    {.value = "<sip:a@b>;tag=1, <sip:c@d>;tag=2"},
    {.value = "Bell, Alex <sip:a@b>"},
    {.value = "<sip:a@b>;tag="},
    {.value = "<sip:a@b>;tag"},
    {.value = "<sip:a@b>;tag=\"x\""},
    {.value = "<sip:a@b>;tag=1;TAG=2"},
    {.value = "<sip:a@b>;tag=a b"},
    {.value = "<sip:a@b>;=x"},
    {.value = "<sip:a@b c>"},
    {.value = "<sip:a@b?Route=%3Csip:x%3E>"},
    {.value = "<http://b/>"},
    {.value = "<sip:a@b>;tag=\x01"},
};

TEST(From, ReadsOneAddressOrRefusesIt) {
    for (const AddressRow& row : kAddresses) {
        SCOPED_TRACE(row.value);
        const Result<NameAddr> address =
            from(an_invite().from("From: " + std::string(row.value)).message());
        ASSERT_EQ(address.has_value(), !row.uri.empty());
        if (address) {
            EXPECT_EQ(address->display, row.display);
            EXPECT_EQ(address->uri.to_string(), row.uri);
            EXPECT_EQ(address->tag(), row.tag);
            EXPECT_EQ(address->params.size(), row.params);
        }
    }
}

TEST(From, AgreesWithTheQuickTag) {
    for (const AddressRow& row : kAddresses) {
        const Message message = an_invite().from("From: " + std::string(row.value)).message();
        if (const Result<NameAddr> address = from(message)) {
            EXPECT_EQ(address->tag(), tag_of(message, Field::From)) << row.value;
        }
    }
}

TEST(From, RefusesAnUnknownSchemeAsUnsupported) {
    const Message message = an_invite().from("From: <http://b/>;tag=1").message();
    EXPECT_EQ(from(message).error().code, Errc::Unsupported);
}

TEST(To, ReadsItsOwnField) {
    EXPECT_EQ(to(a_response().message())->tag(), "to1");
    EXPECT_EQ(to(an_invite().message())->uri.user, "+4930");
}

TEST(ParseNameAddr, ReadsTextOfAConfiguration) {
    const NameAddr address = parse_name_addr("  \"Edge\" <sip:10.0.0.1;lr>;q=0.5 ").value();
    EXPECT_EQ(address.display, "Edge");
    EXPECT_EQ(address.uri.host, "10.0.0.1");
    EXPECT_EQ(address.param("Q"), "0.5");
    EXPECT_EQ(address.param("r"), std::nullopt);
    EXPECT_FALSE(parse_name_addr("<sip:a@b>\r\nX: <y>"));
}

TEST(Contact, IsTheFirstOneWithAUri) {
    const auto read = [](std::string_view value) {
        return contact(an_invite().line("Contact: " + std::string(value)).message());
    };
    EXPECT_EQ(read("\"a, b\" <sip:a@b;x=1>;expires=5, <sip:c@d>")->uri.to_string(), "sip:a@b;x=1");
    EXPECT_EQ(read("sip:a@b;x=1")->uri.to_string(), "sip:a@b") << "RFC 3261 §20.10";
    EXPECT_EQ(read("*\r\nm: <sip:second@d>")->uri.user, "second");
    EXPECT_EQ(read("*").error().code, Errc::NotFound);
    EXPECT_EQ(read("").error().code, Errc::NotFound);
    EXPECT_EQ(contact(an_invite().message()).error().code, Errc::NotFound);
    EXPECT_EQ(read("<sip:a@b").error().code, Errc::Malformed);
    EXPECT_EQ(read("<sip:a@b> <sip:c@d>").error().code, Errc::Malformed);
    EXPECT_EQ(read("<mailto:a@b>").error().code, Errc::Unsupported);
}

TEST(Routes, AreReadFromAllLinesTopFirst) {
    const Message message = an_invite()
                                .line("Route: <sip:a;lr>, \"b,b\" <sip:b;lr>;x=\",\"")
                                .line("Record-Route: <sip:no>")
                                .line("ROUTE:\r\n <sip:c;lr>")
                                .message();
    const std::vector<NameAddr> found = routes(message, Field::Route).value();
    std::vector<std::string> texts;
    for (const NameAddr& route : found) {
        texts.push_back(route.uri.to_string());
    }
    EXPECT_THAT(texts, ElementsAre("sip:a;lr", "sip:b;lr", "sip:c;lr"));
    EXPECT_EQ(found[1].display, "b,b");
    EXPECT_EQ(routes(message, Field::RecordRoute)->size(), 1U);
}

TEST(Routes, AreNoneWithoutALine) {
    EXPECT_TRUE(routes(an_invite().message(), Field::Route)->empty());
}

TEST(Routes, AreRefusedAsAWhole) {
    for (const std::string_view value :
         {"<sip:a;lr>, sip:b;lr", "<sip:a;lr>,, <sip:b>", "<sip:a;lr> x", "<sip:a",
          "<sip:a>x<sip:b>", ",", "<sip:a;lr>;x=\"", "<mailto:a@b>"}) {
        const Message message = an_invite().line("Route: " + std::string(value)).message();
        EXPECT_FALSE(routes(message, Field::Route)) << value;
    }
}

TEST(Routes, AreBoundedInNumber) {
    std::string list = "<sip:r;lr>";
    for (std::size_t i = 1; i < kLimits.elements; ++i) {
        list += ", <sip:r;lr>";
    }
    EXPECT_EQ(routes(an_invite().line("Route: " + list).message(), Field::Route)->size(),
              kLimits.elements);
    EXPECT_FALSE(
        routes(an_invite().line("Route: " + list).line("Route: <sip:r>").message(), Field::Route));
}

TEST(Grammar, BoundsWhatItReads) {
    const auto reads = [](const std::string& value) { return parse_name_addr(value).has_value(); };
    const std::string head = "<sip:a@b>;x=";
    EXPECT_TRUE(reads(head + std::string(kLimits.value - head.size(), 'y')));
    EXPECT_FALSE(reads(head + std::string(kLimits.value - head.size() + 1, 'y')));
    std::string params = "<sip:a@b>";
    for (int i = 0; i < 64; ++i) {
        params += ";p" + std::to_string(i);
    }
    EXPECT_TRUE(reads(params));
    EXPECT_FALSE(reads(params + ";more"));
}

}  // namespace
}  // namespace causeway::sip
