#include "support/world/world.hpp"

#include "causeway/sip/grammar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Each message of RFC 4475 and RFC 5118, as a known carrier sends it over UDP: what `split` says,
/// and what leaves us. What `split` refuses is counted and, if it is a request whose sender can
/// find it by Via and CSeq, answered.
namespace causeway::testing {
namespace {

struct Row {
    std::string_view file;  ///< below tests/data/torture, without `.dat`
    /// Empty: taken. Else why `split` refuses it.
    std::string_view refused{};
    unsigned malformed{};  ///< messages that `split` takes and the transaction layer does not
    /// The start lines of all that we send within 100 ms, without version and reason phrase;
    /// several are separated by spaces.
    std::string_view sent{};
    std::string_view reason{};  ///< of the record, if one is written
};

// 404 no_tenant: through admission and normalize; nobody here has the numbers of the RFCs.
constexpr Row kValid[] = {
    {.file = "rfc4475/wsinv", .sent = "481"},  // its To has a tag: of a dialog that we do not have
    // Legal by the letter: quoted-pair allows NUL. None enters our heads, escaped or not (ADR 7).
    {.file = "rfc4475/intmeth", .refused = "bare CR, LF or NUL in the head", .sent = "400"},
    {.file = "rfc4475/esc01", .sent = "100 404", .reason = "no_tenant"},
    {.file = "rfc4475/escnull", .sent = "405"},
    {.file = "rfc4475/esc02", .sent = "405"},
    {.file = "rfc4475/lwsdisp", .sent = "200"},
    {.file = "rfc4475/longreq", .sent = "100 404", .reason = "no_tenant"},
    {.file = "rfc4475/dblreq", .sent = "405"},  // the first one; the rest is cut off
    {.file = "rfc4475/semiuri", .sent = "200"},
    {.file = "rfc4475/transports", .sent = "200"},
    {.file = "rfc4475/mpart01", .sent = "405"},
    {.file = "rfc4475/unreason"},  // answers to requests of others, as their Vias show
    {.file = "rfc4475/noreason"},
};

constexpr Row kInvalid[] = {
    {.file = "rfc4475/badinv01", .malformed = 1, .sent = "400"},  // a Via of nothing but a host
    {.file = "rfc4475/clerr", .refused = "Content-Length beyond the message", .sent = "400"},
    {.file = "rfc4475/ncl", .refused = "broken Content-Length", .sent = "400"},
    {.file = "rfc4475/scalar02", .refused = "broken CSeq", .sent = "400"},
    {.file = "rfc4475/scalarlg", .refused = "broken CSeq"},
    {.file = "rfc4475/quotbal", .sent = "400"},
    {.file = "rfc4475/ltgtruri", .refused = "broken request line: Request-URI", .sent = "400"},
    {.file = "rfc4475/lwsruri", .refused = "broken request line: version", .sent = "400"},
    {.file = "rfc4475/lwsstart", .refused = "broken request line: Request-URI", .sent = "400"},
    {.file = "rfc4475/trws", .refused = "broken request line: version", .sent = "400"},
    {.file = "rfc4475/escruri", .sent = "400"},
    {.file = "rfc4475/baddate", .sent = "100 404", .reason = "no_tenant"},  // nobody reads Date
    {.file = "rfc4475/regbadct", .sent = "405"},
    {.file = "rfc4475/badaspec", .sent = "400"},
    {.file = "rfc4475/baddn", .sent = "400"},
    {.file = "rfc4475/badvers", .refused = "broken request line: version", .sent = "505"},
    {.file = "rfc4475/mismatch01", .refused = "CSeq of another method", .sent = "400"},
    {.file = "rfc4475/mismatch02", .refused = "CSeq of another method", .sent = "400"},
    {.file = "rfc4475/bigcode", .refused = "broken status line"},
};

constexpr Row kOfOtherLayers[] = {
    {.file = "rfc4475/badbranch", .sent = "200"},  // a branch of RFC 2543
    {.file = "rfc4475/insuf", .refused = "no From, To, Call-ID or CSeq", .sent = "400"},
    {.file = "rfc4475/unkscm", .sent = "416"},
    {.file = "rfc4475/novelsc", .sent = "416"},
    {.file = "rfc4475/unksm2", .sent = "400"},  // From and To are neither sip, sips nor tel
    {.file = "rfc4475/bext01", .sent = "420"},
    {.file = "rfc4475/invut", .sent = "100 415", .reason = "media_unsupported"},
    {.file = "rfc4475/regaut01", .sent = "405"},
    {.file = "rfc4475/multi01", .refused = "repeated CSeq", .sent = "400"},
    {.file = "rfc4475/mcl01", .refused = "contradicting Content-Length", .sent = "400"},
    {.file = "rfc4475/bcast"},                  // an answer to somebody else's request
    {.file = "rfc4475/zeromf", .sent = "200"},  // we are the one who answers: no hop is left to go
    {.file = "rfc4475/cparam01", .sent = "405"},
    {.file = "rfc4475/cparam02", .sent = "405"},
    {.file = "rfc4475/regescrt", .sent = "405"},
    {.file = "rfc4475/sdp01", .sent = "100 404", .reason = "no_tenant"},
    {.file = "rfc4475/inv2543", .sent = "100 404", .reason = "no_tenant"},  // without Contact
};

constexpr Row kIpv6[] = {
    {.file = "rfc5118/ipv6-good", .sent = "405"},
    {.file = "rfc5118/ipv6-bad", .sent = "400"},
    {.file = "rfc5118/port-ambiguous", .sent = "405"},
    {.file = "rfc5118/port-unambiguous", .sent = "405"},
    {.file = "rfc5118/via-received-param-with-delim", .sent = "481"},
    {.file = "rfc5118/via-received-param-no-delim", .sent = "200"},
    // The RFC's length is larger than its body: a datagram that was cut off (RFC 3261 §18.3).
    {.file = "rfc5118/ipv6-in-sdp", .refused = "Content-Length beyond the message", .sent = "400"},
    {.file = "rfc5118/mult-ip-in-header", .sent = "481"},
    {.file = "rfc5118/mult-ip-in-sdp", .sent = "100 404", .reason = "no_tenant"},
    {.file = "rfc5118/ipv4-mapped-ipv6", .sent = "100 404", .reason = "no_tenant"},
    {.file = "rfc5118/ipv6-bug-abnf-3-colons",
     .sent = "400"},  // no address, whatever RFC 3261 said
    {.file = "rfc5118/ipv6-correct-abnf-2-colons", .sent = "200"},
};

constexpr std::string_view kFolder = CAUSEWAY_SOURCE_DIR "/tests/data/torture/";

std::string read(std::string_view file) {
    std::ifstream stream(std::string(kFolder).append(file).append(".dat"), std::ios::binary);
    EXPECT_TRUE(stream) << file;
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// `INVITE`, `404`.
std::string_view what_is(std::string_view message) {
    if (message.starts_with("SIP/2.0 ")) {
        message.remove_prefix(8);
    }
    return message.substr(0, message.find(' '));
}

void expect_outcome(const Row& row, const std::string& text) {
    SCOPED_TRACE(row.file);
    const auto message = sip::Message::split(std::as_bytes(std::span(text)));
    EXPECT_EQ(message ? "" : message.error().what, row.refused);
    World world;
    world.send_from(World::at(10), World::carrier_side(), text);
    world.run_for(Millis(100));
    std::string sent;
    for (const World::Sent& datagram : world.sent()) {
        EXPECT_EQ(datagram.to.ip, World::at(10).ip);
        sent.append(sent.empty() ? "" : " ").append(what_is(datagram.bytes));
    }
    EXPECT_EQ(sent, row.sent);
    EXPECT_EQ(world.engine->counters().malformed, row.refused.empty() ? row.malformed : 1U);
    EXPECT_EQ(world.records.empty() ? "" : std::string(world.records.front().outcome.reason),
              row.reason);
    world.expect_nothing_left();
}

TEST(Torture, ValidMessages) {
    for (const Row& row : kValid) {
        expect_outcome(row, read(row.file));
    }
}
TEST(Torture, InvalidMessages) {
    for (const Row& row : kInvalid) {
        expect_outcome(row, read(row.file));
    }
}
TEST(Torture, MessagesForTransactionAndApplication) {
    for (const Row& row : kOfOtherLayers) {
        expect_outcome(row, read(row.file));
    }
}
TEST(Torture, MessagesWithIpv6) {
    for (const Row& row : kIpv6) {
        expect_outcome(row, read(row.file));
    }
}

TEST(Torture, EachFileHasItsOutcome) {
    std::set<std::string> expected;
    for (const std::span<const Row> rows :
         {std::span<const Row>(kValid), std::span<const Row>(kInvalid),
          std::span<const Row>(kOfOtherLayers), std::span<const Row>(kIpv6)}) {
        for (const Row& row : rows) {
            EXPECT_TRUE(expected.insert(std::string(row.file) + ".dat").second) << row.file;
        }
    }
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
        if (entry.path().extension() == ".dat") {
            found.insert(std::filesystem::relative(entry.path(), kFolder).string());
        }
    }
    EXPECT_EQ(found, expected);
    EXPECT_EQ(found.size(), 49U + 12U);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

/// What stands beside the one thing we do not take in two of the valid messages.
TEST(Torture, AllElseInIntmethIsTaken) {
    using namespace std::string_view_literals;
    const std::string text =
        replaced(read("rfc4475/intmeth"), "BEL:\\\x07 NUL:\\\0 DEL:\\\x7f"sv, "BEL NUL DEL");
    expect_outcome({.file = "intmeth without control characters", .sent = "405"}, text);
    const auto message = sip::Message::split(std::as_bytes(std::span(text)));
    EXPECT_EQ(message->method(), "!interesting-Method0123456789_*+`.%indeed'~");
    EXPECT_EQ(message->cseq(), 139122385U);
    EXPECT_EQ(message->call_id(), R"(intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{)");
    EXPECT_EQ(sip::tag_of(*message, sip::Field::From), "_token~1'+`*%!-.");
}

TEST(Torture, AllElseInIpv6InSdpIsTaken) {
    const std::string text =
        replaced(read("rfc5118/ipv6-in-sdp"), "Content-Length: 268", "Content-Length: 251");
    expect_outcome({.file = "with its length", .sent = "100 404", .reason = "no_tenant"}, text);
}

/// RFC 4475 §3.1.1.1: all that white space changes no value.
TEST(Torture, WhiteSpaceInWsinvChangesNoValue) {
    const std::string text = read("rfc4475/wsinv");
    const auto message = sip::Message::split(std::as_bytes(std::span(text)));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->cseq(), 9U);
    EXPECT_EQ(sip::max_forwards(*message), 68U);
    EXPECT_EQ(sip::to(*message)->tag(), "1918181833n");
    EXPECT_EQ(sip::from(*message)->tag(), "98asjd8");
    EXPECT_EQ(sip::from(*message)->display, "J Rosenberg \\\"");
    EXPECT_EQ(sip::contact(*message)->display, "Quoted string \"\"");
    EXPECT_EQ(sip::top_via(*message)->host, "192.0.2.2");
    EXPECT_EQ(sip::top_via(*message)->branch, "390skdjuw");
    EXPECT_EQ(sip::routes(*message, sip::Field::Route)->front().uri.host, "services.example.com");
    EXPECT_EQ(message->body().size(), 150U);
    EXPECT_EQ(message->first("UnknownHeaderWithUnusualValue"), ";;,,;;,;");
    EXPECT_EQ(message->first("NewFangledHeader"), "newfangled value   continued newfangled value");
}

}  // namespace
}  // namespace causeway::testing
