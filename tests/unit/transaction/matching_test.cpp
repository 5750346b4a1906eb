#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

// Which message belongs to which transaction: RFC 3261 §17.1.3 and §17.2.3, and what breaks them.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr Millis kLong = std::chrono::minutes(10);
const RequestText kInvite{};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const std::size_t at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

// ── responses ───────────────────────────────────────────────────────────────

TEST(ResponseMatching, FindsTheTransactionByItsBranch) {
    Stage stage;
    const Key first = stage.request({.call_id = "a"});
    const Key second = stage.request({.call_id = "b"});
    stage.receive(answer(stage.sent[1].bytes, 180));
    stage.receive(answer(stage.sent[0].bytes, 180));
    ASSERT_EQ(stage.responses.size(), 2U);
    EXPECT_EQ(stage.responses[0].key, second);
    EXPECT_EQ(stage.responses[1].key, first);
}

TEST(ResponseMatching, ReadsTheViaAsPeersRewriteIt) {
    const std::string ours = "SIP/2.0/UDP 10.0.0.1:5060;branch=";
    for (const std::string& after :
         {std::string(";received=203.0.113.1;rport=5060"), std::string(""),
          std::string(" ;rport=5060"), std::string(", SIP/2.0/UDP elsewhere;branch=z9hG4bKq")}) {
        Stage stage;
        stage.request({});
        const std::string request = stage.sent.back().bytes;
        const std::string mine = ours + branch(request);
        stage.receive(replaced(answer(request, 180), header(request, "Via"), mine + after));
        EXPECT_EQ(stage.responses.size(), 1U) << after;
    }
}

struct MismatchRow {
    std::string name;
    std::string what;
    std::string by;
};
void PrintTo(const MismatchRow& row, std::ostream* out) {
    *out << row.what << " → " << row.by;
}

class ResponseMismatch : public ::testing::TestWithParam<MismatchRow> {};

TEST_P(ResponseMismatch, IsDropped) {
    Stage stage;
    stage.request({});
    stage.log();
    const std::string response = answer(stage.sent.back().bytes, 486);
    const std::string changed = replaced(response, GetParam().what, GetParam().by);
    ASSERT_NE(changed, response);
    stage.receive(changed);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ResponseMismatch,
    ::testing::Values(MismatchRow{"call_id", "Call-ID: call-1", "Call-ID: call-2"},
                      MismatchRow{"method", "CSeq: 1 INVITE", "CSeq: 1 BYE"},
                      MismatchRow{"cancel_without_one", "CSeq: 1 INVITE", "CSeq: 1 CANCEL"},
                      MismatchRow{"slot", "branch=z9hG4bK00000000", "branch=z9hG4bK00000001"},
                      MismatchRow{"huge_slot", "branch=z9hG4bK00000000", "branch=z9hG4bKfffffffe"},
                      MismatchRow{"longer", ";rport", "0;rport"},
                      MismatchRow{"no_magic", "z9hG4bK", "z9hG4bk"}),
    [](const auto& row) { return row.param.name; });

TEST(ResponseMatching, DropsASuccessThatShowsOurBranchButAnotherCall) {
    Stage stage;
    stage.request({});
    stage.log();
    stage.receive(
        replaced(answer(stage.sent.back().bytes, 200), "Call-ID: call-1", "Call-ID: call-2"));
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(ResponseMatching, ReportsAnUnknownSuccessOfAnInviteAsStray) {
    Stage stage;
    stage.request({});
    const std::string of_ours = branch(stage.sent.back().bytes);
    stage.log();
    stage.receive(replaced(answer(stage.sent.back().bytes, 200), of_ours, "z9hG4bKformerlife"));
    EXPECT_THAT(stage.log(), ElementsAre("0 stray 200"));
    EXPECT_EQ(stage.strays.back().from, stage.source);
}

TEST(ResponseMatching, DropsASuccessWhoseTopViaIsNotOurs) {
    Stage stage;
    stage.receive(answer(kInvite.text(), 200));
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(ResponseMatching, DropsEveryOtherUnknownResponse) {
    Stage stage;
    stage.receive(answer(kInvite.text(), 180));
    stage.receive(answer(kInvite.text(), 486));
    stage.receive(answer(kInvite.as("BYE").text(), 200));
    stage.receive(answer(kInvite.as("CANCEL").text(), 200));
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(ResponseMatching, DoesNotTakeAnOldBranchForTheSlotsNewLife) {
    Stage stage;
    const Key old_key = stage.request({.method = "BYE"});
    const std::string old_request = stage.sent.back().bytes;
    stage.undeliverable(old_key);
    const Key new_key = stage.request({.method = "BYE"});
    EXPECT_NE(new_key, old_key);
    EXPECT_EQ(branch(stage.sent.back().bytes).substr(0, 15), branch(old_request).substr(0, 15))
        << "the test means nothing if the slot was not reused";
    stage.log();
    stage.receive(answer(old_request, 200));
    stage.undeliverable(old_key);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(ResponseMatching, KnowsItsOwnBranchesWhileTheyLive) {
    Stage stage;
    const Key key = stage.request({});
    const std::string ours = branch(stage.sent.back().bytes);
    EXPECT_TRUE(stage.layer.owns_branch(ours));
    EXPECT_FALSE(stage.layer.owns_branch(ours.substr(0, ours.size() - 1) + "g"));
    EXPECT_FALSE(stage.layer.owns_branch(ours + "0"));
    EXPECT_FALSE(stage.layer.owns_branch(""));
    EXPECT_FALSE(stage.layer.owns_branch("z9hG4bKpeer1"));
    stage.undeliverable(key);
    EXPECT_FALSE(stage.layer.owns_branch(ours));
}

// ── requests ────────────────────────────────────────────────────────────────

TEST(RequestMatching, TellsRequestsApartByBranchSentByAndMethod) {
    std::vector<RequestText> requests(5, kInvite);
    requests[1].via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKpeer2;rport";
    requests[2].via = "SIP/2.0/UDP 192.0.2.8:5070;branch=z9hG4bKpeer1;rport";
    requests[3].via = "SIP/2.0/UDP 192.0.2.9:5071;branch=z9hG4bKpeer1;rport";
    requests[4].method = "OPTIONS";
    Stage stage;
    for (const RequestText& request : requests) {
        stage.accepted(request);
    }
    EXPECT_EQ(stage.requests.size(), requests.size());
    for (const RequestText& request : requests) {
        stage.receive(request.text());
    }
    EXPECT_EQ(stage.requests.size(), requests.size());
    EXPECT_EQ(stage.layer.size(), requests.size());
}

TEST(RequestMatching, TakesTheSameBranchForTheSameRequestWhateverElseChanged) {
    Stage stage;
    stage.accepted(kInvite);
    RequestText again = kInvite;
    again.call_id = "another";
    again.cseq = 99;
    stage.source.peer.port = 40000;
    stage.receive(again.text());
    EXPECT_EQ(stage.requests.size(), 1U);
}

TEST(RequestMatching, AnswersWhereTheTopViaAsksFor) {
    Stage stage;
    stage.source.peer.port = 40000;
    stage.accepted(kInvite);
    EXPECT_EQ(stage.sent.back().to.peer.port, 40000);
    RequestText without_rport = kInvite;
    without_rport.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKpeer7";
    stage.accepted(without_rport);
    EXPECT_EQ(stage.sent.back().to.peer.port, 5070);
}

TEST(RequestMatching, DropsARequestWhoseTopViaBreaksTheGrammar) {
    for (const std::string method : {"INVITE", "BYE", "ACK", "CANCEL"}) {
        Stage stage;
        RequestText request = kInvite.as(method);
        request.via = ";;;@@@";
        stage.receive(request.text());
        EXPECT_THAT(stage.log(), IsEmpty()) << method;
        EXPECT_EQ(stage.layer.size(), 0U);
    }
}

// RFC 2543: no magic cookie, or (RFC 4475 §3.2.1) nothing behind it.
class LegacyMatching : public ::testing::TestWithParam<std::string> {
protected:
    LegacyMatching() { invite.via = GetParam(); }
    RequestText invite;
};

TEST_P(LegacyMatching, RecognisesARetransmission) {
    Stage stage;
    stage.accepted(invite);
    stage.log();
    stage.receive(invite.text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 100 INVITE"));
}

TEST_P(LegacyMatching, TellsRequestsApartByUriTagCallAndCSeq) {
    std::vector<RequestText> requests(5, invite);
    requests[1].uri = "sip:carol@example.com";
    requests[2].from = "<sip:alice@example.org>;tag=from2";
    requests[3].call_id = "call-2";
    requests[4].cseq = 2;
    Stage stage;
    for (const RequestText& request : requests) {
        stage.accepted(request);
    }
    for (const RequestText& request : requests) {
        stage.receive(request.text());
    }
    EXPECT_EQ(stage.requests.size(), requests.size());
}

TEST_P(LegacyMatching, TakesTheAckThatShowsOurToTag) {
    Stage stage;
    const Key key = stage.accepted(invite);
    stage.respond(key, 486, "ours");
    stage.log();
    stage.receive(invite.as("ACK").with_to_tag("other").text());
    stage.pass(Millis(500));
    EXPECT_THAT(stage.log(), ElementsAre("500 > 486 INVITE"));
    stage.receive(invite.as("ACK").with_to_tag("ours").text());
    stage.pass(kLong);
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST_P(LegacyMatching, FindsTheInviteOfACancel) {
    Stage stage;
    stage.accepted(invite);
    stage.log();
    stage.receive(invite.as("CANCEL").text());
    stage.receive(invite.as("CANCEL").text());
    EXPECT_THAT(stage.log(), ElementsAre("0 > 200 CANCEL", "0 cancelled", "0 > 200 CANCEL"));
}

TEST_P(LegacyMatching, PassesTheAckOfASuccessUp) {
    Stage stage;
    stage.respond(stage.accepted(invite), 200);
    stage.log();
    stage.receive(invite.as("ACK").with_to_tag("local").text());
    EXPECT_THAT(stage.log(), ElementsAre("0 ack"));
}

INSTANTIATE_TEST_SUITE_P(Vias, LegacyMatching,
                         ::testing::Values("SIP/2.0/UDP 192.0.2.9:5070",
                                           "SIP/2.0/UDP 192.0.2.9:5070;branch=1",
                                           "SIP/2.0/UDP 192.0.2.9:5070;branch=abc.123456789",
                                           "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK"));

// ── ACKs with a branch of their own ─────────────────────────────────────────

RequestText ack_with_other_branch(std::string_view to_tag) {
    RequestText ack = kInvite.as("ACK");
    ack.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKnew;rport";
    return to_tag.empty() ? ack : ack.with_to_tag(to_tag);
}

TEST(LenientAck, WithAWrongBranchEndsTheRepetitionOfAFailure) {
    for (const std::string tag : {"local", ""}) {
        Stage stage;
        stage.respond(stage.accepted(kInvite), 486);
        stage.log();
        stage.receive(ack_with_other_branch(tag).text());
        stage.receive(ack_with_other_branch(tag).text());
        stage.pass(kLong);
        EXPECT_THAT(stage.log(), IsEmpty());
        EXPECT_EQ(stage.layer.size(), 0U);
    }
}

TEST(LenientAck, OfAnotherCallTagOrCSeqIsSomebodyElses) {
    std::vector<RequestText> acks(4, ack_with_other_branch("local"));
    acks[0].call_id = "call-2";
    acks[1].from = "<sip:alice@example.org>;tag=from2";
    acks[2].cseq = 2;
    acks[3] = ack_with_other_branch("of-a-2xx");
    for (const RequestText& ack : acks) {
        Stage stage;
        stage.respond(stage.accepted(kInvite), 486);
        stage.log();
        stage.receive(ack.text());
        EXPECT_THAT(stage.log(), ElementsAre("0 ack"));
        stage.pass(Millis(500));
        EXPECT_THAT(stage.log(), ElementsAre("500 > 486 INVITE"));
    }
}

TEST(LenientAck, FindsTheRightOneOfTwoForks) {
    Stage stage;
    RequestText second = kInvite;
    second.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKfork2;rport";
    const Key a = stage.accepted(kInvite);
    const Key b = stage.accepted(second);
    stage.respond(a, 486, "tag-a");
    stage.respond(b, 482, "tag-b");
    stage.receive(ack_with_other_branch("tag-b").text());
    stage.log();
    stage.pass(Millis(500));
    EXPECT_THAT(stage.log(), ElementsAre("500 > 486 INVITE"));
}

TEST(LenientAck, OfNothingIsPassedUp) {
    Stage stage;
    stage.receive(ack_with_other_branch("local").text());
    EXPECT_THAT(stage.log(), ElementsAre("0 ack"));
}

}  // namespace
}  // namespace causeway::transaction
