#include "story.hpp"
#include "support/world/configuration.hpp"

#include "causeway/base/log.hpp"

#include <string>
#include <string_view>
#include <vector>

/// PRODUCT §4.2: what is heard of an address that is nobody's, and the configuration that the log
/// offers to hear all of it.
namespace causeway::testing {
namespace {

// ── an answer to a request of ours
// ────────────────────────────────────────────────────────────────

/// A generic gateway whose answers come from another address.
class AnswerFromElsewhere : public ::testing::Test {
protected:
    void SetUp() override {
        invite_ = *SipText::parse(an_invite().text());
        story_.carrier->send(invite_.bytes);
        story_.run_for(Millis{20});
        leg_b_ = story_.generic->last("INVITE");
    }
    void reply(const SipText& to, int status, std::string_view body = {}) {
        elsewhere_.reply(to, status, "As You Like", "e", body);
        story_.run_for(Millis{20});
    }
    [[nodiscard]] std::vector<std::string_view> sent_elsewhere() const {
        std::vector<std::string_view> found;
        for (const World::Sent& sent : story_.sent()) {
            if (sent.to == elsewhere_.address()) {
                found.emplace_back(sent.bytes);
            }
        }
        return found;
    }

    Story story_{{.gateways = {R"({name: gw, kind: generic, uri: "sip:127.0.0.30:5060"})"}}};
    SipText invite_;
    SipText leg_b_;
    Peer elsewhere_{World::at(77), World::livekit_side(),
                    [this](const Endpoint& from, const Endpoint& to, std::string bytes) {
                        story_.send_from(from, to, std::move(bytes));
                    }};
};

TEST_F(AnswerFromElsewhere, IsHeardByItsBranch) {
    reply(leg_b_, 180);
    EXPECT_EQ(story_.carrier->count(180), 1U);
    reply(leg_b_, 200, an_sdp({.rtp = World::at(77, 5000)}));
    ASSERT_EQ(story_.carrier->count(200), 1U);
    const auto to_it = sent_elsewhere();
    ASSERT_EQ(to_it.size(), 1U) << "its Contact is there";
    EXPECT_TRUE(to_it.front().starts_with("ACK sip:127.0.0.77:5060 ")) << to_it.front();
    EXPECT_EQ(story_.engine->counters().strangers, 0U);
}

TEST_F(AnswerFromElsewhere, IsHeardOfAFailureToo) {
    reply(leg_b_, 486);
    EXPECT_EQ(story_.carrier->count(486), 1U);
}

TEST_F(AnswerFromElsewhere, WithABranchThatIsNotOursIsNot) {
    SipText forged = leg_b_;
    for (auto& [name, value] : forged.headers) {
        if (name == "Via") {
            char& last = value[value.find(leg_b_.branch()) + leg_b_.branch().size() - 1];
            last = last == '0' ? '1' : '0';
        }
    }
    ASSERT_NE(forged.branch(), leg_b_.branch());
    reply(forged, 200, an_sdp({.rtp = World::at(77, 5000)}));
    EXPECT_EQ(story_.carrier->count(200), 0U);
    EXPECT_TRUE(sent_elsewhere().empty());
    EXPECT_EQ(story_.engine->counters().strangers, 1U);
}

// ── the line in the log
// ───────────────────────────────────────────────────────────────────────────

/// The value of this key in the one line of this event.
std::string logged_value(const std::string& log, std::string_view event, std::string_view key) {
    const std::size_t line = log.find("\"event\":\"" + std::string(event) + "\"");
    const std::string before = "\"" + std::string(key) + "\":\"";
    const std::size_t start = log.find(before, line);
    if (line == std::string::npos || start == std::string::npos) {
        ADD_FAILURE() << "no " << event << " with " << key << " in: " << log;
        return {};
    }
    const std::size_t begin = start + before.size();
    return log.substr(begin, log.find('"', begin) - begin);
}

std::string with(std::string text, std::string_view what, std::string_view by) {
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what << " in " << text;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

constexpr std::string_view kInterfaces = R"(node: here
interfaces:
  - {name: carriers, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: 10000-10999}
  - {name: livekit, side: livekit, bind: 127.0.0.1, sip: [udp:5080], rtp_ports: 15000-15999}
tenants: [{id: acme, dids: ["+4991874350352"]}]
cdr: {file: /nonexistent/cdr.jsonl}
)";
constexpr std::string_view kCarriers =
    "carriers: [{name: other, interface: carriers, sources: [127.0.0.10/32]}]";
constexpr std::string_view kRestOfAGroup =
    R"(id: 1, gateways: [{name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"}])";

/// The log names a source in JSON; what it offers, with its placeholders filled in, is a
/// configuration that knows the source on the interface where it came.
TEST(UnknownSource, IsNamedWithTheConfigurationThatAdmitsIt) {
    const Endpoint strangers[] = {World::at(66), {IpAddress::parse("fd00::66").value(), 5060}};
    ::testing::internal::CaptureStderr();
    ASSERT_TRUE(log::start({.format = log::Format::Json}));
    std::vector<InterfaceId> interfaces;
    Story story;
    for (const Endpoint& stranger : strangers) {
        story.send_from(stranger, World::carrier_side(), "OPTIONS");
        story.run_for(Millis{10});
        story.send_from(stranger, World::livekit_side(), "OPTIONS");
        story.run_for(Millis{10});
    }
    log::stop();
    std::string lines = ::testing::internal::GetCapturedStderr();
    const std::string group = "gateway_groups: [{" + std::string(kRestOfAGroup) + "}]";
    for (const Endpoint& stranger : strangers) {
        for (const unsigned interface : {1U, 2U}) {
            SCOPED_TRACE(stranger.to_string() + " at " + std::to_string(interface));
            EXPECT_EQ(logged_value(lines, "source.unknown", "source"), stranger.to_string());
            std::string admit = logged_value(lines, "source.unknown", "admit");
            lines.erase(0, lines.find('\n') + 1);
            std::string text(kInterfaces);
            if (interface == 1) {
                text += with(admit, "NAME", "primary") + "\n" + group;
            } else {
                text += with(admit, "id: ID", kRestOfAGroup) + "\n" + std::string(kCarriers);
            }
            const auto snapshot = read_configuration(text + "\n").snapshot;
            const auto peer = snapshot->admission.sources.find(InterfaceId{interface}, stranger.ip);
            ASSERT_TRUE(peer) << admit;
            EXPECT_EQ(peer->owner,
                      interface == 1 ? admission::Owner::Carrier : admission::Owner::Group);
        }
    }
    EXPECT_TRUE(lines.empty()) << "one line each: " << lines;
}

}  // namespace
}  // namespace causeway::testing
