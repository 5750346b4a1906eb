#include "target.hpp"
#include "unit/sdp/clean.hpp"

#include "causeway/sdp/session.hpp"

namespace causeway::fuzz {
namespace {

using sdp::test::expect_clean;

sdp::RewritePlan plan_of(unsigned choices) {
    sdp::RewritePlan plan = sdp::test::a_plan();
    plan.plain = (choices & 1U) != 0;
    if ((choices & 2U) != 0) {
        plan.codecs = {"PCMA", "PCMU", "G722"};
    }
    if ((choices & 4U) != 0) {
        plan.only = {"PCMU", "G722", "opus"};
    }
    plan.hidden = {"hidden.Example", "10.66.6.6"};
    return plan;
}

void expect_stable(const sdp::Session& session) {
    const std::string printed = sdp::print(session);
    if (printed.size() > 16384) {  // CRLF may take a text of bare LF over the limit
        return;
    }
    const auto again = sdp::parse(printed);
    ASSERT_TRUE(again) << printed;
    ASSERT_EQ(*again, session) << printed;
}

}  // namespace

/// One octet of choices, an offer, NUL, an answer: what we make of them is well-formed, ours alone
/// and silent about the other leg.
void run(Input input) {
    if (input.empty()) {
        return;
    }
    const unsigned choices = input[0];
    input = input.subspan(1);
    const sdp::RewritePlan plan = plan_of(choices);
    const auto offer = sdp::parse(text_of(until_nul(input)));
    if (!offer) {
        EXPECT_EQ(offer.error().code, Errc::Malformed);
        return;
    }
    expect_stable(*offer);
    if (const auto made = sdp::make_offer(*offer, plan)) {
        expect_clean(*made, 1);
    }
    const std::vector<sdp::Codec> agreed{{0, "PCMU", 8000}, {101, "telephone-event", 8000}};
    if (const auto made = sdp::make_local_answer(*offer, agreed, plan)) {
        expect_clean(*made, offer->media.size());
    }
    if (const auto answer = sdp::parse(text_of(until_nul(input)))) {
        const auto direction = static_cast<sdp::Direction>((choices >> 3U) & 3U);
        if (const auto made = sdp::make_answer(*offer, *answer, direction, plan)) {
            expect_clean(*made, offer->media.size());
        }
    }
}

}  // namespace causeway::fuzz
