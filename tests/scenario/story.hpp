#pragma once

#include "support/world/world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace causeway::testing {

/// A world and the steps most stories begin with.
class Story : public World {
public:
    Story() : Story(World::Options{}) {}
    explicit Story(World::Options options) : World(std::move(options)) {}

    /// The carrier calls, LiveKit answers, the carrier has sent its ACK.
    void establish() { establish(an_invite()); }
    void establish(const InviteBuilder& builder) {
        invite = *SipText::parse(builder.text());
        carrier->send(invite.bytes);
        run_for(Millis{200});
        ASSERT_EQ(carrier->count(200), 1U) << "the call was not answered";
        answer = carrier->last(200);
        carrier->ack(invite, answer);
        run_for(Millis{50});
        const auto calls = livekit->live();
        if (!calls.empty()) {
            leg_b = *SipText::parse(calls.front().invite);
        }
    }
    void hang_up() {
        carrier->request("BYE", invite, answer, 2);
        run_for(Millis{50});
    }
    /// The call's one record.
    [[nodiscard]] const port::CallRecord& record() const {
        EXPECT_EQ(records.size(), 1U);
        static const port::CallRecord none;
        return records.empty() ? none : records.front();
    }
    /// Our RTP address in a description that a peer got.
    static Endpoint our_rtp(std::string_view body) {
        const auto sdp = SdpText::parse(body);
        return sdp && sdp->rtp() ? *sdp->rtp() : Endpoint{};
    }

    /// Where LiveKit's audio leaves toward the carrier now; unspecified: it does not.
    Endpoint audio_goes_to() {
        const auto calls = livekit->live();
        EXPECT_EQ(calls.size(), 1U);
        if (calls.empty()) {
            return {};
        }
        relay->take_sent();
        relay->inject_rtp(our_rtp(leg_b.body), {at(20).ip, calls.front().local_rtp}, 0, 1);
        const auto sent = relay->take_sent();
        return sent.empty() ? Endpoint{} : sent.back().to;
    }

    SipText invite;  ///< leg a's
    SipText answer;  ///< its 200
    SipText leg_b;   ///< leg b's INVITE as LiveKit got it
};

}  // namespace causeway::testing
