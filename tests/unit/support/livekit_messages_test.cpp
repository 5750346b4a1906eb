// Every message that FakeLivekit writes, held against the recording of the real one: same start
// line, same headers in the same order, same parameters; only what is random or an address differs.
#include "livekit_bench.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <string>

namespace causeway::testing {
namespace {

/// The message with everything that belongs to one call or one host made equal.
std::string shape(std::string text) {
    const std::vector<std::pair<std::regex, std::string>> rules{
        {std::regex("SCL_[A-Za-z0-9]{12}"), "SCL_#"},
        {std::regex("tag=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
         "tag=UUID"},
        {std::regex("branch=z9hG4bK\\.[A-Za-z0-9]{16}"), "branch=OURS"},
        {std::regex("branch=z9hG4bK[a-z0-9A-Z]+"), "branch=THEIRS"},
        {std::regex("tag=[a-z0-9]+"), "tag=THEIRS"},
        {std::regex("nonce=\"[0-9]+-"), "nonce=\"#-"},
        {std::regex("[A-Za-z0-9]+@carrier\\.example"), "ID@carrier.example"},
        {std::regex("\\+[0-9]+"), "+N"},
        {std::regex("o=- [0-9]+ [0-9]+ "), "o=- # # "},
        {std::regex("m=audio [0-9]+ "), "m=audio # "},
        {std::regex(":[0-9]{4,5}"), ":PORT"},
        {std::regex("rport=[0-9]+"), "rport=PORT"},
        {std::regex("CSeq: [0-9]+"), "CSeq: #"},
        {std::regex("Content-Length: [1-9][0-9]*"), "Content-Length: #"},
    };
    for (const auto& [pattern, value] : rules) {
        text = std::regex_replace(text, pattern, value);
    }
    // The recorder's file writer ended bodies without their last line end.
    while (text.ends_with("\r\n")) {
        text.resize(text.size() - 2);
    }
    return text;
}

struct Row {
    std::string file;
    std::string prefix;  ///< start of the message that is compared
    std::function<void(LivekitBench&)> play;
};

void expect(const Row& row) {
    FakeLivekit::Options options;
    Behaviour with_headers = Behaviour::answer(Millis{20});
    with_headers.headers = {{"X-Trunk-Fixed", "yes"}};
    Behaviour with_result = Behaviour::answer(Millis{20});
    with_result.headers = {{"X-Agent-Result", "sold"}};
    Behaviour with_digest = Behaviour::challenge("sbc", "secret");
    with_digest.auth_realm = "bench.livekit";
    Behaviour with_refer = Behaviour::answer(Millis{20});
    with_refer.refer_after = Millis{500};
    options.numbers = {{"+15550100", Behaviour::answer(Millis{20})},
                       {"+15550101", with_headers},
                       {"+15550102", with_result},
                       {"+15550120", Behaviour::ring(Millis{5000})},
                       {"+15550200", with_digest},
                       {"+15550103", with_refer},
                       {"+15550800", Behaviour::refuse(503, "Try again later")}};
    LivekitBench bench(options);
    row.play(bench);
    const std::string got = bench.last(row.prefix);
    ASSERT_FALSE(got.empty()) << row.file;
    EXPECT_EQ(shape(got), shape(LivekitBench::recorded(row.file))) << row.file;
}

const auto kCall = [](LivekitBench& bench) { bench.send(LivekitBench::invite("c1")); };
const auto kUp = [](LivekitBench& bench) { bench.establish("c1"); };

TEST(LivekitMessages, ProvisionalsCarryTheToTagAndNoContact) {
    expect({"inbound-100.sip", "SIP/2.0 100", kCall});
    expect({"inbound-180.sip", "SIP/2.0 180", kCall});
}

TEST(LivekitMessages, TheAnswerIsAsRecorded) {
    expect({"inbound-200.sip", "SIP/2.0 200", [](LivekitBench& bench) {
                bench.send(LivekitBench::invite("c1", "+15550101"));
                bench.wait(Millis{20});
            }});
}

TEST(LivekitMessages, TheSessionIdIsCopiedAndItsVersionIsTwoMore) {
    LivekitBench bench;
    kUp(bench);
    bench.send(bench.inside("INVITE", "c1", 2, "", ""));
    const auto sdp = SdpText::parse(SipText::parse(bench.last("SIP/2.0 200"))->body);
    EXPECT_EQ(sdp->session_id, "1749558423");
    EXPECT_EQ(sdp->version, "1749558425");
}

TEST(LivekitMessages, CancelIsAnsweredUnderAnotherTag) {
    const auto play = [](LivekitBench& bench) {
        bench.send(LivekitBench::invite("c1"));
        bench.send(LivekitBench::replaced(LivekitBench::recorded("cancel.sip"), "z9hG4bK6pahh207sh",
                                          "z9hG4bKc1"));
    };
    expect({"cancel-200.sip", "SIP/2.0 200", play});
    expect({"cancel-487.sip", "SIP/2.0 487", play});
}

TEST(LivekitMessages, RefusalsAreAsRecorded) {
    expect({"ringing-timeout-486.sip", "SIP/2.0 486", [](LivekitBench& bench) {
                bench.send(LivekitBench::invite("c1", "+15550120"));
                bench.wait(Millis{5000});
            }});
    expect({"no-codec-400.sip", "SIP/2.0 400", [](LivekitBench& bench) {
                bench.send(LivekitBench::replaced(LivekitBench::invite("c1"), "RTP/AVP 0 101",
                                                  "RTP/AVP 4 101"));
            }});
    expect({"offerless-400.sip", "SIP/2.0 400", [](LivekitBench& bench) {
                std::string text = LivekitBench::invite("c1");
                text = text.substr(0, text.find("Content-Type"));
                bench.send(text + "Content-Length: 0\r\n\r\n");
            }});
    expect({"conflict-503.sip", "SIP/2.0 503",
            [](LivekitBench& bench) { bench.send(LivekitBench::invite("c1", "+15550800")); }});
    expect({"replayed-400.sip", "SIP/2.0 400", [](LivekitBench& bench) {
                const std::string good = LivekitBench::invite("c1");
                bench.send(LivekitBench::replaced(good, "RTP/AVP 0 101", "RTP/AVP 4 101"));
                bench.out.clear();
                bench.send(LivekitBench::replaced(good, "z9hG4bKc1", "z9hG4bKc2"));
            }});
}

TEST(LivekitMessages, ChallengesAreAsRecorded) {
    const auto first = [](LivekitBench& bench) {
        bench.send(LivekitBench::invite("c1", "+15550200"));
    };
    expect({"digest-407.sip", "SIP/2.0 407", first});
    expect({"digest-wrong-password-401.sip", "SIP/2.0 401", [&](LivekitBench& bench) {
                first(bench);
                std::string again = LivekitBench::invite("c1", "+15550200");
                again = LivekitBench::replaced(again, "branch=z9hG4bKc1", "branch=z9hG4bKc2");
                bench.send(LivekitBench::replaced(
                    again, "Content-Type",
                    "Proxy-Authorization: Digest username=\"sbc\", nonce=\"x\"\r\nContent-Type"));
            }});
}

TEST(LivekitMessages, InDialogAnswersAreAsRecorded) {
    struct Request {
        std::string file, method, headers;
    };
    const std::vector<Request> rows{
        {"in-dialog-info.sip", "INFO", ""},
        {"in-dialog-update.sip", "UPDATE", ""},
        {"in-dialog-prack.sip", "PRACK", ""},
        {"in-dialog-options.sip", "OPTIONS", ""},
        {"notify-501.sip", "NOTIFY", "Event: causeway-alive\r\n"},
        {"notify-400.sip", "NOTIFY", ""},
        {"inbound-bye-200.sip", "BYE", ""},
    };
    for (const auto& row : rows) {
        expect({row.file, "SIP/2.0", [&](LivekitBench& bench) {
                    kUp(bench);
                    bench.send(bench.inside(row.method, "c1", 9, row.headers));
                }});
    }
    expect({"notify-481.sip", "SIP/2.0 481", [](LivekitBench& bench) {
                kUp(bench);
                bench.send(bench.inside("BYE", "c1", 2));
                bench.send(bench.inside("NOTIFY", "c1", 3, "Event: causeway-alive\r\n"));
            }});
}

TEST(LivekitMessages, OptionsOutsideADialogGetsARandomTag) {
    expect({"options-200.sip", "SIP/2.0 200", [](LivekitBench& bench) {
                std::string text = bench.inside("OPTIONS", "c1", 1);
                bench.send(LivekitBench::replaced(text, ";tag=\r\n", "\r\n"));
            }});
}

TEST(LivekitMessages, AReinviteGetsTheCachedDescription) {
    expect({"reinvite-hold-200.sip", "SIP/2.0 200", [](LivekitBench& bench) {
                kUp(bench);
                const std::string offer = LivekitBench::recorded("reinvite-hold.sip");
                bench.send(bench.inside("INVITE", "c1", 2, "Content-Type: application/sdp\r\n",
                                        offer.substr(offer.find("v=0"))));
            }});
}

TEST(LivekitMessages, ItsOwnByeAndReferAreAsRecorded) {
    expect({"bye-media-timeout.sip", "BYE ", [](LivekitBench& bench) {
                kUp(bench);
                bench.lk.hang_up("c1@carrier.example", bench.now);
                bench.wait(Millis{500});
            }});
    expect({"bye-room-deleted.sip", "BYE ", [](LivekitBench& bench) {
                bench.send(LivekitBench::invite("c1", "+15550102"));
                bench.wait(Millis{20});
                bench.lk.hang_up("c1@carrier.example", bench.now);
                bench.wait(Millis{500});
            }});
    const auto refer = [](LivekitBench& bench) {
        bench.send(LivekitBench::invite("c1", "+15550103"));
        bench.wait(Millis{20});
        bench.send(bench.inside("ACK", "c1", 1));
        bench.wait(Millis{500});
    };
    FakeLivekit::Options options;
    std::string recorded = LivekitBench::recorded("refer.sip");
    recorded = LivekitBench::replaced(recorded, "X-Why: bench\r\n", "");
    Behaviour how = Behaviour::answer(Millis{20});
    how.refer_after = Millis{500};
    options.numbers = {{"+15550103", how}};
    LivekitBench bench(options);
    refer(bench);
    EXPECT_EQ(shape(bench.last("REFER ")), shape(recorded));
}

TEST(LivekitMessages, ANotifyOfItsReferIsASuccess) {
    FakeLivekit::Options options;
    Behaviour how = Behaviour::answer(Millis{20});
    how.refer_after = Millis{1500};
    options.numbers = {{"+15550100", how}};
    LivekitBench bench(options);
    bench.establish("c1");
    bench.wait(Millis{500});
    const auto refer = SipText::parse(bench.last("REFER "));
    ASSERT_TRUE(refer);
    bench.send("SIP/2.0 202 Accepted\r\nVia: " + std::string(refer->header("Via")) + "\r\nFrom: " +
               std::string(refer->header("From")) + "\r\nTo: " + std::string(refer->header("To")) +
               "\r\nCall-ID: c1@carrier.example\r\nCSeq: 2 REFER\r\n\r\n");
    bench.out.clear();
    bench.send(bench.inside("NOTIFY", "c1", 2, "Event: refer\r\n", "SIP/2.0 200 OK"));
    EXPECT_EQ(shape(bench.last("SIP/2.0")), shape(LivekitBench::recorded("refer-notify-200.sip")));
    bench.wait(Millis{999});
    EXPECT_EQ(bench.last("BYE "), "");
    bench.wait(Millis{1});
    EXPECT_NE(bench.last("BYE "), "");
}

TEST(LivekitMessages, TheRightPasswordIsTakenOnce) {
    FakeLivekit::Options options;
    options.numbers = {{"+15550100", Behaviour::challenge("sbc", "secret")}};
    LivekitBench bench(options);
    const std::string first = LivekitBench::invite("c1");
    bench.send(first);
    EXPECT_EQ(bench.lines(),
              (std::vector<std::string>{"SIP/2.0 100 Processing", "SIP/2.0 407 Unauthorized"}));
    const std::string tag = bench.scl_id;
    const auto challenge = SipText::parse(bench.out.back().second);
    const std::string value(challenge->header("Proxy-Authenticate"));
    EXPECT_EQ(value.find("qop"), std::string::npos);
    std::string again = LivekitBench::replaced(first, "z9hG4bKc1", "z9hG4bKc2");
    again = LivekitBench::replaced(again, "CSeq: 1", "CSeq: 2");
    const auto with = [&](const std::string& response) {
        const auto nonce_at = value.find("nonce=\"") + 7;
        const std::string nonce = value.substr(nonce_at, value.find('"', nonce_at) - nonce_at);
        return LivekitBench::replaced(
            again, "Content-Type",
            "Proxy-Authorization: Digest username=\"sbc\", realm=\"LiveKit\", nonce=\"" + nonce +
                "\", uri=\"sip:x\", response=\"" + response + "\"\r\nContent-Type");
    };
    // MD5(MD5(sbc:LiveKit:secret) : nonce : MD5(INVITE:sip:x)), by md5sum
    bench.out.clear();
    bench.send(with("367d48153318f46b15ff03765133370f"));
    EXPECT_EQ(bench.lines(),
              (std::vector<std::string>{"SIP/2.0 100 Processing", "SIP/2.0 180 Ringing"}));
    EXPECT_EQ(bench.scl_id, tag);
    // Another call with the same credentials: its nonce differs, so its response is wrong.
    bench.send(LivekitBench::invite("d7", "+15550100"));
    bench.out.clear();
    std::string wrong = with("367d48153318f46b15ff03765133370f");
    wrong = LivekitBench::replaced(wrong, "c1@carrier", "d7@carrier");
    bench.send(LivekitBench::replaced(wrong, "z9hG4bKc2", "z9hG4bKd8"));
    EXPECT_EQ(bench.lines().back(), "SIP/2.0 401 Unauthorized");
}

}  // namespace
}  // namespace causeway::testing
