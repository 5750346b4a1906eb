#include "samples.hpp"

namespace causeway::sdp::test {
namespace {

TEST(SdpOffer, TowardALiveKitIsPlain) {
    EXPECT_EQ(
        shown(make_offer(parsed(kBusyOffer), a_plain_plan())),
        ours({"m=audio 30000 RTP/AVP 0 8 9 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
              "a=rtpmap:9 G722/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16,32",
              "a=ptime:20", "a=sendonly"}));
}

TEST(SdpOffer, TowardACarrierKeepsWhatNamesNoAddress) {
    EXPECT_EQ(shown(make_offer(parsed(kBusyOffer), a_plan())),
              ours({"a=tool:phone 4.2",
                    "m=audio 30000 RTP/AVP 96 0 8 18 13 9 97 101 102",
                    "b=AS:64",
                    "a=rtpmap:96 opus/48000/2",
                    "a=rtpmap:0 PCMU/8000",
                    "a=rtpmap:8 PCMA/8000",
                    "a=rtpmap:18 G729/8000",
                    "a=rtpmap:13 CN/8000",
                    "a=rtpmap:9 G722/8000",
                    "a=rtpmap:97 iLBC/8000",
                    "a=rtpmap:101 telephone-event/8000",
                    "a=rtpmap:102 telephone-event/48000",
                    "a=fmtp:96 useinbandfec=1",
                    "a=fmtp:97 mode=30",
                    "a=fmtp:18 annexb=no",
                    "a=fmtp:101 0-16,32",
                    "a=fmtp:102 0-15",
                    "a=rtcp-fb:96 nack",
                    "a=rtcp-fb:* trr-int 100",
                    "a=silenceSupp:off - - - -",
                    "a=X-vendor:keep me, please",
                    "a=ptime:20",
                    "a=maxptime:40",
                    "a=sendonly"}));
}

TEST(SdpOffer, PassesLiveKitsOwnWithAnotherHead) {
    EXPECT_EQ(
        shown(make_offer(parsed(kLiveKitOffer), a_plan())),
        ours({"m=audio 30000 RTP/AVP 9 0 8 101", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000",
              "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16",
              "a=ptime:20", "a=sendrecv"}));
}

/// The payload types of the only m= line.
std::string formats_of(const Result<Session>& session) {
    if (!session) {
        return "error: " + session.error().what;
    }
    const std::string& line = session->media.at(0).lines.at(0).value;
    constexpr std::string_view kStart = "audio 30000 RTP/AVP ";
    EXPECT_TRUE(line.starts_with(kStart)) << line;
    return line.substr(kStart.size());
}

struct Choice {
    const char* name;
    std::vector<std::string> offered;
    std::vector<std::string> codecs{};
    std::vector<std::string> only{};
    bool plain{};
    std::string formats;
};

class SdpOfferChoice : public testing::TestWithParam<Choice> {};

TEST_P(SdpOfferChoice, OfFormats) {
    const Choice& row = GetParam();
    RewritePlan plan = a_plan();
    plan.codecs = row.codecs;
    plan.only = row.only;
    plan.plain = row.plain;
    EXPECT_EQ(formats_of(make_offer(parsed(described(row.offered)), plan)), row.formats);
}

const std::string kEvent = "a=rtpmap:101 telephone-event/8000";

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpOfferChoice,
    testing::Values(
        Choice{.name = "OffererOrder",
               .offered = {"m=audio 4 RTP/AVP 8 101 0 9", kEvent},
               .formats = "8 101 0 9"},
        Choice{.name = "OnlyKeepsOffererOrder",
               .offered = {"m=audio 4 RTP/AVP 18 8 3 101 0 9", kEvent},
               .only = {"PCMU", "PCMA", "G722"},
               .plain = true,
               .formats = "8 101 0 9"},
        Choice{.name = "CodecsGiveTheOrder",
               .offered = {"m=audio 4 RTP/AVP 101 18 9 0 8", kEvent},
               .codecs = {"pcma", "PCMU", "G722"},
               .formats = "8 0 9 101"},
        Choice{.name = "CodecsNotOfferedAreNotAdded",
               .offered = {"m=audio 4 RTP/AVP 0 101", kEvent},
               .codecs = {"PCMA", "PCMU", "G722"},
               .formats = "0 101"},
        Choice{.name = "CodecsAndOnlyBothApply",
               .offered = {"m=audio 4 RTP/AVP 18 9 0 8"},
               .codecs = {"G729", "PCMA", "PCMU"},
               .only = {"PCMU", "PCMA", "G722"},
               .formats = "8 0"},
        Choice{.name = "EveryVariantOfAName",
               .offered = {"m=audio 4 RTP/AVP 0 96 97", "a=rtpmap:96 AMR/8000",
                           "a=rtpmap:97 AMR/8000"},
               .codecs = {"AMR", "PCMU"},
               .formats = "96 97 0"},
        Choice{.name = "ComfortNoisePassesToOthers",
               .offered = {"m=audio 4 RTP/AVP 0 13"},
               .formats = "0 13"},
        Choice{.name = "ComfortNoiseIsNotPlain",
               .offered = {"m=audio 4 RTP/AVP 0 13"},
               .plain = true,
               .formats = "0"},
        Choice{.name = "ComfortNoiseOnlyIfNamed",
               .offered = {"m=audio 4 RTP/AVP 0 13 8"},
               .codecs = {"PCMA", "CN"},
               .formats = "8 13"},
        Choice{
            .name = "WideEventsWithTheirVoice",
            .offered = {"m=audio 4 RTP/AVP 96 101 102 103", "a=rtpmap:96 opus/48000/2", kEvent,
                        "a=rtpmap:102 telephone-event/48000", "a=rtpmap:103 telephone-event/16000"},
            .formats = "96 101 102"},
        Choice{.name = "WideEventsGoWithTheirVoice",
               .offered = {"m=audio 4 RTP/AVP 96 0 101 102", "a=rtpmap:96 opus/48000/2", kEvent,
                           "a=rtpmap:102 telephone-event/48000"},
               .codecs = {"PCMU"},
               .formats = "0 101"},
        Choice{
            .name = "PlainHasOneEvent",
            .offered = {"m=audio 4 RTP/AVP 102 96 101 100", "a=rtpmap:96 AMR-WB/16000", kEvent,
                        "a=rtpmap:100 telephone-event/8000", "a=rtpmap:102 telephone-event/16000"},
            .plain = true,
            .formats = "96 101"},
        Choice{.name = "NamelessFormatsAreLeftOut",
               .offered = {"m=audio 4 RTP/AVP 99 0 1"},
               .formats = "0"},
        Choice{.name = "NothingLeft",
               .offered = {"m=audio 4 RTP/AVP 18 101", kEvent},
               .only = {"PCMU", "PCMA", "G722"},
               .plain = true,
               .formats = "error: no voice codec is left to offer"},
        Choice{.name = "EventsAlone",
               .offered = {"m=audio 4 RTP/AVP 101 13", kEvent},
               .formats = "error: no voice codec is left to offer"}),
    [](const auto& row) { return row.param.name; });

TEST(SdpOffer, RefusesWithUnsupported) {
    const auto offer = make_offer(parsed(described({"m=audio 4 RTP/AVP 18"})), a_plain_plan());
    ASSERT_FALSE(offer);
    EXPECT_EQ(offer.error().code, Errc::Unsupported);
}

TEST(SdpOffer, DropsCryptoOfferedInAvp) {
    const std::string text =
        shown(make_offer(parsed(described({"m=audio 4 RTP/AVP 0",
                                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 "
                                           "inline:V44lXgFo467gyuvc5C0QIFdujNYVMTuQiYEBhY4J"})),
                         a_plan()));
    EXPECT_EQ(text, ours({"m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv"}));
}

struct Carried {
    const char* name;
    std::string line;
    bool plain{};
    bool is_kept{};
};

class SdpOfferLine : public testing::TestWithParam<Carried> {};

TEST_P(SdpOfferLine, IsKeptOrLeftOut) {
    RewritePlan plan = a_plan();
    plan.plain = GetParam().plain;
    plan.hidden = {"", "Inside.Example"};
    const std::string text =
        shown(make_offer(parsed(described({"m=audio 4 RTP/AVP 0", GetParam().line})), plan));
    const bool is_there = text.find("\r\n" + GetParam().line + "\r\n") != std::string::npos;
    EXPECT_EQ(is_there, GetParam().is_kept) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpOfferLine,
    testing::Values(
        Carried{.name = "Unknown", .line = "a=X-y:anything at all;=", .is_kept = true},
        Carried{.name = "UnknownFlag", .line = "a=X-y", .is_kept = true},
        Carried{.name = "UnknownIsNotPlain", .line = "a=X-y", .plain = true},
        Carried{.name = "Label", .line = "a=label:1", .is_kept = true},
        Carried{.name = "Extmap",
                .line = "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                .is_kept = true},
        Carried{.name = "HiddenInAnyCase", .line = "a=X-y:at PBX.INSIDE.EXAMPLE:5060"},
        Carried{.name = "HiddenName", .line = "a=inside.example"},
        Carried{.name = "HiddenInFmtp", .line = "a=fmtp:0 x=inside.example"},
        Carried{.name = "HiddenInBandwidth", .line = "b=inside.example:1"},
        Carried{.name = "Ip4", .line = "a=X-y:10.0.0.1"},
        Carried{.name = "Ip4InsideAWord", .line = "a=X-y:host10.0.0.1x"},
        Carried{.name = "Ip4WithPort", .line = "a=X-y:u@10.0.0.1:5060;r"},
        Carried{.name = "Ip4AtTheEndOfASentence", .line = "a=X-y:it is 10.0.0.1."},
        Carried{.name = "ThreePartVersion", .line = "a=tool:x 1.2.3", .is_kept = true},
        Carried{.name = "Ip4Garbled", .line = "a=X-y:10.0.0.1234"},
        Carried{.name = "DotsAndDigits", .line = "a=X-y:1.2.3..4 .5.6.7", .is_kept = true},
        Carried{.name = "Ip6", .line = "a=X-y:2001:db8::1"},
        Carried{.name = "Ip6InBrackets", .line = "a=X-y:[fe80::1%eth0]:4"},
        Carried{.name = "Ip6AfterAKey", .line = "a=X-y:at:here:fe80::1"},
        Carried{.name = "Mapped", .line = "a=X-y:::ffff:10.0.0.1"},
        Carried{.name = "Time", .line = "a=X-y:12:34:56", .is_kept = true},
        Carried{.name = "Scope", .line = "a=X-y:foo::bar", .is_kept = true},
        Carried{.name = "Bandwidth", .line = "b=TIAS:64000", .is_kept = true},
        Carried{.name = "BandwidthIsNotPlain", .line = "b=TIAS:64000", .plain = true},
        Carried{.name = "BandwidthNonsense", .line = "b=TIAS:many"},
        Carried{.name = "Title", .line = "i=title"}, Carried{.name = "Key", .line = "k=prompt"},
        Carried{.name = "UnknownType", .line = "x=y"},
        Carried{.name = "Ptime", .line = "a=ptime:20", .is_kept = true},
        Carried{.name = "PtimeIsPlain", .line = "a=ptime:30", .plain = true, .is_kept = true},
        Carried{.name = "PtimeOverflowIsNotPlain", .line = "a=ptime:99999999999", .plain = true},
        Carried{.name = "PtimeZeroIsNotPlain", .line = "a=ptime:0", .plain = true},
        Carried{.name = "Maxptime", .line = "a=maxptime:150", .is_kept = true},
        Carried{.name = "MaxptimeIsNotPlain", .line = "a=maxptime:150", .plain = true},
        Carried{.name = "Fmtp", .line = "a=fmtp:0 x=1;  y=2", .is_kept = true},
        Carried{.name = "FmtpIsPlain", .line = "a=fmtp:0 x=1", .plain = true, .is_kept = true},
        Carried{.name = "FmtpOfNothing", .line = "a=fmtp:97 mode=30"},
        Carried{.name = "FmtpNonsense", .line = "a=fmtp:x mode=30"},
        Carried{.name = "FmtpWild", .line = "a=fmtp:* mode=30"},
        Carried{.name = "Feedback", .line = "a=rtcp-fb:0 nack", .is_kept = true},
        Carried{.name = "FeedbackIsNotPlain", .line = "a=rtcp-fb:* nack", .plain = true},
        Carried{.name = "FeedbackOfNothing", .line = "a=rtcp-fb:97 nack"},
        Carried{.name = "Rtcp", .line = "a=rtcp:5"},
        Carried{.name = "RtcpUpperCase", .line = "a=RTCP:5"},
        Carried{.name = "RtcpMux", .line = "a=rtcp-mux"},
        Carried{.name = "Ssrc", .line = "a=ssrc:1 cname:x"},
        Carried{.name = "CandidateWithName", .line = "a=candidate:1 1 UDP 1 x.local 4 typ host"}),
    [](const auto& row) { return row.param.name; });

struct Held {
    const char* name;
    std::string connection;
    std::string said;
    std::string offered;
};

class SdpOfferDirection : public testing::TestWithParam<Held> {};

TEST_P(SdpOfferDirection, IsSaidInTheSection) {
    const auto offer = make_offer(
        parsed(with_lines({GetParam().connection, GetParam().said, "m=audio 4 RTP/AVP 0"})),
        a_plan());
    EXPECT_EQ(shown(offer),
              ours({"m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=" + GetParam().offered}));
}

INSTANTIATE_TEST_SUITE_P(Rows, SdpOfferDirection,
                         testing::Values(Held{.name = "SendOnlyOfTheSession",
                                              .connection = "c=IN IP4 192.0.2.1",
                                              .said = "a=sendonly",
                                              .offered = "sendonly"},
                                         Held{.name = "RecvOnly",
                                              .connection = "c=IN IP4 192.0.2.1",
                                              .said = "a=recvonly",
                                              .offered = "recvonly"},
                                         Held{.name = "ZeroAddressIsSendOnly",
                                              .connection = "c=IN IP4 0.0.0.0",
                                              .said = "a=sendrecv",
                                              .offered = "sendonly"},
                                         Held{.name = "ZeroAddressThatOnlyListened",
                                              .connection = "c=IN IP4 0.0.0.0",
                                              .said = "a=recvonly",
                                              .offered = "inactive"}),
                         [](const auto& row) { return row.param.name; });

TEST(SdpOffer, WritesOurIp6Address) {
    RewritePlan plan = a_plan();
    plan.local.ip = *IpAddress::parse("2001:db8::5");
    plan.session_id = 18446744073709551615U;
    const std::string text = shown(make_offer(parsed(kLiveKitOffer), plan));
    EXPECT_NE(text.find("o=- 18446744073709551615 2 IN IP6 2001:db8::5\r\n"), std::string::npos);
    EXPECT_NE(text.find("c=IN IP6 2001:db8::5\r\n"), std::string::npos);
}

TEST(SdpOffer, CorrectsG722sClockAndSaysStereo) {
    EXPECT_EQ(
        shown(make_offer(parsed(described({"m=audio 4 RTP/AVP 9 10", "a=rtpmap:9 G722/16000"})),
                         a_plan())),
        ours({"m=audio 30000 RTP/AVP 9 10", "a=rtpmap:9 G722/8000", "a=rtpmap:10 L16/44100/2",
              "a=sendrecv"}));
}

TEST(SdpOffer, LeavesOutACodecThatNamesAnAddress) {
    RewritePlan plan = a_plan();
    plan.hidden = {"secret"};
    EXPECT_EQ(
        shown(make_offer(parsed(described({"m=audio 4 RTP/AVP 96 97 0", "a=rtpmap:96 10.0.0.1/8000",
                                           "a=fmtp:96 x", "a=rtpmap:97 Secret/8000"})),
                         plan)),
        ours({"m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv"}));
}

TEST(SdpOffer, RefusesWhatWouldOutgrowOurOwnLimits) {
    std::vector<std::string> lines{"m=audio 4 RTP/AVP 0"};
    lines.resize(495, "a=x");
    const auto offer = make_offer(parsed(described(lines)), a_plan());
    ASSERT_FALSE(offer);
    EXPECT_EQ(offer.error().code, Errc::Malformed);
}

}  // namespace
}  // namespace causeway::sdp::test
