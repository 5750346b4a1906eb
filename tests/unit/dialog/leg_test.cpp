#include "causeway/dialog/leg.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <variant>
#include <vector>

/// One leg alone: routes, targets, tags and the order of its messages.
namespace causeway::dialog {
namespace {

constexpr transaction::Key kInvite{1};
constexpr Time kNow{};

sip::Message message(const std::string& text) {
    auto split = sip::Message::split(std::as_bytes(std::span(text)));
    if (!split) {
        ADD_FAILURE() << split.error().what << " in\n" << text;
        std::abort();
    }
    return std::move(*split);
}

sip::Source source(std::uint8_t octet = 9) {
    return {InterfaceId{1}, {IpAddress::v4(192, 0, 2, octet), 5060}, sip::Transport::Udp, {}};
}

std::string invite_text(const std::string& more = {},
                        const std::string& contact = "<sip:a@192.0.2.9>") {
    return "INVITE sip:b@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\n"
           "From: <sip:a@x>;tag=peer\r\nTo: <sip:b@y>\r\nCall-ID: c\r\nCSeq: 10 INVITE\r\n"
           "Contact: " +
           contact + "\r\n" + more + "Content-Length: 0\r\n\r\n";
}

std::string request_text(const std::string& method, unsigned cseq, const std::string& more = {}) {
    return method +
           " sip:us SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK2\r\n"
           "From: <sip:a@x>;tag=peer\r\nTo: <sip:b@y>;tag=ours\r\nCall-ID: c\r\nCSeq: " +
           std::to_string(cseq) + " " + method + "\r\n" + more + "Content-Length: 0\r\n\r\n";
}

std::string response_text(const std::string& status, const std::string& tag,
                          const std::string& more = {}) {
    return "SIP/2.0 " + status +
           "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK3\r\nFrom: <sip:us@192.0.2.1>;tag=ours\r\n"
           "To: <sip:b@192.0.2.20>" +
           (tag.empty() ? "" : ";tag=" + tag) + "\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n" + more +
           "Content-Length: 0\r\n\r\n";
}

Leg a_uas(const std::string& text = invite_text()) {
    auto leg = Leg::uas({"ours", "<sip:192.0.2.1:5060>", {}}, kInvite, message(text), source());
    if (!leg) {
        ADD_FAILURE() << leg.error().what;
        std::abort();
    }
    return std::move(*leg);
}

/// Answered and acknowledged.
Leg a_live_uas(const std::string& text = invite_text()) {
    Leg leg = a_uas(text);
    leg.respond(sip::status(200), {}, "v=0\r\n", kNow);
    leg.receive_ack(message(request_text("ACK", 10)), source());
    while (leg.poll()) {
    }
    return leg;
}

Leg a_uac() {
    Invitation invitation;
    invitation.call_id = "c";
    invitation.local_tag = "ours";
    invitation.request_uri = "sip:b@192.0.2.20";
    invitation.from = "<sip:us@192.0.2.1>";
    invitation.to = "<sip:b@192.0.2.20>";
    invitation.contact = "<sip:192.0.2.1:5080>";
    invitation.target = {InterfaceId{2}, {IpAddress::v4(192, 0, 2, 20), 5060}, {}, {}, {}};
    Leg leg = Leg::uac(invitation);
    EXPECT_TRUE(std::holds_alternative<Ask>(*leg.poll()));
    return leg;
}

template <class T>
T take(Leg& leg) {
    auto output = leg.poll();
    if (!output || !std::holds_alternative<T>(*output)) {
        ADD_FAILURE() << "not what was expected";
        return T{};
    }
    return std::get<T>(std::move(*output));
}

std::string bye_of(Leg& leg, sip::Target* to = nullptr) {
    leg.end({});
    Ask ask = take<Ask>(leg);
    if (to != nullptr) {
        *to = ask.to;
    }
    return ask.bytes;
}

TEST(RouteSet, OfAUasIsSentInOrderWithTheTargetInTheRequestLine) {
    Leg leg =
        a_live_uas(invite_text("Record-Route: <sip:192.0.2.50;lr>, <sip:192.0.2.51:5070;lr>\r\n"));
    sip::Target to;
    const std::string bye = bye_of(leg, &to);
    EXPECT_TRUE(
        bye.starts_with("BYE sip:a@192.0.2.9 SIP/2.0\r\nRoute: <sip:192.0.2.50;lr>\r\n"
                        "Route: <sip:192.0.2.51:5070;lr>\r\n"))
        << bye;
    EXPECT_EQ(to.peer.to_string(), "192.0.2.50:5060");
}

TEST(RouteSet, OfAStrictRouterPutsItIntoTheRequestLineAndTheTargetLast) {
    Leg leg = a_live_uas(
        invite_text("Record-Route: <sip:192.0.2.50>\r\nRecord-Route: <sip:192.0.2.51;lr>\r\n"));
    const std::string bye = bye_of(leg);
    EXPECT_TRUE(
        bye.starts_with("BYE sip:192.0.2.50 SIP/2.0\r\nRoute: <sip:192.0.2.51;lr>\r\n"
                        "Route: <sip:a@192.0.2.9>\r\n"))
        << bye;
}

TEST(RouteSet, OfAUacIsReversed) {
    Leg leg = a_uac();
    EXPECT_TRUE(leg.receive_response(
        message(response_text("200 OK", "t",
                              "Record-Route: <sip:192.0.2.60;lr>, <sip:192.0.2.61;lr>\r\n"
                              "Contact: <sip:b@192.0.2.21:5070>\r\n")),
        source(20)));
    const Post ack = take<Post>(leg);
    EXPECT_TRUE(
        ack.bytes.starts_with("ACK sip:b@192.0.2.21:5070 SIP/2.0\r\n"
                              "Route: <sip:192.0.2.61;lr>\r\nRoute: <sip:192.0.2.60;lr>\r\n"))
        << ack.bytes;
    EXPECT_EQ(ack.to.peer.to_string(), "192.0.2.61:5060");
}

TEST(RemoteTarget, WithAHostNameIsReachedWhereTheLastMessageCameFrom) {
    Leg leg = a_live_uas(invite_text({}, "<sip:a@switch.carrier.example:5099>"));
    sip::Target to;
    EXPECT_TRUE(bye_of(leg, &to).starts_with("BYE sip:a@switch.carrier.example:5099 SIP/2.0\r\n"));
    EXPECT_EQ(to.peer, source().peer);
}

TEST(Dialog, StaysOnItsInterface) {
    Leg leg = a_live_uas(invite_text({}, "<sip:a@switch.carrier.example>"));
    sip::Source elsewhere = source(77);
    elsewhere.interface = InterfaceId{2};
    leg.receive(transaction::Key{2}, message(request_text("OPTIONS", 11)), elsewhere, kNow);
    take<Respond>(leg);
    sip::Target to;
    bye_of(leg, &to);
    EXPECT_EQ(to, sip::back_to(source()));
}

TEST(RemoteTarget, IsRefreshedByAReinvite) {
    Leg leg = a_live_uas();
    leg.receive(transaction::Key{2},
                message(request_text("INVITE", 11, "Contact: <sip:new@192.0.2.8:5070>\r\n")),
                source(), kNow);
    take<Offered>(leg);
    leg.respond(sip::status(200), {}, "v=0\r\n", kNow);
    take<Respond>(leg);
    leg.receive_ack(message(request_text("ACK", 11)), source());
    take<Acked>(leg);
    EXPECT_TRUE(bye_of(leg).starts_with("BYE sip:new@192.0.2.8:5070 SIP/2.0\r\n"));
}

TEST(Uas, WithoutAUsableContactIsRefusedAtOnce) {
    EXPECT_FALSE(Leg::uas({"ours", "<sip:192.0.2.1>", {}}, kInvite,
                          message(invite_text({}, "nonsense <")), source()));
}

TEST(Uas, AnswersEachInviteOnce) {
    Leg leg = a_uas();
    leg.respond(sip::status(486), {}, {}, kNow);
    EXPECT_NE(take<Respond>(leg).bytes.find("SIP/2.0 486"), std::string::npos);
    take<Closed>(leg);
    leg.respond(sip::status(200), {}, {}, kNow);
    EXPECT_FALSE(leg.poll());
}

TEST(Uas, KeepsOneTagInAllItsAnswers) {
    Leg leg = a_uas();
    for (const int code : {180, 183, 200}) {
        leg.respond(sip::status(code), {}, {}, kNow);
        EXPECT_NE(take<Respond>(leg).bytes.find("To: <sip:b@y>;tag=ours\r\n"), std::string::npos);
    }
}

TEST(Uas, IgnoresAnAckOfAnotherInvite) {
    Leg leg = a_uas();
    leg.respond(sip::status(200), {}, "v=0\r\n", kNow);
    take<Respond>(leg);
    leg.receive_ack(message(request_text("ACK", 9)), source());
    EXPECT_FALSE(leg.poll());
    EXPECT_TRUE(leg.deadline().has_value()) << "still repeating";
    leg.receive_ack(message(request_text("ACK", 10)), source());
    take<Acked>(leg);
    EXPECT_FALSE(leg.deadline().has_value());
}

TEST(Reinvite, InsideAnotherIs500) {
    Leg leg = a_live_uas();
    leg.receive(transaction::Key{2}, message(request_text("INVITE", 11)), source(), kNow);
    take<Offered>(leg);
    leg.receive(transaction::Key{3}, message(request_text("INVITE", 12)), source(), kNow);
    const std::string answer = take<Respond>(leg).bytes;
    EXPECT_TRUE(answer.starts_with("SIP/2.0 500"));
    EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
}

TEST(Reinvite, ThatWaitsIsAnsweredBeforeOurBye) {
    Leg leg = a_live_uas();
    leg.receive(transaction::Key{2}, message(request_text("INVITE", 11)), source(), kNow);
    take<Offered>(leg);
    leg.end({});
    EXPECT_TRUE(take<Respond>(leg).bytes.starts_with("SIP/2.0 487"));
    EXPECT_TRUE(take<Ask>(leg).bytes.starts_with("BYE "));
    take<Closed>(leg);
}

TEST(Reinvite, WithABodyThatIsNotSdpIs415) {
    Leg leg = a_live_uas();
    leg.receive(
        transaction::Key{2},
        message("INVITE sip:us SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK2\r\n"
                "From: <sip:a@x>;tag=peer\r\nTo: <sip:b@y>;tag=ours\r\nCall-ID: c\r\n"
                "CSeq: 11 INVITE\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"),
        source(), kNow);
    EXPECT_TRUE(take<Respond>(leg).bytes.starts_with("SIP/2.0 415"));
}

TEST(Uac, NumbersItsRequestsUpward) {
    Leg leg = a_uac();
    EXPECT_TRUE(leg.receive_response(message(response_text("200 OK", "t")), source(20)));
    EXPECT_NE(take<Post>(leg).bytes.find("CSeq: 1 ACK\r\n"), std::string::npos);
    take<Answered>(leg);
    EXPECT_NE(bye_of(leg).find("CSeq: 2 BYE\r\n"), std::string::npos);
}

TEST(Uac, TakesThePeersCSeqFromItsFirstRequest) {
    Leg leg = a_uac();
    EXPECT_TRUE(leg.receive_response(message(response_text("200 OK", "peer")), source(20)));
    take<Post>(leg);
    take<Answered>(leg);
    leg.receive(transaction::Key{2}, message(request_text("OPTIONS", 0)), source(20), kNow);
    EXPECT_TRUE(take<Respond>(leg).bytes.starts_with("SIP/2.0 200"));
    leg.receive(transaction::Key{3}, message(request_text("OPTIONS", 0)), source(20), kNow);
    EXPECT_TRUE(take<Respond>(leg).bytes.starts_with("SIP/2.0 500")) << "not after the first";
}

TEST(Uac, GivenUpDoesNotWantALate200) {
    Leg leg = a_uac();
    leg.give_up();
    take<Closed>(leg);
    const std::string late = response_text("200 OK", "late", "Contact: <sip:b@192.0.2.21>\r\n");
    EXPECT_FALSE(leg.receive_response(message(late), source(20)));
    EXPECT_FALSE(leg.poll());
    const auto outputs = Leg::dismiss(message(late), source(20), "<sip:us>");
    ASSERT_EQ(outputs.size(), 2U);
    EXPECT_TRUE(std::get<Post>(outputs[0]).bytes.starts_with("ACK sip:b@192.0.2.21 "));
    EXPECT_TRUE(std::get<Ask>(outputs[1]).bytes.starts_with("BYE sip:b@192.0.2.21 "));
}

TEST(Uac, IsNotEndedByAByeBeforeTheAnswer) {
    Leg leg = a_uac();
    EXPECT_TRUE(leg.receive_response(message(response_text("180 Ringing", "peer")), source(20)));
    take<Progress>(leg);
    leg.receive(transaction::Key{2}, message(request_text("BYE", 1)), source(20), kNow);
    EXPECT_TRUE(take<Respond>(leg).bytes.starts_with("SIP/2.0 481"));
    EXPECT_EQ(leg.state().phase, Phase::Early);
}

TEST(Dismissed, WithoutContactGoesToTheToUri) {
    const auto outputs =
        Leg::dismiss(message(response_text("200 OK", "t")), source(20), "<sip:us>");
    ASSERT_EQ(outputs.size(), 2U);
    EXPECT_TRUE(std::get<Post>(outputs[0]).bytes.starts_with("ACK sip:b@192.0.2.20 SIP/2.0\r\n"));
    const std::string& bye = std::get<Ask>(outputs[1]).bytes;
    EXPECT_NE(bye.find("From: <sip:us@192.0.2.1>;tag=ours\r\n"), std::string::npos);
    EXPECT_NE(bye.find("To: <sip:b@192.0.2.20>;tag=t\r\n"), std::string::npos);
    EXPECT_NE(bye.find("CSeq: 2 BYE\r\n"), std::string::npos);
}

TEST(Dialog, ComesBackFromItsBytes) {
    const Time now = kNow + std::chrono::microseconds(1'700);
    sip::Source from = source();
    from.connection = ConnectionId{5};
    auto leg =
        Leg::uas({"ours", "<sip:192.0.2.1:5060>", {}}, kInvite, message(invite_text()), from);
    ASSERT_TRUE(leg);
    leg->respond(sip::status(200), {}, "v=0\r\n", now);
    ASSERT_TRUE(leg->state().repeating);
    const Anchor anchor{now + std::chrono::microseconds(2'800), WallTime{1'800'000'000'000}};
    const State kept = leg->snapshot();
    const auto back = decode(encode(kept, anchor), anchor);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(*back, kept);
    EXPECT_EQ(kept.repeating->bytes, leg->state().repeating->bytes);
}

TEST(Repeating, DoublesFromT1ToT2AndEndsAt64T1) {
    Leg leg = a_uas();
    leg.respond(sip::status(200), {}, "v=0\r\n", kNow);
    const std::string first = take<Respond>(leg).bytes;
    std::vector<long> at;
    while (const auto deadline = leg.deadline()) {
        leg.advance(*deadline);
        while (auto output = leg.poll()) {
            if (const auto* again = std::get_if<Respond>(&*output)) {
                EXPECT_EQ(again->bytes, first);
                at.push_back(std::chrono::duration_cast<Millis>(*deadline - kNow).count());
            }
        }
    }
    EXPECT_EQ(at,
              (std::vector<long>{500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500}));
    EXPECT_EQ(leg.state().phase, Phase::Confirmed) << "BYE may be sent (RFC 3261 §13.3.1.4)";
}

}  // namespace
}  // namespace causeway::dialog
