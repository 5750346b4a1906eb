#include "story.hpp"

#include <string>
#include <string_view>

/// A carrier behind proxies: where our requests inside its dialog go, and what stands in them (RFC
/// 3261 §12.2.1.1, §16.12.1).
namespace causeway::testing {
namespace {

/// Where a proxy of the carrier would be; the world has nobody else at it.
constexpr std::string_view kProxy = "127.0.0.66:5060";

class Routes : public ::testing::Test {
protected:
    /// The carrier calls by way of these proxies, then the gateway hangs up.
    void hang_up_behind(const std::string& record_route) {
        InviteBuilder invite = an_invite();
        if (!record_route.empty()) {
            invite.header("Record-Route", record_route);
        }
        story_.establish(invite);
        EXPECT_EQ(story_.answer.header("Record-Route"), record_route);
        ASSERT_TRUE(story_.livekit->hang_up(story_.leg_b.header("Call-ID"), story_.clock.now()));
        story_.run_for(Millis{50});
    }
    /// The peer answers the BYE, and nothing is left.
    void end(Peer& by) {
        by.reply(by.last("BYE"), 200, "OK");
        story_.run_for(Millis{50});
        EXPECT_EQ(story_.record().outcome.reason, "bye");
        story_.expect_nothing_left();
    }

    Story story_;
    static inline const std::string kContact = "sip:trunk@127.0.0.10:5060";
};

TEST_F(Routes, WithoutAnyTheContactIsReached) {
    hang_up_behind("");
    const SipText& bye = story_.carrier->last("BYE");
    EXPECT_EQ(bye.request_uri(), kContact);
    EXPECT_TRUE(bye.header("Route").empty());
    end(*story_.carrier);
}

TEST_F(Routes, ALooseOneGetsTheRequestForTheContact) {
    const std::string route = "<sip:" + std::string(kProxy) + ";lr>";
    hang_up_behind(route);
    EXPECT_EQ(story_.carrier->count("BYE"), 0U);
    const SipText& bye = story_.stranger->last("BYE");
    EXPECT_EQ(bye.request_uri(), kContact);
    EXPECT_EQ(bye.header("Route"), route);
    end(*story_.stranger);
}

TEST_F(Routes, AStrictOneGetsTheRequestForItself) {
    hang_up_behind("<sip:" + std::string(kProxy) + ">");
    EXPECT_EQ(story_.carrier->count("BYE"), 0U);
    const SipText& bye = story_.stranger->last("BYE");
    EXPECT_EQ(bye.request_uri(), "sip:" + std::string(kProxy));
    EXPECT_EQ(bye.header("Route"), "<" + kContact + ">");
    end(*story_.stranger);
}

TEST_F(Routes, ANamedOneIsReachedWhereTheDialogsLastMessageCameFrom) {
    hang_up_behind("<sip:proxy.carrier.example;lr>");
    const SipText& bye = story_.carrier->last("BYE");
    EXPECT_EQ(bye.request_uri(), kContact);
    EXPECT_EQ(bye.header("Route"), "<sip:proxy.carrier.example;lr>");
    end(*story_.carrier);
}

/// A carrier with a named Contact whose NAT has given it another port.
class MovedByNat : public Routes {
protected:
    static constexpr std::uint16_t kLater = 5071;

    void call() {
        story_.establish(
            an_invite().without("Contact").header("Contact", "<sip:trunk@switch.carrier.example>"));
    }
    /// Where our BYE went; port 0: nowhere.
    Endpoint bye_went_to() {
        const std::size_t before = story_.sent().size();
        EXPECT_TRUE(story_.livekit->hang_up(story_.leg_b.header("Call-ID"), story_.clock.now()));
        story_.run_for(Millis{50});
        for (std::size_t i = before; i < story_.sent().size(); ++i) {
            if (story_.sent()[i].bytes.starts_with("BYE ")) {
                return story_.sent()[i].to;
            }
        }
        return {};
    }
    Peer later_{World::at(10, kLater), World::carrier_side(),
                [this](const Endpoint& from, const Endpoint& to, std::string bytes) {
                    story_.send_from(from, to, std::move(bytes));
                }};
};

TEST_F(MovedByNat, IsReachedWhereItsLastRequestCameFrom) {
    call();
    later_.request("OPTIONS", story_.invite, story_.answer, 2);
    story_.run_for(Millis{20});
    EXPECT_EQ(bye_went_to(), World::at(10, kLater));
}

TEST_F(MovedByNat, IsReachedWhereItsAckCameFrom) {
    call();
    story_.carrier->request("INVITE", story_.invite, story_.answer, 2);
    story_.run_for(Millis{20});
    later_.request("ACK", story_.invite, story_.answer, 2, an_sdp({.rtp = World::at(10, 40000)}));
    story_.run_for(Millis{20});
    EXPECT_EQ(bye_went_to(), World::at(10, kLater));
}

TEST_F(MovedByNat, IsNotSoughtWhereAnOldRequestCameFrom) {
    call();
    story_.carrier->request("OPTIONS", story_.invite, story_.answer, 2);
    story_.run_for(Millis{20});
    later_.request("OPTIONS", story_.invite, story_.answer, 1);
    story_.run_for(Millis{20});
    EXPECT_EQ(bye_went_to(), World::at(10));
}

TEST_F(Routes, AnAnswerGoesBackAsItCame) {
    story_.establish(an_invite().header("Record-Route", "<sip:" + std::string(kProxy) + ";lr>"));
    story_.hang_up();  // by the carrier itself, from its own address
    EXPECT_EQ(story_.carrier->count(200), 2U);
    EXPECT_TRUE(story_.stranger->inbox().empty());
    story_.expect_nothing_left();
}

}  // namespace
}  // namespace causeway::testing
