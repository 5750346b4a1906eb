#include "story.hpp"
#include "tally.hpp"

#include <numeric>
#include <string>
#include <string_view>

/// What is counted of calls and messages, to the last one.
namespace causeway::testing {
namespace {

using b2bua::Tally;
using port::Figures;

constexpr auto kInbound = static_cast<std::size_t>(port::Direction::Inbound);

std::uint64_t of_kind(const std::array<std::uint64_t, port::kMessageKinds.size()>& counts,
                      std::string_view kind) {
    const auto* const at = std::find(port::kMessageKinds.begin(), port::kMessageKinds.end(), kind);
    return counts.at(static_cast<std::size_t>(at - port::kMessageKinds.begin()));
}

template <std::size_t N>
std::uint64_t sum(const std::array<std::uint64_t, N>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{});
}

std::uint64_t refused(const Figures& figures, Stage stage, std::string_view reason) {
    return figures.refused.at(port::refusal_of(stage, reason).value());
}

const port::TenantFigures& of_tenant(const Figures& figures, std::string_view tenant) {
    const auto at = std::find(figures.tenants->begin(), figures.tenants->end(), tenant);
    EXPECT_NE(at, figures.tenants->end()) << tenant;
    return figures.by_tenant.at(static_cast<std::size_t>(at - figures.tenants->begin()));
}

std::uint64_t ended(const Figures& figures, std::string_view tenant, call::Cause cause) {
    return of_tenant(figures, tenant).ended[kInbound].at(static_cast<std::size_t>(cause));
}

TEST(FiguresOfACall, TellItsWholeWay) {
    Story story;
    story.establish();
    EXPECT_EQ(of_tenant(story.engine->figures(), "acme").active[kInbound], 1U);
    EXPECT_EQ(sum(of_tenant(story.engine->figures(), "acme").ended[kInbound]), 0U);
    story.hang_up();
    const Figures figures = story.engine->figures();
    EXPECT_EQ(of_tenant(figures, "acme").active[kInbound], 0U);
    EXPECT_EQ(ended(figures, "acme", call::Cause::Success), 1U);
    EXPECT_EQ(sum(of_tenant(figures, "acme").ended[kInbound]), 1U);
    EXPECT_EQ(sum(figures.setup.counts), 1U);
    EXPECT_EQ(figures.setup.sum, static_cast<std::uint64_t>(*story.record().setup_ms));
    EXPECT_EQ(sum(figures.refused), 0U);

    EXPECT_EQ(of_kind(figures.received, "INVITE"), 1U);
    EXPECT_EQ(of_kind(figures.received, "ACK"), 1U);
    EXPECT_EQ(of_kind(figures.received, "BYE"), 1U);
    EXPECT_EQ(of_kind(figures.sent, "INVITE"), 1U);
    EXPECT_EQ(of_kind(figures.sent, "ACK"), 1U);
    EXPECT_EQ(of_kind(figures.sent, "BYE"), 1U);
    EXPECT_EQ(of_kind(figures.sent, "2xx"), 2U) << "to the carrier's INVITE and BYE";
    EXPECT_EQ(of_kind(figures.sent, "1xx"), story.carrier->count(100) + story.carrier->count(180));
    EXPECT_EQ(sum(figures.sent), story.sent().size());
    EXPECT_EQ(sum(figures.received), story.engine->counters().received);
}

TEST(FiguresOfACall, CountWhatItsGatewayRefused) {
    Story story({.numbers = {{"+4991874350352", Behaviour::refuse(486, "Busy Here")}}});
    story.carrier->invite(an_invite());
    story.run_for(Millis{200});
    const Figures figures = story.engine->figures();
    EXPECT_EQ(refused(figures, Stage::Call, "upstream"), 1U);
    EXPECT_EQ(sum(figures.refused), 1U);
    EXPECT_EQ(sum(of_tenant(figures, "acme").ended[kInbound]), 1U);
    EXPECT_EQ(of_tenant(figures, "acme").active[kInbound], 0U);
    EXPECT_EQ(sum(figures.setup.counts), 0U);
}

TEST(FiguresOfACall, CountACancelAsAnEndAlone) {
    Story story({.numbers = {{"+4991874350352", Behaviour::ring()}}});
    const auto invite = *SipText::parse(an_invite().text());
    story.carrier->send(invite.bytes);
    story.run_for(Millis{200});
    story.carrier->cancel(invite);
    story.run_for(Millis{200});
    const Figures figures = story.engine->figures();
    EXPECT_EQ(ended(figures, "acme", call::Cause::Client), 1U);
    EXPECT_EQ(sum(figures.refused), 0U);
    EXPECT_EQ(of_kind(figures.received, "CANCEL"), 1U);
    EXPECT_EQ(of_kind(figures.sent, "CANCEL"), 1U);
}

TEST(FiguresOfRefusals, NameStageAndReason) {
    Story story;
    story.carrier->invite(an_invite().to("0409999").call_id("1").branch("b1"));
    story.carrier->invite(an_invite().header("Require", "timer").call_id("2").branch("b2"));
    story.carrier->send("garbage\r\n\r\n");
    story.stranger->invite(an_invite().call_id("3").branch("b3"));
    story.run_for(Millis{100});
    const Figures figures = story.engine->figures();
    EXPECT_EQ(refused(figures, Stage::Tenant, "no_tenant"), 1U);
    EXPECT_EQ(refused(figures, Stage::Admission, "bad_extension"), 1U);
    EXPECT_EQ(refused(figures, Stage::Admission, "unknown_source"), 1U);
    EXPECT_EQ(sum(figures.refused), 3U);
    EXPECT_EQ(ended(figures, "", call::Cause::Client), 1U) << "only what has a record is a call";
    EXPECT_EQ(story.records.size(), 1U);
    EXPECT_EQ(of_kind(figures.received, "malformed"), 1U);
    EXPECT_EQ(of_kind(figures.received, "INVITE"), 2U) << "strangers are not read";
}

TEST(FiguresOfACall, FindItsTenantAgainAfterARestart) {
    Story story;
    story.establish();
    story.restart();
    EXPECT_EQ(of_tenant(story.engine->figures(), "acme").active[kInbound], 1U);
    story.hang_up();
    EXPECT_EQ(of_tenant(story.engine->figures(), "acme").active[kInbound], 0U);
    EXPECT_EQ(ended(story.engine->figures(), "acme", call::Cause::Success), 1U);
}

TEST(FiguresOfGateways, AreOfEnabledOnes) {
    Story story({.gateways = {R"({name: lk, uri: "sip:127.0.0.20:5060"})",
                              R"({name: off, uri: "sip:127.0.0.21:5060", enabled: false})"}});
    const Figures figures = story.engine->figures();
    ASSERT_EQ(figures.gateways->size(), 1U);
    EXPECT_EQ(figures.gateways->front().group, "default");
    EXPECT_EQ(figures.gateways->front().name, "lk");
    EXPECT_TRUE(figures.gateways->front().up);
}

// ── tenants

config::Snapshot with_tenants(const std::vector<std::string>& names) {
    config::Snapshot config;
    for (const std::string& name : names) {
        config.tenants.add(name, {});
    }
    return config;
}

TEST(TallyOfTenants, CountsThoseBeyondTheLimitTogether) {
    Tally tally(2);
    tally.configure(with_tenants({"a", "b", "c", "d"}));
    const std::vector<std::string> labels{"other", "", "a", "b"};
    EXPECT_EQ(*tally.figures().tenants, labels);
    EXPECT_EQ(tally.place_of(TenantId{2}), 3U);
    for (const std::uint64_t id : {3U, 4U}) {
        EXPECT_EQ(tally.place_of(TenantId{id}), Tally::kOther);
        tally.began(tally.place_of(TenantId{id}));
    }
    EXPECT_EQ(of_tenant(tally.figures(), "other").active[kInbound], 2U);
    EXPECT_EQ(tally.place_of("b"), 3U);
    EXPECT_EQ(tally.place_of("gone"), Tally::kOther);
}

TEST(TallyOfTenants, KeepsPlacesOverReloads) {
    Tally tally(3);
    tally.configure(with_tenants({"a", "b"}));
    const auto before = tally.figures().tenants;
    tally.began(tally.place_of(TenantId{1}));
    tally.configure(with_tenants({"c", "b", "a", "late"}));
    EXPECT_EQ(tally.place_of(TenantId{1}), 4U) << "c is new";
    EXPECT_EQ(tally.place_of(TenantId{2}), 3U);
    EXPECT_EQ(tally.place_of(TenantId{3}), 2U);
    EXPECT_EQ(tally.place_of(TenantId{4}), Tally::kOther);
    EXPECT_EQ(of_tenant(tally.figures(), "a").active[kInbound], 1U);
    EXPECT_EQ(before->size(), 4U) << "what was handed out stays";
}

TEST(TallyOfTenants, CountsOneThatIsCalledOtherThere) {
    Tally tally(5);
    tally.configure(with_tenants({"other", "a"}));
    EXPECT_EQ(tally.place_of(TenantId{1}), Tally::kOther);
    EXPECT_EQ(tally.figures().tenants->size(), 3U) << "no label twice";
}

TEST(TallyOfTenants, MayCountNoneApart) {
    Tally tally(0);
    tally.configure(with_tenants({"a"}));
    EXPECT_EQ(tally.place_of(TenantId{1}), Tally::kOther);
    EXPECT_EQ(tally.figures().by_tenant.size(), 2U);
}

}  // namespace
}  // namespace causeway::testing
