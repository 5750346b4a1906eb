#include "samples.hpp"

#include "causeway/sip/message.hpp"

#include <gtest/gtest.h>

namespace causeway::sip {
namespace {

/// What it returns views the text.
std::optional<Glimpse> glimpse_of(std::string_view text) {
    return glimpse(bytes_of(text));
}
std::optional<Glimpse> glimpse_of(const char* text) {
    return glimpse_of(std::string_view(text));
}
std::optional<Glimpse> glimpse_of(std::string&&) = delete;

TEST(Glimpse, SeesWhatIdentifiesARequest) {
    const std::string text = an_invite()
                                 .start("BYE sip:a@b SIP/2.0")
                                 .to("t : \"a;tag=no\" <sip:a@b;tag=no> ; TAG = to7")
                                 .cseq("CSeq: 1 BYE")
                                 .text();
    const Glimpse seen = glimpse_of(text).value();
    EXPECT_FALSE(seen.is_response);
    EXPECT_EQ(seen.method, "BYE");
    EXPECT_EQ(seen.branch, "z9hG4bKtop");
    EXPECT_EQ(seen.call_id, "call-1@192.0.2.1");
    EXPECT_EQ(seen.from_tag, "from1");
    EXPECT_EQ(seen.to_tag, "to7");
}

TEST(Glimpse, SeesTheTopBranchOfAResponse) {
    const std::string text =
        a_response()
            .via("Via: SIP/2.0/UDP h;branch=z9hG4bKfirst, SIP/2.0/UDP g;branch=z9hG4bKsecond")
            .line("Via: SIP/2.0/UDP k;branch=z9hG4bKthird")
            .text();
    const Glimpse seen = glimpse_of(text).value();
    EXPECT_TRUE(seen.is_response);
    EXPECT_EQ(seen.branch, "z9hG4bKfirst");
    EXPECT_EQ(seen.to_tag, "to1");
}

TEST(Glimpse, TakesNoBranchFromBelowTheTop) {
    const std::string text = a_response()
                                 .via("Via: SIP/2.0/UDP h, SIP/2.0/UDP g;branch=z9hG4bKsecond")
                                 .line("Via: SIP/2.0/UDP k;branch=z9hG4bKthird")
                                 .text();
    EXPECT_EQ(glimpse_of(text)->branch, "");
}

TEST(Glimpse, ReadsFoldedAndCompactLines) {
    const std::string text = an_invite()
                                 .via("v: SIP / 2.0 / UDP\r\n h ;\r\n branch\r\n =\r\n zz")
                                 .from("f: <sip:a@b>\r\n ;tag=x")
                                 .call_id("i:\r\n abc")
                                 .text();
    const Glimpse seen = glimpse_of(text).value();
    EXPECT_EQ(seen.branch, "zz");
    EXPECT_EQ(seen.from_tag, "x");
    EXPECT_EQ(seen.call_id, "abc");
}

TEST(Glimpse, AgreesWithTheSplitMessage) {
    const Draft draft = an_invite().to("To: <sip:a@b>;x=\";tag=q\";tag=real");
    const std::string text = draft.text();
    const Glimpse seen = glimpse_of(text).value();
    EXPECT_EQ(seen.to_tag, "real");
    EXPECT_EQ(seen.call_id, draft.message().call_id());
}

TEST(Glimpse, ReadsOnlyTheHead) {
    const std::string text = an_invite().call_id("").body("Call-ID: from-the-body\r\n\r\n").text();
    EXPECT_EQ(glimpse_of(text)->call_id, "");
}

TEST(Glimpse, ReadsNoFurtherThanItsLimit) {
    const std::string filler = "X: " + std::string(kLimits.head, 'x');
    const std::string text = an_invite().via(filler).text();
    const Glimpse seen = glimpse_of(text).value();
    EXPECT_EQ(seen.call_id, "");
    EXPECT_EQ(seen.method, "INVITE");
}

TEST(Glimpse, SeesNothingInOtherTraffic) {
    for (const std::string_view text :
         {std::string_view(""), std::string_view("\r\n\r\n"), std::string_view("\0\1\2\3", 4),
          std::string_view("GET / HTTP/1.1\r\n\r\n"), std::string_view("INVITE\r\n\r\n"),
          std::string_view("SIP/2.0"), std::string_view("\x80\x00\x12\x34", 4),
          std::string_view(" SIP/2.0\r\n"), std::string_view("SIP/3.0 200 OK\r\n\r\n")}) {
        const std::optional<Glimpse> seen = glimpse_of(text);
        EXPECT_TRUE(!seen || (seen->branch.empty() && seen->call_id.empty())) << text;
    }
    EXPECT_FALSE(glimpse_of("GET / HTTP/1.1\r\nVia: SIP/2.0/UDP h;branch=x\r\n\r\n"));
    EXPECT_FALSE(glimpse_of(""));
}

}  // namespace
}  // namespace causeway::sip
