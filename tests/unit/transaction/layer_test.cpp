#include "stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

// What holds for the layer as a whole: keys, Vias, the life of bytes, determinism.
namespace causeway::transaction {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

constexpr Millis kLong = std::chrono::minutes(10);

TEST(Layer, PutsItsViaOnTopOfARequest) {
    struct Row {
        sip::Transport transport;
        std::string via;
    };
    for (const Row& row :
         {Row{sip::Transport::Udp,
              "SIP/2\\.0/UDP 10\\.0\\.0\\.1:5060;branch=z9hG4bK[0-9a-f]+;rport"},
          Row{sip::Transport::Tcp,
              "SIP/2\\.0/TCP 10\\.0\\.0\\.1:5060;branch=z9hG4bK[0-9a-f]+;rport"},
          Row{sip::Transport::Tls,
              "SIP/2\\.0/TLS 10\\.0\\.0\\.1:5061;branch=z9hG4bK[0-9a-f]+;rport"}}) {
        Stage stage(row.transport);
        RequestText request;
        request.extra = "Via: SIP/2.0/UDP upstream;branch=z9hG4bKx\r\n";
        stage.request(request);
        const std::string& bytes = stage.sent.back().bytes;
        EXPECT_THAT(header(bytes, "Via"), MatchesRegex(row.via));
        request.via.clear();
        std::string without = bytes;
        without.erase(without.find("\r\n") + 2, header(bytes, "Via").size() + 7);
        EXPECT_EQ(without, request.text());
        EXPECT_EQ(stage.sent.back().to, stage.peer);
    }
}

TEST(Layer, FailsARequestToATargetWithoutIdentity) {
    Stage stage;
    stage.peer.interface = InterfaceId{9};
    const Key key = stage.request({});
    EXPECT_THAT(stage.log(), ElementsAre("0 failed io"));
    EXPECT_EQ(stage.failures.back().key, key);
    EXPECT_TRUE(key);
    EXPECT_EQ(stage.layer.size(), 0U);
    stage.layer.send(RequestText{.method = "ACK", .via = ""}.text(), stage.peer);
    stage.drain();
    EXPECT_THAT(stage.log(), IsEmpty());
}

TEST(Layer, SendsTheAckOfASuccessWithABranchOfItsOwn) {
    Stage stage;
    stage.request({});
    stage.answer_to("INVITE", 200);
    const RequestText ack{.method = "ACK", .via = ""};
    stage.layer.send(ack.with_to_tag("one").text(), stage.peer);
    stage.layer.send(ack.with_to_tag("one").text(), stage.peer);
    stage.layer.send(ack.with_to_tag("two").text(), stage.peer);
    stage.drain();
    ASSERT_EQ(stage.count("ACK"), 3U);
    EXPECT_NE(branch(stage.sent[1].bytes), branch(stage.sent[0].bytes));
    EXPECT_EQ(stage.sent[2].bytes, stage.sent[1].bytes) << "a repeated ACK is the same message";
    EXPECT_NE(branch(stage.sent[3].bytes), branch(stage.sent[1].bytes));
    EXPECT_EQ(stage.sent[1].key, Key{});
    EXPECT_EQ(stage.layer.size(), 1U);
    EXPECT_FALSE(stage.layer.owns_branch(branch(stage.sent[1].bytes)));
}

TEST(Layer, DoesNothingForDeadKeys) {
    Stage stage;
    const Key dead = stage.request({});
    stage.undeliverable(dead);
    const Key alive = stage.request({.call_id = "b"});
    stage.log();
    for (const Key key : {dead, Key{}, Key{~0ULL}, Key{alive.value + 1}}) {
        stage.layer.accept(key, stage.now);
        stage.layer.refuse(key, "x");
        stage.layer.respond(key, answer(RequestText{}.text(), 200), stage.now);
        stage.layer.cancel(key, {}, stage.now);
        stage.layer.undeliverable(key, Errc::Io, stage.now);
        stage.drain();
    }
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 1U);
}

TEST(Layer, DoesNothingForKeysOfTheOtherKind) {
    Stage stage;
    const Key client = stage.request({});
    const Key server = stage.accepted({});
    stage.log();
    stage.layer.respond(client, answer(RequestText{}.text(), 200), stage.now);
    stage.layer.accept(client, stage.now);
    stage.layer.accept(server, stage.now);
    stage.layer.refuse(client, "x");
    stage.layer.refuse(server, "x");
    stage.layer.cancel(server, {}, stage.now);
    stage.drain();
    EXPECT_THAT(stage.log(), IsEmpty());
    EXPECT_EQ(stage.layer.size(), 2U);
}

/// Bytes of a Transmit must outlive whatever the same mutation did to their transaction, and the
/// mutations of an owner who reacts in the middle of draining.
TEST(Layer, KeepsTheBytesOfWaitingTransmitsThroughLaterMutations) {
    Stage stage;
    constexpr int kMany = 300;
    std::vector<std::string> expected;
    for (int i = 0; i < kMany; ++i) {
        stage.request({.method = "OPTIONS", .call_id = "call-" + std::to_string(i)});
        expected.push_back(stage.sent.back().bytes);
    }
    const std::vector<Stage::Sent> first = stage.sent;
    stage.now += Millis(500);
    stage.layer.advance(stage.now);
    std::vector<std::string> seen;
    for (int i = 0; i < kMany; ++i) {
        const std::optional<Action> action = stage.layer.poll();
        ASSERT_TRUE(action);
        const auto& transmit = std::get<Transmit>(*action);
        seen.emplace_back(transmit.bytes);
        // Ends the transaction whose repetition is the last one waiting.
        stage.layer.undeliverable(first[static_cast<std::size_t>(kMany - 1 - i)].key, Errc::Io,
                                  stage.now);
    }
    EXPECT_EQ(seen, expected);
    stage.drain();
    EXPECT_EQ(stage.failures.size(), static_cast<std::size_t>(kMany));
    EXPECT_EQ(stage.layer.size(), 0U);
}

TEST(Layer, ServesManyTransactionsAtOnce) {
    Stage stage;
    constexpr int kMany = 2000;
    for (int i = 0; i < kMany; ++i) {
        const std::string n = std::to_string(i);
        stage.request({.method = "OPTIONS", .call_id = "out-" + n});
        const Key key =
            stage.accepted({.via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK" + n, .call_id = n});
        if (i % 2 == 0) {
            stage.respond(key, 486);
        }
    }
    EXPECT_EQ(stage.layer.size(), 2U * kMany);
    const std::vector<Stage::Sent> sent = stage.sent;
    for (const Stage::Sent& message : sent) {
        if (message.bytes.starts_with("OPTIONS")) {
            stage.receive(answer(message.bytes, 200));
        }
    }
    EXPECT_EQ(stage.responses.size(), static_cast<std::size_t>(kMany));
    for (const Request& request : stage.requests) {
        stage.respond(request.key, 200);
    }
    stage.pass(kLong);
    EXPECT_EQ(stage.layer.size(), 0U);
    EXPECT_EQ(stage.layer.deadline(), std::nullopt);
}

TEST(Layer, WritesTheSameBytesFromTheSameSecretAndInputs) {
    const auto run = [] {
        Stage stage;
        const Key key = stage.request({});
        stage.answer_to("INVITE", 180);
        stage.cancel(key);
        stage.answer_to("INVITE", 487);
        stage.receive(RequestText{}.as("CANCEL").text());
        stage.accepted({});
        stage.receive(RequestText{}.as("CANCEL").text());
        std::string all;
        for (const Stage::Sent& message : stage.sent) {
            all += message.bytes;
        }
        return all;
    };
    EXPECT_EQ(run(), run());
}

TEST(Layer, WritesOtherBranchesFromAnotherSecret) {
    const auto first_branch = [](std::byte seed) {
        Layer layer({.secret = {seed},
                     .identities = {{InterfaceId{1}, sip::Transport::Udp, "10.0.0.1:5060"}},
                     .timers = {},
                     .start = {}});
        sip::Target to;
        to.interface = InterfaceId{1};
        layer.request(RequestText{.via = ""}.text(), to, Time{});
        return branch(std::get<Transmit>(*layer.poll()).bytes);
    };
    EXPECT_NE(first_branch(std::byte{1}), first_branch(std::byte{2}));
}

}  // namespace
}  // namespace causeway::transaction
