#include "transaction/wire_text.hpp"

#include "stage.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::transaction {
namespace {

TEST(WireText, PutsOneViaBehindTheStartLine) {
    EXPECT_EQ(with_via("BYE sip:a SIP/2.0\r\nTo: b\r\n\r\nbody", sip::Transport::Tcp,
                       "[2001:db8::1]:5060", {1, 2})
                  .view(),
              "BYE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP [2001:db8::1]:5060;"
              "branch=z9hG4bK000000010000000000000002;rport\r\nTo: b\r\n\r\nbody");
}

TEST(WireText, ReadsTheMethodOfARequest) {
    EXPECT_EQ(method_of("INVITE sip:a SIP/2.0\r\n"), "INVITE");
    EXPECT_EQ(method_of(""), "");
}

TEST(WireText, ReadsTheCallIdInEverySpelling) {
    EXPECT_EQ(call_id_of("BYE x SIP/2.0\r\nTo: a\r\nCall-ID: a@b\r\n\r\n"), "a@b");
    EXPECT_EQ(call_id_of("BYE x SIP/2.0\r\ni:a@b\r\n\r\n"), "a@b");
    EXPECT_EQ(call_id_of("BYE x SIP/2.0\r\ncall-id \t:  a@b \r\n\r\n"), "a@b");
    EXPECT_EQ(call_id_of("BYE x SIP/2.0\r\nTo: a\r\n\r\nCall-ID: body\r\n"), "");
    EXPECT_EQ(call_id_of("BYE x SIP/2.0"), "");
}

TEST(WireText, ReadsTheStatusOfAResponseOnly) {
    EXPECT_EQ(status_of("SIP/2.0 180 Ringing\r\n"), 180);
    EXPECT_EQ(status_of("SIP/2.0 699 \r\n"), 699);
    EXPECT_EQ(status_of("SIP/2.0 99 x\r\n"), 0);
    EXPECT_EQ(status_of("SIP/2.0 700 x\r\n"), 0);
    EXPECT_EQ(status_of("SIP/2.0 20"), 0);
    EXPECT_EQ(status_of("INVITE sip:a SIP/2.0\r\n"), 0);
}

TEST(WireText, ReadsTheToTagOfAResponse) {
    EXPECT_EQ(to_tag_of(answer(RequestText{}.text(), 200, "mine")), "mine");
    EXPECT_EQ(to_tag_of(answer(RequestText{}.text(), 100, "")), "");
    EXPECT_EQ(to_tag_of("nonsense"), "");
}

TEST(WireText, WritesNothingFromARequestThatCannotBeRead) {
    EXPECT_TRUE(ack_of("INVITE sip:a SIP/2.0\r\n\r\n", "<sip:a>;tag=1").empty());
    EXPECT_TRUE(cancel_of("", {}).empty());
}

}  // namespace
}  // namespace causeway::transaction
