#include "support/ua/sip_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::testing {
namespace {

TEST(SipText, ReadsARequest) {
    const auto message = SipText::parse(
        "INVITE sip:+4930@10.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx;rport\r\n"
        "From: \"A;tag=no\" <sip:b@c;x=y>;tag=f1\r\nt: <sip:+4930@10.0.0.1>\r\nCall-ID: 7\r\n"
        "CSeq: 3 INVITE\r\nX-Folded: a\r\n  b\r\nContent-Length: 4\r\n\r\nbodyrest");
    ASSERT_TRUE(message);
    EXPECT_TRUE(message->is_request());
    EXPECT_EQ(message->method(), "INVITE");
    EXPECT_EQ(message->request_uri(), "sip:+4930@10.0.0.1");
    EXPECT_EQ(message->cseq(), 3U);
    EXPECT_EQ(message->from_tag(), "f1");
    EXPECT_EQ(message->to_tag(), "");
    EXPECT_EQ(message->branch(), "z9hG4bKx");
    EXPECT_EQ(message->header("x-folded"), "a b");
    EXPECT_EQ(message->body, "body");
}

TEST(SipText, ReadsAResponseWithoutReason) {
    const auto message = SipText::parse(
        "SIP/2.0 400 \r\nVia: x\r\nFrom: f\r\nTo: t;tag=SCL_1\r\nCall-ID: 7\r\n"
        "CSeq: 1 BYE\r\n\r\n");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->status(), 400);
    EXPECT_EQ(message->reason(), "");
    EXPECT_EQ(message->method(), "BYE");
    EXPECT_EQ(message->to_tag(), "SCL_1");
}

TEST(SipText, RefusesWhatIsNoMessage) {
    EXPECT_FALSE(SipText::parse(""));
    EXPECT_FALSE(SipText::parse("hello\r\n\r\n"));
    EXPECT_FALSE(SipText::parse("OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n"));
}

TEST(SipText, TakesUrisApart) {
    EXPECT_EQ(uri_of("\"x\" <sip:a@b>;tag=1"), "sip:a@b");
    EXPECT_EQ(uri_of("sip:a@b;tag=1"), "sip:a@b");
    EXPECT_EQ(user_of("sip:+1555;npdi@h"), "+1555;npdi");
    EXPECT_EQ(user_of("tel:+1555"), "");
    EXPECT_EQ(user_of("sip:h"), "");
    EXPECT_EQ(endpoint_of("sip:u@127.0.0.1:5070;transport=udp")->to_string(), "127.0.0.1:5070");
    EXPECT_EQ(endpoint_of("sip:127.0.0.1")->port, 5060);
    EXPECT_EQ(endpoint_of("sip:u@[2001:db8::1]:5070")->to_string(), "[2001:db8::1]:5070");
    EXPECT_EQ(endpoint_of("sip:[::1];lr")->to_string(), "[::1]:5060");
    EXPECT_FALSE(endpoint_of("sip:example.net"));
    EXPECT_FALSE(endpoint_of("sip:127.0.0.1:99999"));
}

TEST(SdpText, ReadsTheFirstAudioSection) {
    const auto sdp = SdpText::parse(
        "v=0\r\no=- 18446744073709551615 1 IN IP4 1.1.1.1\r\ns=-\r\nc=IN IP4 2.2.2.2\r\nt=0 0\r\n"
        "m=video 1 RTP/AVP 31\r\nc=IN IP4 9.9.9.9\r\nm=audio 4000 RTP/AVP 8 101\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=sendonly\r\nm=audio 5000 RTP/AVP 0\r\n");
    ASSERT_TRUE(sdp);
    EXPECT_EQ(sdp->session_id, "18446744073709551615");
    EXPECT_EQ(sdp->rtp()->to_string(), "2.2.2.2:4000");
    EXPECT_EQ(sdp->sections, 3U);
    EXPECT_EQ(sdp->direction, "sendonly");
    EXPECT_EQ(sdp->formats.size(), 2U);
    EXPECT_EQ(sdp->format(8)->name, "PCMA/8000");
    EXPECT_EQ(sdp->find("telephone-event/8000"), 101);
    EXPECT_FALSE(sdp->find("TELEPHONE-EVENT/8000"));
}

TEST(SdpText, FallsBackToTheOriginsAddress) {
    const auto sdp = SdpText::parse("v=0\r\no=- 1 1 IN IP4 3.3.3.3\r\nm=audio 2 RTP/AVP 0\r\n");
    EXPECT_EQ(sdp->address, "3.3.3.3");
    EXPECT_TRUE(SdpText::parse("v=0\r\no=- 1 1 IN IP6 ::3\r\nm=audio 2 RTP/AVP 0\r\n")->rtp());
    EXPECT_FALSE(SdpText::parse("v=0\r\no=- 1 1 IN IP4 ::3\r\nm=audio 2 RTP/AVP 0\r\n")->rtp());
    EXPECT_FALSE(SdpText::parse("v=0\r\no=- 1 1 IN IP4 3.3.3.3\r\n"));
    EXPECT_FALSE(SdpText::parse("nonsense"));
}

}  // namespace
}  // namespace causeway::testing
