#include "walk.hpp"

#include "causeway/call/machine.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace causeway::call {
namespace {

constexpr const char* kOffer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";
constexpr const char* kAnswer =
    "v=0\r\no=- 1 3 IN IP4 198.51.100.2\r\ns=LiveKit\r\nc=IN IP4 198.51.100.2\r\nt=0 0\r\n"
    "m=audio 20000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 "
    "telephone-event/8000\r\n";

intake::Plan a_plan(std::size_t gateways, routing::Kind kind) {
    intake::Plan plan;
    plan.tenant.name = "acme";
    for (std::size_t i = 0; i < gateways; ++i) {
        routing::Target target;
        target.group = "g";
        target.name = std::to_string(i);
        target.kind = kind;
        target.address.interface = InterfaceId{static_cast<std::uint32_t>(1 + i / 2)};
        plan.route.targets.push_back(target);
    }
    return plan;
}

/// Plays the outside: does what commands say, checks what they may say, and throws random events.
class Walk {
public:
    explicit Walk(testing::Dice dice) : dice_(dice) {}

    void run() {
        const auto kind = pick(2) == 0 ? routing::Kind::Livekit : routing::Kind::Generic;
        tell(Invited{a_plan(1 + pick(5), kind), pick(20) == 0 ? "nonsense" : kOffer});
        for (int step = 0; step < 60 && !finished_ && !dice_.is_spent(); ++step) {
            now_ += Millis(pick(3000));
            if (pick(4) == 0) {
                obey(machine_.advance(now_));
            } else {
                tell(random_event());
            }
        }
        if (!finished_) {
            tell(HangUp{"hangup", Cause::Success});
        }
        close_all();
        EXPECT_TRUE(finished_);
        EXPECT_FALSE(flow_.has_value()) << "a flow was left open";
        EXPECT_FALSE(machine_.deadline().has_value());
        EXPECT_TRUE(machine_.ledger().ended.has_value());
        EXPECT_FALSE(machine_.ledger().outcome.reason.empty());
        for (const Attempt& attempt : machine_.ledger().attempts) {
            EXPECT_TRUE(attempt.ended.has_value());
        }
        const auto before = machine_.ledger().outcome;
        for (int i = 0; i < 10; ++i) {  // nothing wakes it again
            EXPECT_TRUE(machine_.on(random_event(), now_).empty());
            EXPECT_TRUE(machine_.advance(now_ + Millis(100'000'000)).empty());
        }
        EXPECT_EQ(machine_.ledger().outcome, before);
    }

private:
    unsigned pick(unsigned below) { return static_cast<unsigned>(dice_.below(below)); }
    LegId any_leg() { return {CallId{1}, pick(4)}; }

    Event random_event() {
        switch (pick(13)) {
            case 0:
                return Progress{any_leg(), sip::status(100)};
            case 1:
                return Progress{any_leg(), sip::status(180)};
            case 2:
                return Answered{any_leg(), pick(8) == 0 ? "nonsense" : kAnswer};
            case 3:
                return Refused{any_leg(), sip::status(pick(2) == 0 ? 503 : 486), Origin::Peer};
            case 4:
                return Refused{any_leg(), sip::status(408), Origin::Transport};
            case 5:
                return Cancelled{};
            case 6:
                return Acked{any_leg(), pick(2) == 0 ? "" : kAnswer};
            case 7:
                return NoAck{any_leg()};
            case 8:
                return Offered{any_leg(), pick(2) == 0 ? "" : kOffer};
            case 9:
                return peer_bye();
            case 10:
                return Silent{pick(2) == 0 ? End::A : End::B};
            case 11:
                return Progress{any_leg(), sip::status(183)};
            default:
                return Closed{};
        }
    }
    /// BYE of a leg that is not closed yet: the leg layer reports it at most once.
    Event peer_bye() {
        const LegId leg = any_leg();
        closing_.erase(leg);
        return Ended{leg};
    }

    void tell(const Event& event) {
        const auto* refused = std::get_if<Refused>(&event);
        if (refused != nullptr && closing_.contains(refused->leg)) {
            return;  // a leg that was given up says nothing more
        }
        obey(machine_.on(event, now_));
    }

    void obey(const Commands& commands) {
        std::vector<Event> answers;
        for (const Command& command : commands) {
            ASSERT_FALSE(finished_) << "a command after Finish";
            std::visit([&](const auto& alternative) { obey(alternative, answers); }, command);
        }
        for (const Event& event : answers) {
            tell(event);
        }
    }
    void obey(const OpenFlow& /*command*/, std::vector<Event>& answers) {
        EXPECT_FALSE(flow_.has_value()) << "the one before it is still open";
        if (pick(10) == 0) {
            answers.emplace_back(FlowFailed{});
            return;
        }
        flow_ = FlowId{7};
        answers.emplace_back(FlowOpened{*flow_, {}, {}});
    }
    void obey(const SendInvite& command, std::vector<Event>& /*answers*/) {
        EXPECT_TRUE(invited_.insert(command.leg).second) << "an ordinal is used once";
        EXPECT_NE(command.offer.find("m=audio"), std::string::npos);
    }
    void obey(const Reply& command, std::vector<Event>& /*answers*/) {
        if (command.leg.is_a() && command.status.code >= 200 && !answered_) {
            answered_ = true;
            if (command.status.code >= 300) {
                closing_.insert(command.leg);
            }
        }
    }
    void obey(const ConnectFlow& command, std::vector<Event>& /*answers*/) {
        EXPECT_EQ(flow_, command.flow);
    }
    void obey(const EndLeg& command, std::vector<Event>& /*answers*/) {
        closing_.insert(command.leg);
    }
    void obey(const CloseFlow& command, std::vector<Event>& /*answers*/) {
        EXPECT_EQ(flow_, command.flow) << "closed twice, or never opened";
        flow_.reset();
    }
    void obey(const Finish& /*command*/, std::vector<Event>& /*answers*/) { finished_ = true; }

    void close_all() {
        for (const LegId& leg : std::set<LegId>(closing_)) {
            if (!finished_) {
                obey(machine_.on(Closed{leg}, now_));
            }
        }
    }

    testing::Dice dice_;
    Machine machine_{CallId{1}, 0x1234567890abcdef};
    Time now_{std::chrono::hours(1)};
    std::optional<FlowId> flow_;
    std::set<LegId> invited_;
    std::set<LegId> closing_;
    bool answered_{};
    bool finished_{};
};

}  // namespace

void walk(testing::Dice dice) {
    Walk(dice).run();
}

}  // namespace causeway::call
