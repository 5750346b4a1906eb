#include "samples.hpp"

#include "causeway/sip/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace causeway::sip {
namespace {

using testing::HasSubstr;

const std::string kVia = "Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1\r\nv: SIP/2.0/UDP b\r\n";
const std::string kRest =
    "From: <sip:a@x>;tag=f\r\nTo: <sip:b@y>\r\nCall-ID: c\r\nCSeq: 3 INVITE\r\n";

TEST(Salvage, FindsWhatAnAnswerNeeds) {
    struct Row {
        const char* name;
        std::string text;
    };
    const std::string start = "INVITE sip:b@y SIP/2.0\r\n";
    for (const Row& row : {
             Row{"body too short", start + kVia + kRest + "Content-Length: 99\r\n\r\nx"},
             Row{"no end of the head", start + kVia + kRest},
             Row{"no colon", start + kVia + "nonsense\r\n" + kRest + "\r\n"},
             Row{"broken uri", "INVITE <sip:b@y> SIP/2.0\r\n" + kVia + kRest + "\r\n"},
             Row{"repeated To", start + kVia + kRest + "To: <sip:z@z>\r\n\r\n"},
             Row{"another version", "INVITE sip:b@y SIP/7.0\r\n" + kVia + kRest + "\r\n"},
             Row{"another method", "OPTIONS sip:b@y SIP/2.0\r\n" + kVia + kRest + "\r\n"},
         }) {
        const auto request = salvage(bytes_of(row.text));
        ASSERT_TRUE(request) << row.name;
        const std::string answer = Builder::response(*request, {}, status(400), "t").finish();
        EXPECT_THAT(answer,
                    HasSubstr("SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP 192.0.2.9:5070"));
        EXPECT_THAT(answer, HasSubstr("Via: SIP/2.0/UDP b\r\n")) << row.name;
        EXPECT_THAT(answer, HasSubstr("From: <sip:a@x>;tag=f\r\n")) << row.name;
        EXPECT_THAT(answer, HasSubstr("To: <sip:b@y>;tag=t\r\n")) << row.name;
        EXPECT_THAT(answer, HasSubstr("CSeq: 3 INVITE\r\n")) << row.name;
    }
}

/// What the sender finds its request by is enough (RFC 3261 §17.1.3).
TEST(Salvage, MakesDoWithViaAndTheMethodOfCseq) {
    using namespace std::string_literals;
    struct Row {
        std::string lines;
        std::string answer;  ///< behind its Via
    };
    const std::string via = "Via: SIP/2.0/UDP h;branch=b\r\n";
    for (const Row& row : {
             Row{"CSeq: 1 INVITE\r\n", "CSeq: 1 INVITE\r\n"},
             Row{"CSeq: 99999999999 X\r\n", "CSeq: 99999999999 X\r\n"},
             Row{"CSeq: X\r\n", "CSeq: X\r\n"},
             Row{"To: \"\\\0\" <b>\r\ni: c c\r\nCSeq: 1 X\r\n"s,
                 "To: \"\\ \" <b>;tag=t\r\nCall-ID: c c\r\nCSeq: 1 X\r\n"},
         }) {
        const auto request = salvage(bytes_of("INVITE sip:b@y SIP/2.0\r\n" + via + row.lines));
        ASSERT_TRUE(request) << row.lines;
        EXPECT_EQ(Builder::response(*request, {}, status(400), "t").finish(),
                  "SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP h;branch=b;received=" +
                      Source{}.peer.ip.to_string() + "\r\n" + row.answer +
                      "Content-Length: 0\r\n\r\n");
    }
}

TEST(Salvage, GivesBackSeventyViasAtMost) {
    std::string vias;
    for (int i = 0; i < 100; ++i) {
        vias += "v: SIP/2.0/UDP h\r\n";
    }
    const auto request = salvage(bytes_of("BYE x SIP/2.0\r\n" + vias + "CSeq: 1 BYE\r\n"));
    ASSERT_TRUE(request);
    EXPECT_EQ(std::ranges::count(request->lines(), Field::Via, &Line::field), 70);
}

TEST(Salvage, LeavesAloneWhatNobodyAnswers) {
    const std::string start = "INVITE sip:b@y SIP/2.0\r\n";
    for (const std::string& text :
         {std::string(), std::string("\r\n\r\n"), std::string("GET / HTTP/1.1\r\n") + kVia + kRest,
          "SIP/2.0 200 OK\r\n" + kVia + kRest, "SIP/3.0 200 SIP/2.0\r\n" + kVia + kRest,
          "INVITE sip:b@y SIP/2\r\n" + kVia + kRest, "INVITE sip:b@y SIP/.0\r\n" + kVia + kRest,
          "INVITE sip:b@y SIP/2.\r\n" + kVia + kRest, "ACK sip:b@y SIP/2.0\r\n" + kVia + kRest,
          start + "Via: x\r\nFrom: a\r\nTo: b\r\nCall-ID: c\r\nCSeq: 1 ACK\r\n\r\n", start + kVia,
          start + kRest, start + "Via: SIP/2.0/UDP\r\n" + kRest,
          start + "Via: ;branch=b\r\n" + kRest,
          start + kVia + "From: a\r\nTo: b\r\nCall-ID: c\r\nCSeq: 1\r\n",
          start + kVia + "From: a\r\nTo: b\r\nCall-ID: c\r\nCSeq: 1 A B\r\n"}) {
        EXPECT_FALSE(salvage(bytes_of(text))) << text;
    }
}

}  // namespace
}  // namespace causeway::sip
