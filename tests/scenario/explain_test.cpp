#include "causeway/call/explain.hpp"

#include "support/world/world.hpp"

#include "causeway/intake/intake.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

/// `causeway explain` says beforehand what a call then does: the same INVITEs through both.
namespace causeway::testing {
namespace {

/// What became of an INVITE.
struct Fate {
    int status{};  ///< 0: no answer, or placed
    std::string reason;
    std::vector<std::string> attempts;  ///< group/name, in order
    bool operator==(const Fate&) const = default;
};

void PrintTo(const Fate& fate, std::ostream* out) {
    *out << fate.status << " " << fate.reason;
    for (const std::string& attempt : fate.attempts) {
        *out << " " << attempt;
    }
}

World::Options options() {
    World::Options all;
    all.gateways = {R"({name: late, kind: generic, uri: "sip:127.0.0.41"})",
                    R"({name: first, kind: generic, uri: "sip:127.0.0.42", priority: 10})",
                    R"({name: off, uri: "sip:127.0.0.43", priority: 5, enabled: false})",
                    R"({name: next, uri: "sip:127.0.0.44:5070", priority: 5})"};
    all.call = "{no_response: 1s}";
    return all;
}

Fate explained(const World& world, const std::string& text, const sip::Source& from) {
    const auto message = sip::Message::split(std::as_bytes(std::span(text)));
    EXPECT_TRUE(message) << text;
    const auto explanation = call::explain(*world.snapshot, from, *message);
    Fate fate;
    if (explanation.verdict) {
        for (const routing::Target& target : explanation.verdict->route.targets) {
            fate.attempts.push_back(target.group + "/" + target.name);
        }
    } else {
        fate.status = explanation.verdict.error().status.code;
        fate.reason = explanation.verdict.error().reason;
        EXPECT_EQ(explanation.trace.steps.back().reason, fate.reason);
        EXPECT_EQ(explanation.trace.steps.back().stage, explanation.verdict.error().stage);
    }
    return fate;
}

/// Sends it for real; nobody is at the gateways, so that every attempt is made.
Fate lived(World& world, const std::string& text, const Endpoint& from, const Endpoint& to) {
    const std::size_t before = world.sent().size();
    world.send_from(from, to, text);
    world.run_for(Millis{10'000});
    Fate fate;
    for (std::size_t i = before; i < world.sent().size(); ++i) {
        const std::string& bytes = world.sent()[i].bytes;
        if (world.sent()[i].to == from && bytes.starts_with("SIP/2.0 ") && bytes[8] > '1') {
            const auto answer = SipText::parse(bytes);
            fate.status = std::stoi(bytes.substr(8, 3));
            fate.reason = answer ? answer->header("X-Causeway-Reason") : "";
        }
    }
    if (!world.records.empty()) {
        for (const auto& attempt : world.records.back().attempts) {
            fate.attempts.push_back(attempt.gateway);
        }
    }
    if (!fate.attempts.empty()) {
        fate.status = 0;  // placed: what came of it is not intake's
        fate.reason.clear();
    }
    return fate;
}

TEST(Explain, SaysWhatTheCallDoes) {
    struct Row {
        const char* name;
        InviteBuilder invite;
        Fate want;
    };
    const std::vector<std::string> all{"default/first", "default/next", "default/late"};
    const Row rows[] = {
        {"a number", an_invite(), {0, "", all}},
        {"a national number", an_invite().to("091874350352"), {0, "", all}},
        {"a number by its prefix", an_invite().to("03012345999"), {0, "", all}},
        {"nobody's number", an_invite().to("+4940123456"), {404, "no_tenant", {}}},
        {"a tenant's domain, not its number",
         an_invite().to("+4940123456").host("acme.example"),
         {404, "unknown_did", {}}},
        {"no hop left",
         an_invite().without("Max-Forwards").header("Max-Forwards", "0"),
         {483, "too_many_hops", {}}},
        {"an extension", an_invite().header("Require", "100rel"), {420, "bad_extension", {}}},
        {"no Contact", an_invite().without("Contact"), {400, "bad_request", {}}},
        {"an unreadable offer", an_invite().sdp("garbage"), {488, "media_unsupported", {}}},
        {"video alone",
         an_invite().sdp("v=0\r\no=- 1 1 IN IP4 127.0.0.10\r\ns=-\r\nc=IN IP4 127.0.0.10\r\n"
                         "t=0 0\r\nm=video 9 RTP/AVP 96\r\n"),
         {488, "media_unsupported", {}}},
        {"another encoding",
         an_invite().header("Content-Encoding", "gzip"),
         {415, "media_unsupported", {}}},
    };
    for (const Row& row : rows) {
        World world(options());
        const std::string text = row.invite.text();
        const Endpoint from = World::at(10);
        EXPECT_EQ(explained(world, text, {InterfaceId{1}, from, sip::Transport::Udp, {}}), row.want)
            << row.name;
        EXPECT_EQ(lived(world, text, from, World::carrier_side()), row.want) << row.name;
    }
}

TEST(Explain, NamesTheGatewaysThatAreNotTried) {
    const World world(options());
    const std::string text = an_invite().text();
    const auto message = sip::Message::split(std::as_bytes(std::span(text))).value();
    const auto explanation = call::explain(
        *world.snapshot, {InterfaceId{1}, World::at(10), sip::Transport::Udp, {}}, message);
    ASSERT_EQ(explanation.trace.skipped.size(), 1U);
    EXPECT_EQ(explanation.trace.skipped[0].gateway, "default/off");
    std::vector<std::string> details;
    for (const intake::Step& step : explanation.trace.steps) {
        EXPECT_EQ(step.reason, "");
        details.push_back(std::string(to_string(step.stage)) + ": " + step.detail);
    }
    EXPECT_EQ(details, (std::vector<std::string>{
                           "admission: 127.0.0.10 is carrier primary",
                           "normalize: called +4991874350352, calling +4930123456",
                           "tenant: acme, who owns +4991874350352", "routing: 3 attempts at most",
                           "call: the offer can be passed on"}));
}

TEST(Explain, KnowsStrangersAndGatewaysThatCall) {
    World world(options());
    const std::string text = an_invite().source(World::at(66)).text();
    EXPECT_EQ(explained(world, text, {InterfaceId{1}, World::at(66), sip::Transport::Udp, {}}),
              (Fate{403, "unknown_source", {}}));
    EXPECT_EQ(lived(world, text, World::at(66), World::carrier_side()), (Fate{}))
        << "a stranger is not told";
    const std::string outbound = an_invite().source(World::at(42)).text();
    const Fate refused{403, "destination_not_allowed", {}};
    EXPECT_EQ(explained(world, outbound, {InterfaceId{2}, World::at(42), sip::Transport::Udp, {}}),
              refused);
    EXPECT_EQ(lived(world, outbound, World::at(42), World::livekit_side()), refused);
}

}  // namespace
}  // namespace causeway::testing
