#include "causeway/call/snapshot.hpp"

#include "support/dice.hpp"

#include "causeway/call/machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>

/// decode(encode(x)) == x for random calls, and no bytes do harm.
namespace causeway::call {
namespace {

constexpr Anchor kAnchor{Time{std::chrono::hours(50)}, WallTime{1'800'000'000'000}};

class Maker {
public:
    explicit Maker(std::uint64_t seed) : dice_(seed) {}

    Snapshot call() {
        Snapshot call;
        call.id.value = number() | 1U;
        call.salt = number();
        call.is_ending = coin();
        call.a_open = !call.is_ending || coin();
        call.b_open = !call.is_ending || coin();
        call.ordinal = static_cast<std::uint32_t>(1 + dice_.below(5));
        call.plan = plan();
        call.tried = 1 + dice_.below(call.plan.route.targets.size());
        call.media = media();
        call.ledger = ledger(call.is_ending);
        if (coin()) {
            call.max_duration = time();
        }
        if (!call.is_ending) {
            call.ports = Snapshot::Ports{endpoint(), endpoint(), InterfaceId{1 + dice_.below(4)}};
        }
        call.source = {InterfaceId{1}, endpoint(), sip::Transport::Tcp, {}};
        call.a_call_id = text();
        call.b_call_id = text();
        call.livekit_call_id = text();
        if (call.a_open || coin()) {
            call.a = state(dialog::Role::Uas, call.a_open);
        }
        if (call.b_open || coin()) {
            call.b = state(dialog::Role::Uac, call.b_open);
        }
        if (coin()) {
            call.counted = rtp::FlowStats{counted(), counted()};
        }
        return call;
    }
    std::uint64_t below(std::uint64_t bound) { return dice_.below(bound); }
    dialog::State state(dialog::Role role, bool is_open) {
        using dialog::Phase;
        dialog::State state;
        state.role = role;
        state.phase = is_open ? Phase::Confirmed : Phase::Ended;
        if (is_open && role == dialog::Role::Uas) {
            state.phase =
                std::array{Phase::Unacked, Phase::Confirmed, Phase::Closing}.at(dice_.below(3));
        }
        state.call_id = text();
        state.local_tag = text();
        state.remote_tag = text();
        state.local = text();
        state.remote = text();
        state.remote_target = text();
        state.routes = texts();
        state.contact = text();
        state.local_cseq = small();
        state.invite_cseq = small();
        state.source = target();
        if (coin()) {
            state.remote_cseq = small();
        }
        const bool waits = state.phase == Phase::Unacked || state.phase == Phase::Closing;
        if (waits || (is_open && coin())) {
            state.repeating =
                dialog::Repeating{text(), target(), time(), Millis{1} + millis(), time()};
        }
        state.ack = text();
        state.bye_headers = headers();
        return state;
    }
    intake::Plan plan() {
        intake::Plan plan;
        plan.carrier = text();
        plan.interface = InterfaceId{1 + dice_.below(4)};
        plan.tenant = {{}, text(), text(), coin()};
        plan.parties = {text(), text(), text(), text(), text()};
        plan.route.targets.resize(1 + dice_.below(3));
        for (routing::Target& each : plan.route.targets) {
            each = {
                text(),
                text(),
                coin() ? routing::Kind::Livekit : routing::Kind::Generic,
                {text(), text(), text(), static_cast<std::uint16_t>(small()), {{text(), text()}}},
                target(),
                texts(),
                coin()};
        }
        plan.x_to_ip = text();
        plan.max_forwards = small();
        plan.pass_headers = headers();
        plan.timers = {millis(), millis(), millis(), millis(), millis(), millis(), millis()};
        if (coin()) {
            plan.expires = millis();
        }
        return plan;
    }
    static std::string description(const std::string& direction) {
        return "v=0\r\no=- 5 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
               "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
               "a=rtpmap:101 telephone-event/8000\r\na=" +
               direction + "\r\n";
    }

private:
    bool coin() { return dice_.below(2) == 0; }
    std::uint64_t number() { return dice_.below(~0ULL); }
    std::uint32_t small() { return static_cast<std::uint32_t>(dice_.below(0x7fffffff)); }
    Millis millis() { return Millis{dice_.below(10'000'000)}; }
    Time time() { return kAnchor.now + millis() - Millis{5'000'000}; }
    rtp::LegStats counted() {
        rtp::LegStats leg{number(), number(), small(), small() / 1000.0, number(), small(), {}};
        std::generate(leg.dropped.begin(), leg.dropped.end(), [this] { return small(); });
        return leg;
    }
    std::string text() {
        std::string text(dice_.below(40), ' ');
        for (char& each : text) {
            each = static_cast<char>(dice_.below(256));
        }
        return text;
    }
    std::vector<std::string> texts() {
        std::vector<std::string> list(dice_.below(4));
        std::generate(list.begin(), list.end(), [this] { return text(); });
        return list;
    }
    std::vector<sip::Header> headers() {
        std::vector<sip::Header> list(dice_.below(3));
        std::generate(list.begin(), list.end(), [this] { return sip::Header{text(), text()}; });
        return list;
    }
    Endpoint endpoint() {
        Endpoint endpoint;
        for (std::uint8_t& each : endpoint.ip.bytes) {
            each = static_cast<std::uint8_t>(dice_.below(256));
        }
        endpoint.port = static_cast<std::uint16_t>(dice_.below(65536));
        return endpoint;
    }
    sip::Target target() {
        return {InterfaceId{1 + dice_.below(4)},
                endpoint(),
                static_cast<sip::Transport>(dice_.below(3)),
                {},
                text()};
    }
    Negotiation media() {
        const std::string body = description(coin() ? "sendrecv" : "sendonly");
        auto media = *Negotiation::begin(body, number());
        media.opened({IpAddress::v4(192, 0, 2, 1), 10000}, {IpAddress::v4(192, 0, 2, 2), 20000});
        EXPECT_TRUE(media.offer_for({}));
        EXPECT_TRUE(media.answered(body));
        if (coin()) {
            EXPECT_TRUE(media.our_offer(End::A));
        }
        return media;
    }
    Ledger ledger(bool is_ending) {
        Ledger ledger;
        ledger.start = time();
        ledger.answered = time();
        if (coin()) {
            ledger.ringing = time();
        }
        ledger.attempts.resize(1 + dice_.below(3));
        for (Attempt& each : ledger.attempts) {
            each = {text(), static_cast<int>(dice_.below(700)), text(), time(), time()};
        }
        ledger.codec = text();
        if (is_ending) {
            ledger.ended = time();
            ledger.outcome = {static_cast<Cause>(dice_.below(5)), static_cast<By>(dice_.below(3)),
                              200, "media_timeout"};
        }
        return ledger;
    }

    testing::Dice dice_;
};

TEST(Snapshot, DecodesToWhatWasEncoded) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        const Snapshot call = Maker(seed).call();
        const auto back = decode(encode(call, kAnchor), kAnchor);
        ASSERT_TRUE(back) << "seed " << seed << ": " << back.error().what;
        ASSERT_EQ(*back, call) << "seed " << seed;
    }
}

TEST(Snapshot, HasRoomForAllTargetsOfATenant) {
    Snapshot call = Maker(1).call();
    call.plan.route.targets.resize(5000, call.plan.route.targets.front());
    const auto back = decode(encode(call, kAnchor), kAnchor);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(*back, call);
}

TEST(Snapshot, WhosePartsContradictEachOtherIsRefused) {
    using dialog::Phase;
    struct Row {
        const char* what;
        std::function<void(Snapshot&)> spoil;
    };
    const auto end = [](Snapshot& call) {
        call.is_ending = true;
        call.ledger.ended = kAnchor.now;
        call.ledger.outcome = {Cause::Success, By::A, 200, "bye"};
        call.ports.reset();
    };
    const Row rows[] = {
        {"an ending call with ports",
         [&](Snapshot& call) {
             const auto ports = call.ports;
             end(call);
             call.ports = ports;
         }},
        {"leg a called by us", [](Snapshot& call) { call.a->role = dialog::Role::Uac; }},
        {"leg b calling us", [](Snapshot& call) { call.b->role = dialog::Role::Uas; }},
        {"open and ended", [](Snapshot& call) { call.b->phase = Phase::Ended; }},
        {"closed and not ended",
         [&](Snapshot& call) {
             end(call);
             call.b_open = false;
         }},
        {"not answered", [](Snapshot& call) { call.b->phase = Phase::Early; }},
        {"our caller's ACK expected by nobody",
         [](Snapshot& call) {
             call.a->phase = Phase::Unacked;
             call.a->repeating.reset();
         }},
        {"a BYE that waits for nothing",
         [](Snapshot& call) {
             call.a->phase = Phase::Closing;
             call.a->repeating.reset();
         }},
        {"a callee that waits for an ACK",
         [](Snapshot& call) {
             call.b->phase = Phase::Unacked;
             call.b->repeating = dialog::Repeating{"x", {}, kAnchor.now, Millis{500}, kAnchor.now};
         }},
        {"media never agreed on",
         [](Snapshot& call) {
             call.media = *Negotiation::begin(
                 "v=0\r\no=- 5 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
                 "m=audio 4000 RTP/AVP 8\r\n",
                 1);
         }},
    };
    std::uint64_t seed = 1;
    while (Maker(seed).call().is_ending) {
        ++seed;
    }
    for (const Row& row : rows) {
        Snapshot call = Maker(seed).call();
        ASSERT_TRUE(decode(encode(call, kAnchor), kAnchor));
        row.spoil(call);
        EXPECT_FALSE(decode(encode(call, kAnchor), kAnchor)) << row.what;
    }
}

std::string replaced(std::string bytes, std::string_view what, std::string_view with) {
    EXPECT_NE(bytes.find(what), std::string::npos);
    for (auto at = bytes.find(what); at != std::string::npos; at = bytes.find(what, at + 1)) {
        bytes.replace(at, what.size(), with);
    }
    return bytes;
}

TEST(Snapshot, WithADescriptionThatIsNoneIsRefused) {
    const std::string bytes = encode(Maker(1).call(), kAnchor);
    EXPECT_FALSE(decode(replaced(bytes, "PCMA/8000", "PCMA\n8000"), kAnchor));
}

TEST(Snapshot, WithAnOddOriginCanStillMakeAnOffer) {
    const std::string bytes = encode(Maker(1).call(), kAnchor);
    auto call = decode(replaced(bytes, " 1 IN IP4 ", " 1 in IP4 "), kAnchor);
    ASSERT_TRUE(call);
    EXPECT_TRUE(call->media->our_offer(End::A));
    EXPECT_TRUE(call->media->our_offer(End::B));
}

TEST(Snapshot, OfALiveCallComesBackWhole) {
    Maker maker(5);
    auto plan = maker.plan();
    plan.tenant.id = TenantId{3};
    plan.timers.max_duration = Millis{3'600'000};
    for (routing::Target& target : plan.route.targets) {
        target.address.connection = ConnectionId{9};
        target.codecs.clear();
        target.priority = 7;
        target.weight = 3;
    }
    const Time start = kAnchor.now + std::chrono::microseconds(1'700);
    const Time answered = kAnchor.now + std::chrono::microseconds(2'900);
    Machine machine(CallId{7}, 1);
    (void)machine.on(Invited{plan, Maker::description("sendrecv")}, start);
    (void)machine.on(
        FlowOpened{
            FlowId{4}, {IpAddress::v4(192, 0, 2, 1), 10000}, {IpAddress::v4(192, 0, 2, 2), 20000}},
        start);
    (void)machine.on(Progress{{CallId{7}, 1}, sip::status(180)}, start);
    (void)machine.on(Answered{{CallId{7}, 1}, Maker::description("sendrecv")}, answered);
    auto call = machine.snapshot();
    ASSERT_TRUE(call);
    call->a = maker.state(dialog::Role::Uas, true);
    call->b = maker.state(dialog::Role::Uac, true);
    const Anchor anchor{answered, kAnchor.wall};
    const auto back = decode(encode(*call, anchor), anchor);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(*back, *call);
}

TEST(Snapshot, KeepsTheWallAndNotTheClock) {
    Snapshot call = Maker(1).call();
    call.max_duration = kAnchor.now + Millis{60'000};
    const Anchor later{Time{std::chrono::hours(2)}, kAnchor.wall + Millis{45'000}};
    const auto back = decode(encode(call, kAnchor), later);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back->max_duration, later.now + Millis{15'000});
}

TEST(Snapshot, CutAnywhereIsAnError) {
    const std::string bytes = encode(Maker(3).call(), kAnchor);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        ASSERT_FALSE(decode(std::string_view(bytes).substr(0, size), kAnchor)) << size;
    }
    EXPECT_FALSE(decode(bytes + "x", kAnchor));
}

TEST(Snapshot, OfAnotherVersionIsUnsupported) {
    std::string bytes = encode(Maker(3).call(), kAnchor);
    bytes.front() = 77;
    const auto back = decode(bytes, kAnchor);
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, Errc::Unsupported);
}

TEST(Snapshot, ChangedBytesDoNoHarm) {
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        Maker maker(seed);
        std::string bytes = encode(maker.call(), kAnchor);
        for (std::uint64_t i = 1 + maker.below(4); i > 0; --i) {
            bytes[maker.below(bytes.size())] = static_cast<char>(maker.below(256));
        }
        const auto back = decode(bytes, kAnchor);
        if (back) {  // then it is a call that can be written again
            EXPECT_EQ(*decode(encode(*back, kAnchor), kAnchor), *back);
        }
    }
}

TEST(Snapshot, KnowsEveryReasonThatEndsACall) {
    for (const std::string_view reason :
         {"bye", "cancelled", "max_duration", "media_timeout", "session_expired", "no_ack",
          "hangup", "drain_deadline", "no_ports"}) {
        EXPECT_EQ(reason_token(std::string(reason)), reason);
    }
    EXPECT_EQ(reason_token("made_up"), "");
}

TEST(Snapshot, OfACallInSetUpThereIsNone) {
    Machine machine(CallId{7}, 1);
    EXPECT_FALSE(machine.snapshot());
}

}  // namespace
}  // namespace causeway::call
