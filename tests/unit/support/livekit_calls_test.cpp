// What FakeLivekit does over time; each habit was measured on the real one.
#include "livekit_bench.hpp"

#include <gtest/gtest.h>

namespace causeway::testing {
namespace {

using Lines = std::vector<std::string>;
const std::string kTrying = "SIP/2.0 100 Processing";
const std::string kRinging = "SIP/2.0 180 Ringing";
const std::string kOk = "SIP/2.0 200 OK";

FakeLivekit::Options scripted(Behaviour how) {
    FakeLivekit::Options options;
    options.numbers = {{"+15550100", std::move(how)}};
    return options;
}

FakeLivekit::Options watched(Behaviour how = Behaviour::answer(Millis{20})) {
    FakeLivekit::Options options = scripted(std::move(how));
    options.media = Media::Watched;
    options.rtp_ports = {20000, 20002};
    return options;
}

TEST(LivekitCalls, RingEverySecondUntilAnswered) {
    LivekitBench bench(scripted(Behaviour::answer(Millis{2500})));
    bench.send(LivekitBench::invite("c1"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
    bench.wait(Millis{2499});
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging, kRinging, kRinging}));
    EXPECT_EQ(bench.out.back().first, Time{} + Millis{2000});
    bench.wait(Millis{1});
    EXPECT_EQ(bench.lines().back(), kOk);
}

TEST(LivekitCalls, TheAnswerComesThreeTimesWithOrWithoutAck) {
    for (const bool acked : {false, true}) {
        LivekitBench bench(scripted(Behaviour::answer(Millis{20})));
        bench.send(LivekitBench::invite("c1"));
        bench.wait(Millis{20});
        if (acked) {
            bench.send(bench.inside("ACK", "c1", 1));
        }
        bench.wait(Millis{3000});
        ASSERT_EQ(bench.lines(), (Lines{kTrying, kRinging, kOk, kOk, kOk}));
        EXPECT_EQ(bench.out[3].first - bench.out[2].first, Millis{250});
        EXPECT_EQ(bench.out[4].first - bench.out[2].first, Millis{750});
        EXPECT_EQ(bench.out[2].second, bench.out[4].second);
    }
}

TEST(LivekitCalls, AnUnmatchedNumberFallsSilentAndIgnoresCancel) {
    LivekitBench bench;
    bench.send(LivekitBench::invite("c1", "+15559999"));
    bench.wait(Millis{15'000});
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
    bench.send(LivekitBench::replaced(LivekitBench::recorded("cancel.sip"), "z9hG4bK6pahh207sh",
                                      "z9hG4bKc1"));
    bench.wait(Millis{15'000});
    EXPECT_EQ(bench.lines().size(), 2U);
    EXPECT_TRUE(bench.lk.live().empty());
    EXPECT_EQ(bench.lk.ended().front().phase, LivekitCall::Phase::Dropped);
}

TEST(LivekitCalls, NumbersThatAreNotExactlyTheRulesAreDropped) {
    for (const std::string_view to :
         {"<tel:+15550100>", "<sip:15550100@127.0.0.21>", "<sip:+15550100;npdi@127.0.0.21>",
          "<sip:+1-555-0100@127.0.0.21>"}) {
        LivekitBench bench;
        bench.send(LivekitBench::replaced(LivekitBench::invite("c1"),
                                          "To: <sip:+15550100@127.0.0.21:5070>",
                                          "To: " + std::string(to)));
        bench.wait(Millis{3000});
        EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging})) << to;
    }
    LivekitBench bench;  // while any host and any Request-URI will do
    std::string text = LivekitBench::replaced(LivekitBench::invite("c1"), "127.0.0.21:5070", "x.y");
    bench.send(LivekitBench::replaced(text, "INVITE sip:+15550100@", "INVITE sip:other@"));
    bench.wait(Millis{20});
    EXPECT_EQ(bench.lines().back(), kOk);
}

TEST(LivekitCalls, ADeadOneSaysNothing) {
    LivekitBench bench(scripted(Behaviour::silent()));
    bench.send(LivekitBench::invite("c1"));
    EXPECT_TRUE(bench.out.empty());
    bench.lk.script("+15550100", Behaviour::answer(Millis{20}));
    bench.lk.set_dead(true);
    bench.send(LivekitBench::invite("c2"));
    bench.send(bench.inside("OPTIONS", "c3", 1));
    EXPECT_TRUE(bench.out.empty());
    bench.lk.set_dead(false);
    bench.send(LivekitBench::invite("c4"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
}

TEST(LivekitCalls, RefusalsOfTheTrunkComeWithoutRinging) {
    LivekitBench bench(scripted(Behaviour::refuse(503, "Try again later")));
    bench.send(LivekitBench::invite("c1"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, "SIP/2.0 503 Try again later"}));
}

TEST(LivekitCalls, ARefusedPairIsReplayedForAMinuteUnderANewTag) {
    LivekitBench bench(scripted(Behaviour::refuse(503, "Try again later")));
    bench.send(LivekitBench::invite("c1"));
    const std::string tag = bench.scl_id;
    bench.lk.script("+15550100", Behaviour::answer(Millis{20}));
    const std::string again =
        LivekitBench::replaced(LivekitBench::invite("c1"), "z9hG4bKc1", "z9hG4bKagain");
    bench.out.clear();
    bench.wait(Millis{59'999});
    bench.send(again);
    EXPECT_EQ(bench.lines(), (Lines{"SIP/2.0 503 Try again later"}));
    EXPECT_NE(bench.scl_id, tag);
    bench.wait(Millis{1});
    bench.out.clear();
    bench.send(LivekitBench::replaced(again, "z9hG4bKagain", "z9hG4bKlater"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
}

TEST(LivekitCalls, AnotherCallIdIsJudgedAnew) {
    LivekitBench bench(scripted(Behaviour::refuse(503, "Try again later")));
    bench.send(LivekitBench::invite("c1"));
    bench.lk.script("+15550100", Behaviour::answer(Millis{20}));
    bench.out.clear();
    bench.send(LivekitBench::invite("c2"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
}

TEST(LivekitCalls, ABusyOneRingsFirstAndIsNotCached) {
    LivekitBench bench(scripted(Behaviour::busy_after(Millis{1500})));
    bench.send(LivekitBench::invite("c1"));
    bench.wait(Millis{1500});
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging, kRinging, "SIP/2.0 486 Rejected"}));
    bench.out.clear();
    bench.send(LivekitBench::replaced(LivekitBench::invite("c1"), "z9hG4bKc1", "z9hG4bKc2"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
}

TEST(LivekitCalls, RetransmissionsOfTheInviteGetTheLastAnswerThenNothing) {
    LivekitBench bench;
    const std::string invite = LivekitBench::invite("c1");
    bench.send(invite);
    bench.send(invite);
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging, kRinging}));
    bench.wait(Millis{1000});
    bench.out.clear();
    bench.send(invite);
    EXPECT_TRUE(bench.out.empty());
    EXPECT_EQ(bench.lk.live().size(), 1U);
}

TEST(LivekitCalls, ItsOwnCodecOrderWins) {
    struct Row {
        std::string offered;
        int chosen;
    };
    for (const Row& row : {Row{"8 0 9 101", 9}, Row{"8 0 101", 0}, Row{"8 18", 8}}) {
        LivekitBench bench;
        bench.send(LivekitBench::replaced(LivekitBench::invite("c1"), "RTP/AVP 0 101",
                                          "RTP/AVP " + row.offered));
        bench.wait(Millis{20});
        const auto answer = SipText::parse(bench.last(kOk));
        ASSERT_TRUE(answer) << row.offered;
        EXPECT_EQ(SdpText::parse(answer->body)->formats.front().payload_type, row.chosen);
        EXPECT_EQ(SdpText::parse(answer->body)->sections, 1U);
    }
}

TEST(LivekitCalls, OffersItCannotReadAreRefusedAfterRinging) {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"c=IN IP4 127.0.0.10", "c=IN IP4 example.net"},
        {"m=audio 43770", "m=audio 0"},
        {"Content-Type: application/sdp", "Content-Type: multipart/mixed;boundary=x"},
    };
    for (const auto& [from, to] : rows) {
        LivekitBench bench;
        std::string text = LivekitBench::replaced(LivekitBench::invite("c1"), from, to);
        bench.send(LivekitBench::replaced(text, "Content-Length: 201\r\n", ""));
        EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging, "SIP/2.0 400 "})) << to;
    }
}

TEST(LivekitCalls, DtmfIsNegotiatedInItsExactSpellingOnly) {
    LivekitBench bench;
    bench.send(LivekitBench::replaced(LivekitBench::invite("c1"), "telephone-event/8000",
                                      "TELEPHONE-EVENT/8000"));
    bench.wait(Millis{20});
    const auto answer = SdpText::parse(SipText::parse(bench.last(kOk))->body);
    EXPECT_EQ(answer->formats.size(), 1U);
}

TEST(LivekitCalls, Ipv6IsAnsweredAndGetsNoAudio) {
    LivekitBench bench(watched());
    std::string text =
        LivekitBench::replaced(LivekitBench::invite("c1"), "c=IN IP4 127.0.0.10", "c=IN IP6 ::1");
    bench.send(LivekitBench::replaced(text, "Content-Length: 201\r\n", ""));
    bench.wait(Millis{1000});
    EXPECT_EQ(bench.lines().back(), kOk);
    EXPECT_EQ(bench.rtp_out, 0U);
}

TEST(LivekitCalls, AReinviteMovesTheAudioAndNothingElse) {
    LivekitBench bench(watched());
    bench.establish("c1");
    bench.rtp_to.clear();
    const std::string body =
        "v=0\r\no=- 5 9 IN IP4 127.0.0.10\r\ns=-\r\nc=IN IP4 127.0.0.10\r\nt=0 0\r\n"
        "m=audio 43780 RTP/AVP 8\r\na=inactive\r\n";
    bench.send(bench.inside("INVITE", "c1", 2, "Content-Type: application/sdp\r\n", body));
    bench.wait(Millis{1000});
    EXPECT_EQ(bench.lines(), (Lines{kOk}));
    EXPECT_GE(bench.rtp_to.size(), 50U);
    EXPECT_EQ(bench.rtp_to.back().port, 43780);
    EXPECT_NE(bench.last(kOk).find("RTP/AVP 0 101"), std::string::npos);
    EXPECT_NE(bench.last(kOk).find("a=sendrecv"), std::string::npos);
}

TEST(LivekitCalls, AReinviteOfAnUnknownTagIsANewCall) {
    LivekitBench bench;
    bench.establish("c1");
    bench.scl_id = "SCL_unknown";
    const std::string offer = LivekitBench::recorded("reinvite-hold.sip");
    bench.send(bench.inside("INVITE", "c2", 2, "Content-Type: application/sdp\r\n",
                            offer.substr(offer.find("v=0"))));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
}

TEST(LivekitCalls, AReinviteWithAnOldCseqLosesTheDialog) {
    LivekitBench bench;
    bench.establish("c1");
    const std::string bye = bench.inside("BYE", "c1", 3);
    const std::string offer = LivekitBench::recorded("reinvite-hold.sip");
    bench.send(bench.inside("INVITE", "c1", 1, "Content-Type: application/sdp\r\n",
                            offer.substr(offer.find("v=0"))));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging, "SIP/2.0 486 Rejected"}));
    bench.send(bye);
    EXPECT_EQ(bench.lines().back(), "SIP/2.0 481 Call does not exist");
}

TEST(LivekitCalls, UnknownByesAndOtherMethodsAreRefused) {
    LivekitBench bench;
    bench.scl_id = "SCL_unknown";
    bench.send(bench.inside("BYE", "c1", 2));
    EXPECT_EQ(bench.lines().back(), "SIP/2.0 481 Call does not exist");
    for (const std::string_view method : {"MESSAGE", "SUBSCRIBE", "REFER", "REGISTER", "PUBLISH"}) {
        bench.send(bench.inside(method, "c1", 3));
        EXPECT_EQ(bench.lines().back(), "SIP/2.0 405 Method Not Allowed") << method;
    }
}

TEST(LivekitCalls, ItHangsUpTowardTheContactAndRepeatsItsBye) {
    Behaviour how = Behaviour::answer(Millis{20});
    how.hang_up_after = Millis{2000};
    LivekitBench bench(scripted(how));
    bench.send(LivekitBench::replaced(LivekitBench::invite("c1"), "sip:ua@127.0.0.10:44766",
                                      "sip:ua@127.0.0.11:6000"));
    bench.wait(Millis{20});
    bench.send(bench.inside("ACK", "c1", 1));
    bench.wait(Millis{1999});
    bench.out.clear();
    bench.sip_to.clear();
    bench.wait(Millis{7501});
    ASSERT_EQ(bench.lines().size(), 5U);
    EXPECT_EQ(bench.lines().front(), "BYE sip:ua@127.0.0.11:6000 SIP/2.0");
    EXPECT_EQ(bench.sip_to.front().to_string(), "127.0.0.11:6000");
    EXPECT_NE(bench.out.front().second.find("CSeq: 2 BYE"), std::string::npos);
    const std::vector<int> seen{0, 500, 1500, 3500, 7500};
    for (std::size_t i = 0; i < seen.size(); ++i) {
        EXPECT_EQ(bench.out[i].first - bench.out[0].first, Millis{seen[i]});
    }
    bench.wait(Millis{40'000});
    EXPECT_TRUE(bench.lk.live().empty());
    EXPECT_FALSE(bench.lk.ended().back().bye_answered);
}

TEST(LivekitCalls, MissingMediaEndsTheCall) {
    struct Row {
        bool acked, sends;
        Millis expected;  ///< BYE after the 200
    };
    for (const Row& row : {Row{true, false, Millis{30'000}}, Row{true, true, Millis{15'000}},
                           Row{false, false, Millis{7780}}, Row{false, true, Millis{15'000}}}) {
        LivekitBench bench(watched());
        bench.send(LivekitBench::invite("c1"));
        bench.wait(Millis{20});
        const Time answered = bench.now;
        if (row.acked) {
            bench.send(bench.inside("ACK", "c1", 1));
        }
        if (row.sends) {
            bench.rtp();
        }
        bench.wait(Millis{30'500});
        ASSERT_NE(bench.last("BYE "), "");
        for (const auto& [at, bytes] : bench.out) {
            if (bytes.starts_with("BYE ")) {
                EXPECT_EQ(at - answered, row.expected);
                break;
            }
        }
    }
}

TEST(LivekitCalls, WithoutMediaSilenceEndsNothing) {
    LivekitBench bench;
    bench.establish("c1");
    bench.wait(Millis{600'000});
    EXPECT_TRUE(bench.out.empty());
    EXPECT_EQ(bench.lk.live().size(), 1U);
}

TEST(LivekitCalls, AudioBeginsWithTheAnswerAtZero) {
    LivekitBench bench(watched());
    bench.send(LivekitBench::invite("c1"));
    bench.wait(Millis{19});
    EXPECT_EQ(bench.rtp_out, 0U);
    bench.wait(Millis{1});
    EXPECT_EQ(bench.rtp_out, 1U);
    bench.wait(Millis{1000});
    EXPECT_EQ(bench.rtp_out, 51U);
    EXPECT_EQ(bench.rtp_to.front().to_string(), "127.0.0.10:43770");
}

TEST(LivekitCalls, OutOfPortsIsA500WithoutReason) {
    FakeLivekit::Options options = watched();
    options.rtp_ports = {20000};
    LivekitBench bench(options);
    bench.send(LivekitBench::invite("c1"));
    bench.out.clear();
    bench.send(LivekitBench::invite("c2"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging, "SIP/2.0 500 "}));
    bench.wait(Millis{1000});
    bench.send(LivekitBench::replaced(bench.inside("BYE", "c1", 2), bench.scl_id,
                                      bench.lk.live().front().scl_id));
    bench.out.clear();
    bench.send(LivekitBench::invite("c3"));
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
}

TEST(LivekitCalls, AnAnswerAboveThirteenHundredBytesIsNeverSent) {
    LivekitBench bench;
    const std::string big =
        "Contact: <sip:ua@127.0.0.10:44766>\r\nRecord-Route: <sip:127.0.0.10;p=" +
        std::string(820, 'x') + ">";
    bench.send(LivekitBench::replaced(LivekitBench::invite("c1"),
                                      "Contact: <sip:ua@127.0.0.10:44766>", big));
    bench.wait(Millis{1000});
    EXPECT_EQ(bench.lines(), (Lines{kTrying, kRinging}));
    EXPECT_EQ(bench.lk.oversize(), 3U);
    bench.wait(Millis{7000});
    EXPECT_NE(bench.last("BYE "), "");  // neither ACK nor RTP came: the call dies in its room
}

TEST(LivekitCalls, TheSameSeedWritesTheSameBytes) {
    LivekitBench first;
    LivekitBench second;
    first.send(LivekitBench::invite("c1"));
    second.send(LivekitBench::invite("c1"));
    EXPECT_EQ(first.out, second.out);
    FakeLivekit::Options options;
    options.seed = 2;
    LivekitBench third(options);
    third.send(LivekitBench::invite("c1"));
    EXPECT_NE(first.out, third.out);
}

}  // namespace
}  // namespace causeway::testing
