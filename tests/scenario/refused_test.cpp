#include "story.hpp"

#include <string>
#include <string_view>

/// Who gets no answer, and what the others are told.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

class Stranger : public ::testing::TestWithParam<const char*> {};

TEST_P(Stranger, GetsNotOneByte) {
    Story story;
    const Endpoint stranger{IpAddress::parse(GetParam()).value(), 5060};
    const auto from = [&](const char* method) {
        return std::string(method) + " sip:+4991874350352@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " +
               stranger.to_string() +
               ";branch=z9hG4bKx;rport\r\nFrom: <sip:s@x>;tag=s\r\nTo: "
               "<sip:t@x>\r\nCall-ID: s1\r\nCSeq: 1 " +
               method + "\r\nMax-Forwards: 70\r\nContact: <sip:s@" + stranger.to_string() +
               ">\r\n\r\n";
    };
    std::vector<std::string> sayings{
        "garbage\r\n\r\n",
        "\r\n\r\n",
        "\r\n",
        std::string(1, '\0'),
        std::string(60000, 'A'),
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx\r\n\r\n"};
    for (const char* method : {"INVITE", "OPTIONS", "REGISTER", "BYE", "CANCEL", "ACK", "MESSAGE",
                               "SUBSCRIBE", "NOTIFY", "REFER", "INFO", "UPDATE", "PRACK", "X"}) {
        sayings.push_back(from(method));
        sayings.push_back(from(method).substr(0, 100));
    }
    for (const std::string& saying : sayings) {
        story.send_from(stranger, World::carrier_side(), saying);
        story.send_from(stranger, World::livekit_side(), saying);
    }
    story.run_for(Millis{5000});
    EXPECT_TRUE(story.sent().empty());
    EXPECT_TRUE(story.records.empty());
    EXPECT_EQ(story.engine->counters().strangers, 2 * sayings.size());
    story.expect_nothing_left();
}

INSTANTIATE_TEST_SUITE_P(OfBothFamilies, Stranger, ::testing::Values("127.0.0.66", "2001:db8::66"),
                         [](const auto& row) { return row.index == 0 ? "Ipv4" : "Ipv6"; });

TEST(ToldStranger, HearsNoMoreThanNo) {
    Story story({.security = "{unknown_source: reject}"});
    for (const char* method : {"INVITE", "OPTIONS", "REGISTER"}) {
        story.stranger->send(std::string(method) +
                             " sip:+4991874350352@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP "
                             "127.0.0.66:5060;branch=z9hG4bKx;rport\r\nFrom: <sip:s@x>;tag=s\r\n"
                             "To: <sip:t@x>\r\nCall-ID: s1\r\nCSeq: 1 " +
                             method + "\r\n\r\n");
    }
    story.stranger->send(
        "ACK sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.66:5060;branch=z9hG4bKy\r\n"
        "From: <sip:s@x>;tag=s\r\nTo: <sip:t@x>\r\nCall-ID: s1\r\nCSeq: 1 ACK\r\n\r\n");
    story.stranger->send("garbage\r\n\r\n");
    story.run_for(Millis{100});
    EXPECT_EQ(story.stranger->count(403), 3U);
    EXPECT_EQ(story.sent().size(), 3U);
    EXPECT_TRUE(story.stranger->last(403).header("X-Causeway-Reason").empty());
    EXPECT_TRUE(story.stranger->last(403).header("Server").empty());
    EXPECT_TRUE(story.records.empty());
    story.expect_nothing_left();
}

TEST(StrangerInADialog, MayDoSoAndNothingElse) {
    Story story;
    story.establish();
    Peer elsewhere(World::at(77), World::livekit_side(),
                   [&](const Endpoint& from, const Endpoint& to, std::string bytes) {
                       story.send_from(from, to, std::move(bytes));
                   });
    const std::string tag = story.livekit->live().front().scl_id;
    story.run_for(Millis{2000});  // LiveKit repeats its 200 up to here
    const std::size_t before = story.sent().size();
    elsewhere.request_as_callee("BYE", story.leg_b, "SCL_wrong", 2);
    story.run_for(Millis{50});
    EXPECT_EQ(story.sent().size(), before)
        << "the tags must name the dialog: " << story.sent().back().bytes;
    elsewhere.request_as_callee("BYE", story.leg_b, tag, 2);
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count("BYE"), 1U) << "a cloud's BYE may come from anywhere";
}

struct Refusal {
    const char* what;
    InviteBuilder invite;
    int status;
    const char* reason;
    bool recorded;
};

TEST(RefusedCall, IsToldWhyAndLeavesNothing) {
    const Refusal rows[] = {
        {"nobody's number", an_invite().to("+4940555555"), 404, "no_tenant", true},
        {"a domain's tenant without the number", an_invite().to("+4940555555").host("acme.example"),
         404, "unknown_did", true},
        {"no voice codec", an_invite().sdp(an_sdp({.rtp = World::at(10, 4000), .formats = "101"})),
         488, "media_unsupported", true},
        {"G.729 alone", an_invite().sdp(an_sdp({.rtp = World::at(10, 4000), .formats = "18 101"})),
         488, "media_unsupported", true},
        {"an extension", an_invite().header("Require", "100rel"), 420, "bad_extension", false},
        {"no hop left", an_invite().without("Max-Forwards").header("Max-Forwards", "0"), 483,
         "too_many_hops", false},
        {"no Contact", an_invite().without("Contact"), 400, "bad_request", false},
    };
    for (const Refusal& row : rows) {
        SCOPED_TRACE(row.what);
        Story story;
        const SipText invite = *SipText::parse(row.invite.text());
        story.carrier->send(invite.bytes);
        story.run_for(Millis{100});
        ASSERT_EQ(story.carrier->count(row.status), 1U);
        const SipText& answer = story.carrier->last(row.status);
        EXPECT_EQ(answer.header("X-Causeway-Reason"), row.reason);
        EXPECT_FALSE(answer.to_tag().empty());
        EXPECT_EQ(story.carrier->count(100), row.recorded ? 1U : 0U) << "100 follows admission";
        story.carrier->ack(invite, answer);
        EXPECT_EQ(story.records.size(), row.recorded ? 1U : 0U);
        if (row.recorded) {
            EXPECT_EQ(story.record().outcome.reason, row.reason);
            EXPECT_EQ(story.record().outcome.cause, Cause::Client);
            EXPECT_EQ(story.record().outcome.sip_status, row.status);
        }
        EXPECT_TRUE(story.livekit->requests().empty());
        story.expect_nothing_left();
    }
}

TEST(RefusedCall, NamesTheExtensionsItDoesNotKnow) {
    Story story;
    story.carrier->invite(an_invite().header("Require", "100rel, precondition"));
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->last(420).header("Unsupported"), "100rel, precondition");
}

TEST(RefusedCall, PortsAreUsedUp) {
    Story story({.ports = "15000-15001"});
    story.establish();
    story.carrier->invite(an_invite().branch("a2").call_id("call-2@carrier.example"));
    story.run_for(Millis{100});
    const SipText& refused = story.carrier->last(503);
    EXPECT_EQ(refused.header("X-Causeway-Reason"), "no_ports");
    EXPECT_GE(std::stoi(std::string(refused.header("Retry-After"))), 2);
    EXPECT_LE(std::stoi(std::string(refused.header("Retry-After"))), 10);
    ASSERT_EQ(story.records.size(), 1U);
    EXPECT_EQ(story.records[0].outcome.cause, Cause::Server);
    story.hang_up();
    story.carrier->ack(
        *SipText::parse(an_invite().branch("a2").call_id("call-2@carrier.example").text()),
        refused);
    story.expect_nothing_left();
}

TEST(RefusedCall, CallsAreUsedUp) {
    Story story({.max_calls = 1});
    story.establish();
    const auto tried = story.carrier->count(100);
    const b2bua::Census before = story.engine->census();
    const std::size_t ports = story.relay->ports_in_use();
    story.carrier->invite(an_invite().branch("a2").call_id("call-2@carrier.example"));
    story.run_for(Millis{100});
    EXPECT_EQ(story.carrier->last(503).header("X-Causeway-Reason"), "no_capacity");
    EXPECT_FALSE(story.carrier->last(503).header("Retry-After").empty());
    // Nothing else has come into being.
    EXPECT_EQ(story.carrier->count(100), tried);
    EXPECT_EQ(story.livekit->requests().at("INVITE"), 1U);
    const b2bua::Census after = story.engine->census();
    EXPECT_EQ(after.calls, before.calls);
    EXPECT_EQ(after.dialogs, before.dialogs);
    EXPECT_EQ(after.flows, before.flows);
    EXPECT_EQ(after.timers, before.timers);
    EXPECT_EQ(after.transactions, before.transactions);
    EXPECT_EQ(story.relay->ports_in_use(), ports);
    EXPECT_TRUE(story.records.empty());
}

TEST(RefusedCall, TransactionsAreUsedUp) {
    Story story({.max_transactions = 4});
    story.establish();
    ASSERT_EQ(story.engine->census().transactions, 2U);  // the INVITEs of both legs
    for (const std::uint32_t cseq : {2U, 3U}) {
        story.carrier->request("INFO", story.invite, story.answer, cseq);
    }
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->count(405), 2U);

    story.carrier->request("INFO", story.invite, story.answer, 4);
    story.carrier->invite(an_invite().branch("a2").call_id("call-2@carrier.example"));
    story.run_for(Millis{10});
    EXPECT_EQ(story.carrier->count(503), 2U);
    EXPECT_EQ(story.carrier->last(503).header("X-Causeway-Reason"), "no_capacity");
    EXPECT_EQ(story.engine->census().transactions, 4U);

    story.carrier->request("BYE", story.invite, story.answer, 5);  // always heard
    story.run_for(Millis{10});
    EXPECT_EQ(story.record().outcome.reason, "bye");
    story.expect_nothing_left();
}

TEST(RefusedCall, ComesFromTheLivekitSideWhichMayNotCallYet) {
    Story story({.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}});
    story.generic->send(an_invite().source(World::at(30)).text());
    story.run_for(Millis{50});
    EXPECT_EQ(story.generic->last(403).header("X-Causeway-Reason"), "destination_not_allowed");
    EXPECT_EQ(story.generic->count(100), 0U);
    EXPECT_EQ(story.engine->census().transactions, 0U);
}

TEST(RefusedCall, IsOneOfOurOwnThatCameBack) {
    Story story;
    story.establish();
    story.carrier->invite(
        an_invite()
            .branch("a2")
            .call_id("call-2@carrier.example")
            .header("X-Causeway-Call-ID", std::string(story.leg_b.header("X-Causeway-Call-ID"))));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->last(482).header("X-Causeway-Reason"), "loop");
    EXPECT_EQ(story.engine->census().calls, 1U);
}

TEST(Draining, RefusesNewCallsAndOptionsButNotTheLiveCall) {
    Story story;
    story.establish();
    story.engine->drain();
    story.carrier->invite(an_invite().branch("a2").call_id("call-2@carrier.example"));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->last(503).header("X-Causeway-Reason"), "draining");
    EXPECT_EQ(story.engine->census().calls, 1U);
    story.hang_up();
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
}

TEST(HangUpAll, EndsAnsweredAndRingingCalls) {
    Story story({.numbers = {{"+493012345001", Behaviour::ring()}}});
    story.establish();
    const SipText second =
        *SipText::parse(an_invite().to("+493012345001").branch("a2").call_id("c2").text());
    story.carrier->send(second.bytes);
    story.run_for(Millis{100});
    story.engine->hang_up_all("drain_deadline", Cause::Indeterminate);
    story.run_for(Millis{50});
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    story.carrier->ack(second, story.carrier->last(480));
    ASSERT_EQ(story.records.size(), 2U);
    for (const port::CallRecord& record : story.records) {
        EXPECT_EQ(record.outcome.cause, Cause::Indeterminate);
        EXPECT_EQ(record.outcome.reason, "drain_deadline");
        EXPECT_EQ(record.outcome.side, By::Causeway);
    }
    story.expect_nothing_left();
}

TEST(HangUpAll, DoesNotWaitForAnAckThatIsMissing) {
    Story story;
    story.carrier->invite(an_invite());
    story.run_for(Millis{200});
    ASSERT_EQ(story.carrier->count(200), 1U);
    story.engine->hang_up_all("drain_deadline", Cause::Indeterminate);
    story.run_for(Millis{20});
    ASSERT_GE(story.carrier->count("BYE"), 1U);
    EXPECT_EQ(story.carrier->last("BYE").header("Reason"), "Q.850;cause=41");
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    EXPECT_EQ(story.record().outcome.reason, "drain_deadline");
    story.expect_nothing_left();
}

// ── outside INVITE ──────────────────────────────────────────────────────────────────────────────

std::string request(std::string_view method, std::string_view to_tag = {}) {
    const std::string name(method);
    return name + " sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK" +
           name + ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:c@x>;tag=f\r\nTo: <sip:t@x>" +
           (to_tag.empty() ? "" : ";tag=" + std::string(to_tag)) + "\r\nCall-ID: " + name +
           "\r\nCSeq: 7 " + name + "\r\nContact: <sip:c@127.0.0.10>\r\nContent-Length: 0\r\n\r\n";
}

TEST(Options, OfAKnownPeerIs200WithWhatWeCanDo) {
    Story story;
    story.carrier->send(request("OPTIONS"));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->last(200).header("Allow"), "INVITE, ACK, CANCEL, BYE, OPTIONS");
    EXPECT_EQ(story.carrier->last(200).header("Accept"), "application/sdp, multipart/mixed");
    EXPECT_EQ(story.engine->census().transactions, 0U) << "stateless";
    story.engine->drain();
    story.carrier->send(request("OPTIONS"));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(503), 1U);
}

TEST(UnknownMethod, Is405WithATrueAllow) {
    Story story;
    for (const char* method : {"REGISTER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "FANCY"}) {
        story.carrier->send(request(method));
    }
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(405), 5U);
    EXPECT_EQ(story.carrier->last(405).header("Allow"), "INVITE, ACK, CANCEL, BYE, OPTIONS");
}

TEST(UnknownDialog, Is481) {
    Story story;
    story.carrier->send(request("BYE", "nobody"));
    story.carrier->send(request("INFO", "nobody"));
    story.carrier->send(request("INVITE", "nobody"));
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(481), 3U);
    story.expect_nothing_left();
}

TEST(InDialog, OptionsIs200OtherMethodsAre405ReferIs603) {
    Story story;
    story.establish();
    std::uint32_t cseq = 1;
    story.carrier->request("OPTIONS", story.invite, story.answer, ++cseq);
    for (const char* method : {"INFO", "UPDATE", "PRACK", "NOTIFY", "MESSAGE"}) {
        story.carrier->request(method, story.invite, story.answer, ++cseq);
    }
    story.carrier->request("REFER", story.invite, story.answer, ++cseq);
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(200), 2U);
    EXPECT_EQ(story.carrier->count(405), 5U);
    EXPECT_EQ(story.carrier->count(603), 1U);
    EXPECT_EQ(story.livekit->requests().count("INFO"), 0U) << "nothing of it reaches the other leg";
    story.carrier->request("BYE", story.invite, story.answer, 1);
    story.run_for(Millis{50});
    EXPECT_EQ(story.carrier->count(500), 1U) << "an old CSeq (RFC 3261 §12.2.2)";
    EXPECT_EQ(story.engine->census().calls, 1U);
}

}  // namespace
}  // namespace causeway::testing
