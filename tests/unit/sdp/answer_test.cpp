#include "samples.hpp"

namespace causeway::sdp::test {
namespace {

Session described_session(const std::vector<std::string>& lines) {
    return parsed(described(lines));
}

TEST(SdpAnswer, HasTheSectionsOfTheOfferAndRefusesAllButOne) {
    const Session offer = described_session(
        {"m=image 4000 udptl t38", "a=T38FaxVersion:0", "m=audio 0 RTP/AVP 18",
         "m=audio 4002 RTP/AVPF 8 0 101", "a=rtpmap:101 telephone-event/8000",
         "m=video 4004/2 RTP/SAVPF 31 34", "a=rtpmap:31 H261/90000", "m=audio 4006 RTP/AVP 0"});
    EXPECT_EQ(
        shown(make_answer(offer, parsed(kLiveKitAnswer), Direction::SendRecv, a_plan())),
        ours({"m=image 0 udptl t38", "m=audio 0 RTP/AVP 18", "m=audio 30000 RTP/AVPF 0 101",
              "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16",
              "a=ptime:20", "a=sendrecv", "m=video 0 RTP/SAVPF 31 34", "m=audio 0 RTP/AVP 0"}));
}

TEST(SdpAnswer, SaysTheGivenDirectionWhateverLegBSaid) {
    const Session offer = described_session({"m=audio 4 RTP/AVP 0", "a=sendonly"});
    for (const Direction direction :
         {Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive}) {
        EXPECT_EQ(shown(make_answer(offer, parsed(kLiveKitAnswer), direction, a_plan())),
                  ours({"m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20",
                        "a=" + std::string(to_string(direction))}));
    }
}

TEST(SdpAnswer, CarriesLegBsAttributesButNotItsTransport) {
    const Session offer = described_session({"m=audio 4 RTP/AVP 18 8"});
    const Session other = described_session(
        {"a=tool:gw", "a=ice-lite", "m=audio 4000 RTP/AVP 8 18", "b=AS:80", "a=fmtp:18 annexb=no",
         "a=rtcp:4001 IN IP4 192.0.2.1", "a=X-z:1", "a=X-from:192.0.2.1", "a=maxptime:60"});
    EXPECT_EQ(shown(make_answer(offer, other, Direction::SendRecv, a_plan())),
              ours({"a=tool:gw", "m=audio 30000 RTP/AVP 8 18", "b=AS:80", "a=rtpmap:8 PCMA/8000",
                    "a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no", "a=X-z:1", "a=maxptime:60",
                    "a=sendrecv"}));
}

TEST(SdpAnswer, ToLiveKitHasOneVoiceCodecFirst) {
    const Session other =
        described_session({"m=audio 4000 RTP/AVP 101 8 0 9 13", "a=rtpmap:101 telephone-event/8000",
                           "a=fmtp:101 0-15", "a=rtpmap:8 PCMA/8000", "a=X-z:1", "a=ptime:20"});
    const Session offer = parsed(kLiveKitOffer);
    EXPECT_EQ(
        shown(make_answer(offer, other, Direction::SendRecv, a_plain_plan())),
        ours({"m=audio 30000 RTP/AVP 8 101", "a=rtpmap:8 PCMA/8000",
              "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv"}));
}

TEST(SdpAnswer, TellsTheNumberUnderWhichLegBWantsTelephoneEvents) {
    const Session offer =
        described_session({"m=audio 4 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000"});
    const Session other = described_session(
        {"m=audio 4 RTP/AVP 0 96 97", "a=rtpmap:96 TELEPHONE-EVENT/8000",
         "a=rtpmap:97 telephone-event/8000", "a=fmtp:96 0-15", "a=fmtp:101 wrong"});
    EXPECT_EQ(shown(make_answer(offer, other, Direction::SendRecv, a_plan())),
              ours({"m=audio 30000 RTP/AVP 0 96", "a=rtpmap:0 PCMU/8000",
                    "a=rtpmap:96 telephone-event/8000", "a=fmtp:96 0-15", "a=sendrecv"}));
    EXPECT_EQ(audio(other)->event()->payload_type, 96);
}

TEST(SdpAnswer, LeavesOutFormatsThatWereNotOffered) {
    const Session offer = described_session({"m=audio 4 RTP/AVP 0 96", "a=rtpmap:96 iLBC/8000"});
    const Session other =
        described_session({"m=audio 4 RTP/AVP 3 0 97 101 98", "a=rtpmap:97 iLBC/8000",
                           "a=fmtp:97 mode=20", "a=rtpmap:101 telephone-event/8000"});
    EXPECT_EQ(shown(make_answer(offer, other, Direction::SendRecv, a_plan())),
              ours({"m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv"}));
}

struct Mismatch {
    const char* name;
    std::vector<std::string> offer;
    std::vector<std::string> other;
    Errc code{};
};

class SdpAnswerRefuses : public testing::TestWithParam<Mismatch> {};

TEST_P(SdpAnswerRefuses, WithTheRightCode) {
    const auto answer =
        make_answer(described_session(GetParam().offer), described_session(GetParam().other),
                    Direction::SendRecv, a_plan());
    ASSERT_FALSE(answer) << print(*answer);
    EXPECT_EQ(answer.error().code, GetParam().code) << answer.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpAnswerRefuses,
    testing::Values(Mismatch{.name = "NothingThatWasOffered",
                             .offer = {"m=audio 4 RTP/AVP 0"},
                             .other = {"m=audio 4 RTP/AVP 8"},
                             .code = Errc::Unsupported},
                    Mismatch{
                        .name = "OnlyTelephoneEvent",
                        .offer = {"m=audio 4 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000"},
                        .other = {"m=audio 4 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"},
                        .code = Errc::Unsupported},
                    Mismatch{.name = "VoiceUnderAnotherNumber",
                             .offer = {"m=audio 4 RTP/AVP 96 0", "a=rtpmap:96 opus/48000/2"},
                             .other = {"m=audio 4 RTP/AVP 97 0", "a=rtpmap:97 opus/48000/2"},
                             .code = Errc::Unsupported},
                    Mismatch{.name = "NumberOfAnotherCodec",
                             .offer = {"m=audio 4 RTP/AVP 96", "a=rtpmap:96 opus/48000/2"},
                             .other = {"m=audio 4 RTP/AVP 96", "a=rtpmap:96 iLBC/8000"},
                             .code = Errc::Unsupported},
                    Mismatch{.name = "NamelessNumber",
                             .offer = {"m=audio 4 RTP/AVP 96"},
                             .other = {"m=audio 4 RTP/AVP 96"},
                             .code = Errc::Unsupported},
                    Mismatch{.name = "RefusedByLegB",
                             .offer = {"m=audio 4 RTP/AVP 0"},
                             .other = {"m=audio 0 RTP/AVP 0"},
                             .code = Errc::Unsupported},
                    Mismatch{.name = "BrokenOffer",
                             .offer = {"m=audio 4 RTP/AVP 0", "m=video x"},
                             .other = {"m=audio 4 RTP/AVP 0"},
                             .code = Errc::Malformed}),
    [](const auto& row) { return row.param.name; });

TEST(SdpAnswer, RepeatsTheOffersTimes) {
    Session offer = described_session({"m=audio 4 RTP/AVP 0"});
    offer.lines.at(3).value = "2873397496 2873404696";
    const auto answer = make_answer(offer, parsed(kLiveKitAnswer), Direction::SendRecv, a_plan());
    EXPECT_NE(shown(answer).find("\r\nt=2873397496 2873404696\r\n"), std::string::npos);
    offer.lines.at(3).value = "10.0.0.1 0";
    const auto other = make_answer(offer, parsed(kLiveKitAnswer), Direction::SendRecv, a_plan());
    EXPECT_NE(shown(other).find("\r\nt=0 0\r\n"), std::string::npos);
}

TEST(SdpAnswer, DoesNotRepeatAHiddenText) {
    RewritePlan plan = a_plan();
    plan.hidden = {"10.7.7.7"};
    const Session offer = described_session({"m=audio 4 RTP/AVP 0", "m=video 4 RTP/AVP 10.7.7.7"});
    const auto answer = make_answer(offer, parsed(kLiveKitAnswer), Direction::SendRecv, plan);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::Malformed);
}

const std::vector<Codec> kInUse{{0, "PCMU", 8000}, {101, "telephone-event", 8000}};

TEST(SdpLocalAnswer, AnswersAHoldWithTheCodecsInUse) {
    const Session offer =
        described_session({"m=audio 46644 RTP/AVP 8 0 101", "a=rtpmap:0 PCMU/8000",
                           "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20",
                           "a=X-y", "a=sendonly"});
    EXPECT_EQ(
        shown(make_local_answer(offer, kInUse, a_plan())),
        ours({"m=audio 30000 RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000",
              "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=recvonly"}));
}

TEST(SdpLocalAnswer, AnswersOldHoldRefusesTheRestAndKeepsTheNumberOfEvents) {
    const Session offer = parsed(with_lines(
        {"a=tool:x", "m=audio 46644 RTP/AVP 100 0", "c=IN IP4 0.0.0.0",
         "a=rtpmap:100 telephone-event/8000", "a=fmtp:100 0-11", "m=video 4 RTP/AVP 31"}));
    EXPECT_EQ(shown(make_local_answer(offer, kInUse, a_plan())),
              ours({"m=audio 30000 RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000",
                    "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-11", "a=recvonly",
                    "m=video 0 RTP/AVP 31"}));
}

TEST(SdpLocalAnswer, DoesWithoutEventsThatAreNoLongerOffered) {
    EXPECT_EQ(
        shown(make_local_answer(described_session({"m=audio 4 RTP/AVP 8 0"}), kInUse, a_plan())),
        ours({"m=audio 30000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv"}));
}

TEST(SdpLocalAnswer, ToLiveKitHasOneVoiceCodec) {
    const std::vector<Codec> agreed{
        {8, "PCMA", 8000}, {0, "PCMU", 8000}, {101, "telephone-event", 8000}};
    EXPECT_EQ(
        shown(make_local_answer(parsed(kLiveKitOffer), agreed, a_plain_plan())),
        ours({"m=audio 30000 RTP/AVP 8 101", "a=rtpmap:8 PCMA/8000",
              "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=sendrecv"}));
}

struct Changed {
    const char* name;
    std::vector<std::string> offer;
    std::vector<Codec> agreed;
};

class SdpLocalAnswerRefuses : public testing::TestWithParam<Changed> {};

TEST_P(SdpLocalAnswerRefuses, AsUnsupported) {
    const auto answer =
        make_local_answer(described_session(GetParam().offer), GetParam().agreed, a_plan());
    ASSERT_FALSE(answer) << print(*answer);
    EXPECT_EQ(answer.error().code, Errc::Unsupported);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SdpLocalAnswerRefuses,
    testing::Values(
        Changed{.name = "VoiceGone", .offer = {"m=audio 4 RTP/AVP 8"}, .agreed = kInUse},
        Changed{.name = "VoiceRenumbered",
                .offer = {"m=audio 4 RTP/AVP 97", "a=rtpmap:97 opus/48000/2"},
                .agreed = {{96, "opus", 48000}}},
        Changed{.name = "FirstVoiceGoneSecondThere",
                .offer = {"m=audio 4 RTP/AVP 8"},
                .agreed = {{0, "PCMU", 8000}, {8, "PCMA", 8000}}},
        Changed{.name = "NothingAgreed", .offer = {"m=audio 4 RTP/AVP 8"}, .agreed = {}},
        Changed{.name = "Refused", .offer = {"m=audio 0 RTP/AVP 0"}, .agreed = kInUse}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace causeway::sdp::test
