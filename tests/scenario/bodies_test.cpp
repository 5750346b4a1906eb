#include "story.hpp"

#include <string>
#include <string_view>

/// What an INVITE may carry instead of a plain offer: nothing, something else, or an offer among
/// other things.
namespace causeway::testing {
namespace {

using call::By;
using call::Cause;

const std::string kGeneric = R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})";

// ── bodies ──────────────────────────────────────────────────────────────────────────────────────

struct Unreadable {
    const char* what;
    InviteBuilder invite;
    const char* header;
    const char* value;
};

TEST(Body, ThatCannotBeReadIs415AndSaysWhatCan) {
    const Unreadable rows[] = {
        {"a text", an_invite().body("text/plain", "hello"), "Accept",
         "application/sdp, multipart/mixed"},
        {"ISUP alone", an_invite().body("application/isup", "x"), "Accept",
         "application/sdp, multipart/mixed"},
        {"no type", an_invite().body("", "v=0"), "Accept", "application/sdp, multipart/mixed"},
        {"parts without SDP",
         an_invite().body("multipart/mixed;boundary=b",
                          "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--"),
         "Accept", "application/sdp, multipart/mixed"},
        {"compressed", an_invite().header("Content-Encoding", "gzip"), "Accept-Encoding",
         "identity"},
    };
    for (const Unreadable& row : rows) {
        SCOPED_TRACE(row.what);
        Story story;
        const SipText invite = *SipText::parse(row.invite.text());
        story.carrier->send(invite.bytes);
        story.run_for(Millis{50});
        ASSERT_EQ(story.carrier->count(415), 1U);
        EXPECT_EQ(story.carrier->last(415).header(row.header), row.value);
        story.carrier->ack(invite, story.carrier->last(415));
        EXPECT_EQ(story.record().outcome,
                  (call::Outcome{Cause::Client, By::Causeway, 415, "media_unsupported"}));
        EXPECT_TRUE(story.livekit->requests().empty());
        story.expect_nothing_left();
    }
}

TEST(Body, OfManyPartsIsUnpackedAndOnlyItsSdpGoesOn) {
    Story story;
    const std::string offer = an_sdp({.rtp = World::at(10, 40000)});
    story.establish(an_invite().body(
        "multipart/mixed; boundary=\"cut here\"",
        "--cut here\r\nContent-Type: application/isup;version=itu-t92+\r\nContent-Disposition: "
        "signal;handling=optional\r\n\r\nISUP\r\n--cut here\r\nContent-Type: "
        "application/sdp\r\n\r\n" +
            offer + "\r\n--cut here--\r\n"));
    EXPECT_EQ(story.leg_b.header("Content-Type"), "application/sdp");
    EXPECT_EQ(story.leg_b.bytes.find("ISUP"), std::string::npos);
    EXPECT_EQ(SdpText::parse(story.leg_b.body)->formats.size(), 3U);
}

TEST(Body, OfManyPartsInTheGatewaysAnswerIsUnpackedToo) {
    Story story({.gateways = {kGeneric}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{20});
    const std::string answer = an_sdp({.rtp = World::at(30, 5000)});
    const std::string body =
        "--b\r\nContent-Type: application/sdp\r\n\r\n" + answer + "\r\n--b--\r\n";
    const SipText invite = story.generic->last("INVITE");
    std::string ok = "SIP/2.0 200 OK\r\n";
    for (const char* name : {"Via", "From", "Call-ID", "CSeq"}) {
        ok.append(name).append(": ").append(invite.header(name)).append("\r\n");
    }
    ok.append("To: ").append(invite.header("To")).append(";tag=g\r\n");
    ok.append("Contact: <sip:127.0.0.30>\r\nContent-Type: multipart/mixed;boundary=b\r\n");
    ok.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n" + body);
    story.generic->send(ok);
    story.run_for(Millis{20});
    EXPECT_EQ(story.carrier->count(200), 1U);
}

// ── no offer ────────────────────────────────────────────────────────────────────────────────────

/// A carrier that wants our offer.
class Offerless : public Story {
public:
    explicit Offerless(World::Options options = {}) : Story(std::move(options)) {
        invite = *SipText::parse(an_invite().sdp("").text());
        carrier->send(invite.bytes);
        run_for(Millis{200});
    }
    void acknowledge(std::string_view body) {
        answer = carrier->last(200);
        carrier->ack(invite, answer, body);
        run_for(Millis{50});
    }
};

TEST(NoOffer, GetsOursInThe200AndItsAckAnswersIt) {
    Offerless story;
    ASSERT_EQ(story.carrier->count(200), 1U) << "LiveKit was given an early offer";
    const SipText ok = story.carrier->last(200);
    const auto offer = SdpText::parse(ok.body);
    ASSERT_TRUE(offer);
    EXPECT_EQ(offer->direction, "sendrecv");
    EXPECT_EQ(offer->formats.front().name, "PCMU/8000");
    const auto to_livekit =
        SdpText::parse(SipText::parse(story.livekit->live().front().invite)->body);
    EXPECT_EQ(to_livekit->address, "127.0.0.1");
    EXPECT_EQ(to_livekit->formats.size(), 3U);

    const Endpoint a_port = Story::our_rtp(ok.body);
    const Endpoint carrier_rtp = World::at(10, 45678);
    story.acknowledge(an_sdp({.rtp = carrier_rtp, .formats = "0 101"}));
    story.relay->take_sent();
    const Endpoint livekit_rtp{IpAddress::v4(127, 0, 0, 20),
                               story.livekit->live().front().local_rtp};
    story.relay->inject_rtp(*to_livekit->rtp(), livekit_rtp, 0, 1, 0xbbbb);
    story.relay->inject_rtp(a_port, carrier_rtp, 0, 1, 0xaaaa);
    const auto sent = story.relay->take_sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].to, carrier_rtp);
    EXPECT_EQ(sent[1].to, livekit_rtp);
    story.hang_up();
    EXPECT_EQ(story.record().outcome.cause, Cause::Success);
    EXPECT_EQ(story.record().codec, "PCMU");
    story.expect_nothing_left();
}

TEST(NoOffer, AndNoAnswerInTheAckEndsTheCall) {
    const std::string other_codec = an_sdp({.rtp = World::at(10, 45678), .formats = "8"});
    for (const std::string& body : {std::string(), std::string("nonsense"), other_codec}) {
        SCOPED_TRACE(body);
        Offerless story;
        ASSERT_EQ(story.carrier->count(200), 1U);
        story.acknowledge(body);
        ASSERT_EQ(story.carrier->count("BYE"), 1U);
        EXPECT_EQ(story.carrier->last("BYE").header("Reason"), "Q.850;cause=88");
        story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
        EXPECT_EQ(story.record().outcome,
                  (call::Outcome{Cause::Client, By::Causeway, 200, "media_unsupported"}));
        EXPECT_TRUE(story.livekit->ended().front().bye_received);
        story.expect_nothing_left();
    }
}

TEST(NoOffer, AndNoAckEndsTheCallLikeAnyOther) {
    Offerless story;
    ASSERT_EQ(story.carrier->count(200), 1U);
    story.run_for(Millis{33'000});
    ASSERT_GE(story.carrier->count("BYE"), 1U);
    story.carrier->reply(story.carrier->last("BYE"), 200, "OK");
    EXPECT_EQ(story.record().outcome.reason, "no_ack");
    story.expect_nothing_left();
}

TEST(NoOffer, HoldAndResumeWorkAfterwards) {
    Offerless story;
    story.acknowledge(an_sdp({.rtp = World::at(10, 45678), .formats = "0 101"}));
    story.carrier->request("INVITE", story.invite, story.answer, 2,
                           an_sdp({.rtp = World::at(10, 45678), .direction = "sendonly"}));
    story.run_for(Millis{20});
    const auto held = SdpText::parse(story.carrier->last(200).body);
    ASSERT_TRUE(held);
    EXPECT_EQ(held->direction, "recvonly");
    EXPECT_EQ(held->session_id, SdpText::parse(story.answer.body)->session_id);
    EXPECT_GT(held->version, SdpText::parse(story.answer.body)->version);
}

// ── telephone events ────────────────────────────────────────────────────────────────────────────

TEST(Dtmf, UnderTheGatewaysOwnNumberReachesBothEnds) {
    Story story({.gateways = {kGeneric}});
    const SipText invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{20});
    const SipText leg_b = story.generic->last("INVITE");
    story.generic->reply(leg_b, 200, "OK", "g",
                         "v=0\r\no=g 1 1 IN IP4 127.0.0.30\r\ns=-\r\nc=IN IP4 127.0.0.30\r\nt=0 "
                         "0\r\nm=audio 5000 RTP/AVP 8 96\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:96 "
                         "telephone-event/8000\r\n");
    story.run_for(Millis{20});
    const SipText ok = story.carrier->last(200);
    story.carrier->ack(invite, ok);
    const auto answer = SdpText::parse(ok.body);
    ASSERT_EQ(answer->formats.size(), 2U);
    EXPECT_EQ(answer->formats[1].payload_type, 96)
        << "the carrier is told what the gateway wants to get";
    const Endpoint a_port = Story::our_rtp(ok.body);
    const Endpoint b_port = Story::our_rtp(leg_b.body);
    story.relay->inject_rtp(a_port, World::at(10, 40000), 8, 1, 0xaaaa);
    story.relay->inject_rtp(a_port, World::at(10, 40000), 96, 2, 0xaaaa);
    story.relay->inject_rtp(b_port, World::at(30, 5000), 8, 1, 0xbbbb);
    story.relay->inject_rtp(b_port, World::at(30, 5000), 101, 2, 0xbbbb);
    EXPECT_EQ(story.relay->take_sent().size(), 4U);

    story.carrier->request("INVITE", invite, ok, 2,
                           an_sdp({.rtp = World::at(10, 40000), .version = 2}));
    story.run_for(Millis{20});
    const auto again = SdpText::parse(story.carrier->last(200).body);
    EXPECT_EQ(again->formats[1].payload_type, 96) << "and again at a re-INVITE";
    story.generic->request_as_callee("INVITE", leg_b, "g", 5,
                                     "v=0\r\no=g 1 2 IN IP4 127.0.0.30\r\ns=-\r\nc=IN IP4 "
                                     "127.0.0.30\r\nt=0 0\r\nm=audio 5002 RTP/AVP 8 "
                                     "96\r\na=rtpmap:96 telephone-event/8000\r\n");
    story.run_for(Millis{20});
    const auto to_gateway = SdpText::parse(story.generic->last(200).body);
    EXPECT_EQ(to_gateway->formats[1].payload_type, 101) << "what the carrier wants to get";
}

}  // namespace
}  // namespace causeway::testing
