#include "causeway/sip/body.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>

#include <string>

/// Where the session description stands in what a message carries (RFC 3261 §7.4, RFC 5621).
namespace causeway::sip {
namespace {

using Kind = SessionBody::Kind;

struct Row {
    const char* what;
    std::string headers;  ///< lines without the last CRLF
    std::string body;
    Kind kind;
    std::string sdp{};
};

const std::string kSip_I =
    "preamble\r\n--b1\r\nContent-Type: application/isup;version=itu-t92+\r\n"
    "Content-Disposition: signal;handling=optional\r\n\r\n\x01\x11\r\n"
    "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns=-\r\n\r\n--b1--\r\nepilogue";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
    return text;
}

const Row kRows[] = {
    {"nothing", "Content-Type: application/sdp", "", Kind::None},
    {"SDP", "Content-Type: application/sdp", "v=0", Kind::Sdp, "v=0"},
    {"odd spelling", "c: Application / SDP ; charset=\"UTF-8\"", "v=0", Kind::Sdp, "v=0"},
    {"no type", "X: y", "v=0", Kind::UnknownType},
    {"another type", "Content-Type: text/plain", "hello", Kind::UnknownType},
    {"a longer type", "Content-Type: application/sdpx", "v=0", Kind::UnknownType},
    {"another type that may be ignored",
     "Content-Type: text/plain\r\nContent-Disposition: render; Handling=OPTIONAL", "hello",
     Kind::None},
    {"coded", "Content-Type: application/sdp\r\nContent-Encoding: gzip", "\x1f\x8b",
     Kind::UnknownEncoding},
    {"coded, short form", "Content-Type: application/sdp\r\ne: gzip", "\x1f\x8b",
     Kind::UnknownEncoding},
    {"not coded", "Content-Type: application/sdp\r\nContent-Encoding: identity", "v=0", Kind::Sdp,
     "v=0"},
    {"SIP-I", "Content-Type: multipart/mixed;boundary=b1", kSip_I, Kind::Sdp, "v=0\r\ns=-\r\n"},
    {"a quoted boundary", "Content-Type: multipart/mixed; boundary=\"b1\"", kSip_I, Kind::Sdp,
     "v=0\r\ns=-\r\n"},
    {"a part we must understand", "Content-Type: multipart/mixed;boundary=b1",
     replaced(kSip_I, "optional", "required"), Kind::UnknownType},
    {"a coded part", "Content-Type: multipart/mixed;boundary=b1",
     replaced(kSip_I, "application/sdp\r\n",
              "application/sdp\r\nContent-Transfer-Encoding: base64\r\n"),
     Kind::UnknownType},
    {"no SDP in it", "Content-Type: multipart/mixed;boundary=b1",
     replaced(kSip_I, "application/sdp", "text/plain"), Kind::UnknownType},
    {"the first of two", "Content-Type: multipart/alternative;boundary=b",
     "--b\r\nContent-Type: application/sdp\r\n\r\none\r\n--b\r\nContent-Type: "
     "application/sdp\r\n\r\ntwo\r\n--b--",
     Kind::Sdp, "one"},
    {"cut short", "Content-Type: multipart/mixed;boundary=b1",
     "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n", Kind::UnknownType},
    {"no boundary", "Content-Type: multipart/mixed", kSip_I, Kind::UnknownType},
    {"another boundary", "Content-Type: multipart/mixed;boundary=b2", kSip_I, Kind::UnknownType},
    {"a longer boundary inside a part", "Content-Type: multipart/mixed;boundary=b1",
     "--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b10\r\n--b1-\r\n--b1--x\r\n--b1 x"
     "\r\ns=-\r\n--b1--",
     Kind::Sdp, "v=0\r\n--b10\r\n--b1-\r\n--b1--x\r\n--b1 x\r\ns=-"},
    {"blanks behind the boundary", "Content-Type: multipart/mixed;boundary=b1",
     "--b1 \t\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b1-- \r\n", Kind::Sdp, "v=0"},
    {"only delimiters", "Content-Type: multipart/mixed;boundary=b1", "--b1\r\n--b1\r\n--b1--",
     Kind::UnknownType},
    {"a boundary alone", "Content-Type: multipart/mixed;boundary=b1", "--b1", Kind::UnknownType},
};

TEST(SessionBody, IsFoundOrNamed) {
    for (const Row& row : kRows) {
        SCOPED_TRACE(row.what);
        const Message message = an_invite().line(row.headers).body(row.body).message();
        const SessionBody found = session_body(message);
        EXPECT_EQ(found.kind, row.kind);
        EXPECT_EQ(found.sdp, row.sdp);
    }
}

TEST(SessionBody, SaysWhatIsAcceptable) {
    EXPECT_EQ(acceptable(Kind::UnknownType),
              (Header{"Accept", "application/sdp, multipart/mixed"}));
    EXPECT_EQ(acceptable(Kind::UnknownEncoding), (Header{"Accept-Encoding", "identity"}));
}

}  // namespace
}  // namespace causeway::sip
