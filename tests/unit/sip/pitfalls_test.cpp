#include "samples.hpp"

#include "causeway/sip/builder.hpp"
#include "causeway/sip/grammar.hpp"

#include <gtest/gtest.h>

/// What parsers of whole messages get wrong (docs/reference/stack.md §3), where no other test of
/// this folder has it: limits and line ends are in message_test, costs in hostile_test and
/// cost_scenario, methods in torture_scenario.
namespace causeway::sip {
namespace {

TEST(Pitfalls, OneBadHeaderRefusesNothingElse) {
    for (const std::string name : {"Accept",
                                   "Alert-Info",
                                   "Allow",
                                   "Authorization",
                                   "Call-Info",
                                   "Contact",
                                   "Content-Disposition",
                                   "Content-Encoding",
                                   "Content-Language",
                                   "Content-Type",
                                   "Date",
                                   "Diversion",
                                   "Event",
                                   "Expires",
                                   "MIME-Version",
                                   "Min-Expires",
                                   "Min-SE",
                                   "P-Asserted-Identity",
                                   "Privacy",
                                   "Proxy-Authorization",
                                   "Proxy-Require",
                                   "RAck",
                                   "RSeq",
                                   "Reason",
                                   "Record-Route",
                                   "Refer-To",
                                   "Replaces",
                                   "Require",
                                   "Retry-After",
                                   "Route",
                                   "Session-Expires",
                                   "Subscription-State",
                                   "Supported",
                                   "Timestamp",
                                   "Unsupported",
                                   "User-Agent",
                                   "Via",
                                   "WWW-Authenticate",
                                   "Warning"}) {
        for (const std::string value :
             {"", "\"", "<<<>", ",;,;=", "\x01\x7f", "99999999999999999999"}) {
            SCOPED_TRACE(name + ": " + value);
            const Result<Message> message = split(an_invite().line(name + ": " + value).text());
            ASSERT_TRUE(message) << message.error().what;
            EXPECT_TRUE(from(*message));
            EXPECT_TRUE(to(*message));
            EXPECT_EQ(top_via(*message)->branch, "z9hG4bKtop");
            EXPECT_EQ(message->cseq(), 7U);
            EXPECT_TRUE(split(Builder::response(*message, {}, status(400), "t").finish()));
        }
    }
}

TEST(Pitfalls, NothingOfOneMessageShowsInTheNext) {
    const Message full = an_invite()
                             .line("Max-Forwards: 5")
                             .line("Contact: <sip:a@b>")
                             .line("Content-Length: 3")
                             .line("X-A: 1")
                             .body("abc")
                             .message();
    const Message bare = a_response().message();
    EXPECT_EQ(bare.first(Field::MaxForwards), std::nullopt);
    EXPECT_EQ(bare.first(Field::Contact), std::nullopt);
    EXPECT_EQ(bare.first("X-A"), std::nullopt);
    EXPECT_EQ(bare.request_uri(), "");
    EXPECT_EQ(bare.body(), "");
    EXPECT_EQ(full.reason(), "");
    EXPECT_EQ(full.body(), "abc");
}

TEST(Pitfalls, NothingOfAMessageIsLeftInOneThatIsAssignedOverIt) {
    Message message = an_invite()
                          .line("Max-Forwards: 5")
                          .line("X-A: 1")
                          .line("X-B: 2")
                          .line("Content-Length: 3")
                          .body("abc")
                          .message();
    ASSERT_EQ(message.first("X-B"), "2");
    message = a_response().message();
    EXPECT_FALSE(message.is_request());
    EXPECT_EQ(message.method(), a_response().message().method());
    EXPECT_EQ(message.first(Field::MaxForwards), std::nullopt);
    EXPECT_EQ(message.first("X-A"), std::nullopt);
    EXPECT_EQ(message.first("X-B"), std::nullopt);
    EXPECT_EQ(message.request_uri(), "");
    EXPECT_EQ(message.body(), "");
    message = an_invite().message();
    EXPECT_TRUE(message.is_request());
    EXPECT_EQ(message.reason(), "");
    EXPECT_EQ(message.status(), 0);
}

}  // namespace
}  // namespace causeway::sip
