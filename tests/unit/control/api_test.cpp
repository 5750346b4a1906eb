#include "requests.hpp"
#include "router.hpp"

#include "causeway/control/control.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace causeway::control {
namespace {

using Json = nlohmann::json;

/// A daemon that answers at once, from what the test has put there.
class FakeDaemon : public port::Operations {
public:
    void calls(port::CallQuery query, port::Answer<Result<port::CallPage>> answer) override {
        port::CallPage page;
        page.total = live.size();
        for (auto next = live.upper_bound(query.after.value);
             next != live.end() && page.calls.size() < std::min(query.most, kMost); ++next) {
            page.calls.push_back(view(*next));
        }
        ++pages;
        answer(std::move(page));
    }
    void call(CallId id, port::Answer<Result<port::CallView>> answer) override {
        live.count(id.value) > 0 ? answer(view(id.value)) : answer(fail(Errc::NotFound, "none"));
    }
    void hang_up(CallId id, port::Answer<Result<void>> answer) override {
        live.erase(id.value) > 0 ? answer({}) : answer(fail(Errc::NotFound, "none"));
    }
    void drain(port::Drain wanted, port::Answer<Result<void>> answer) override {
        drained = wanted;
        answer(can_undo || wanted != port::Drain::Undo ? Result<void>{}
                                                       : fail(Errc::Unsupported, "ending"));
    }
    void reload(port::Answer<Reloaded> answer) override { answer(reloaded); }
    void report(port::Answer<Result<port::Report>> answer) override { answer(reported); }
    void statistics(port::Answer<Result<port::CallStatistics>> answer) override {
        port::CallStatistics sum;
        sum.all = {4, 2, Millis{6000}};
        sum.by_tenant["acme"] = {4, 2, Millis{6000}};
        sum.by_code = {{200, 2}, {404, 2}};
        answer(std::move(sum));
    }
    void why(std::string subject, port::Answer<Result<std::string>> answer) override {
        answer("{\"asked\":\"" + subject + "\"}");
    }

    static port::CallView view(std::uint64_t id) {
        port::CallView view;
        view.record.call_id = CallId{id};
        view.state = port::CallState::Answered;
        return view;
    }

    static constexpr std::size_t kMost = port::CallQuery::kMost;
    std::set<std::uint64_t> live;
    int pages{};
    std::optional<port::Drain> drained;
    bool can_undo{true};
    Reloaded reloaded{std::uint64_t{2}};
    Result<port::Report> reported{port::Report{}};
};

struct Api {
    FakeDaemon daemon;
    Router router{api(daemon, {"n1", "9.9", [](const port::CallRecord& record) {
                                   return "{\"call_id\":\"" + to_string(record.call_id) + "\"}";
                               }})};

    Response ask(std::string_view method, std::string_view target, std::string body = {}) {
        const auto parsed = parse_target(target);
        const auto match = router.find(method, *parsed);
        if (!match) {
            return match.error().response;
        }
        std::optional<Response> response;
        match->route->handler({std::string(method),
                               std::string(target),
                               match->parameters,
                               parsed->query,
                               std::move(body),
                               {}},
                              [&](Response given) { response = std::move(given); });
        return response.value_or(Response{0, "no answer", {}});
    }
    Json get(std::string_view target) { return Json::parse(ask("GET", target).body); }
};

TEST(Api, ListsEveryCallThroughAsManyPagesAsItTakes) {
    Api api;
    for (std::uint64_t id = 1; id <= 450; ++id) {
        api.daemon.live.insert(id * 1000);
    }
    const Json all = api.get("/api/v1/calls");
    EXPECT_EQ(all["calls"].size(), 450U);
    EXPECT_EQ(all["total"], 450);
    EXPECT_FALSE(all.contains("next"));
    EXPECT_EQ(api.daemon.pages, 3);
    EXPECT_EQ(all["calls"][0], Json::parse(R"({"call_id":"00000000000003e8","state":"answered"})"));
}

TEST(Api, ListsAPartAndSaysWhereItGoesOn) {
    Api api;
    api.daemon.live = {1, 2, 3};
    const Json two = api.get("/api/v1/calls?limit=2");
    EXPECT_EQ(two["calls"].size(), 2U);
    EXPECT_EQ(two["next"], "0000000000000002");
    const Json rest = api.get("/api/v1/calls?limit=2&after=0000000000000002");
    EXPECT_EQ(rest["calls"].size(), 1U);
    EXPECT_FALSE(rest.contains("next"));
    EXPECT_EQ(api.get("/api/v1/calls?limit=200")["calls"].size(), 3U);
    for (const char* query : {"limit=0", "limit=1001", "limit=x", "after=x", "after=1", "page=1"}) {
        EXPECT_EQ(api.ask("GET", std::string("/api/v1/calls?") + query).status, 400U) << query;
    }
}

TEST(Api, ShowsAndEndsOneCall) {
    Api api;
    api.daemon.live = {0xabc};
    EXPECT_EQ(api.get("/api/v1/calls/0000000000000abc")["state"], "answered");
    EXPECT_EQ(api.ask("DELETE", "/api/v1/calls/0000000000000ABC").status, 200U);
    EXPECT_EQ(api.ask("DELETE", "/api/v1/calls/0000000000000abc").status, 404U);
    for (const char* id : {"0000000000000abc", "abc", "0", "..", "000000000000000000abc"}) {
        EXPECT_EQ(api.ask("GET", std::string("/api/v1/calls/") + id).status, 404U) << id;
    }
}

TEST(Api, IsReadyUnlessSomethingStandsAgainstIt) {
    Api api;
    EXPECT_EQ(api.ask("GET", "/readyz").status, 200U);
    api.daemon.reported->unready = {"draining", "no_ports"};
    const Response response = api.ask("GET", "/readyz");
    EXPECT_EQ(response.status, 503U);
    EXPECT_EQ(Json::parse(response.body)["reasons"], (Json{"draining", "no_ports"}));
    api.daemon.reported = fail(Errc::Exhausted, "starting");
    EXPECT_EQ(api.ask("GET", "/readyz").status, 503U);
    EXPECT_EQ(api.ask("GET", "/healthz").status, 200U) << "it lives all the same";
}

TEST(Api, SaysHowItIs) {
    Api api;
    port::Report& report = *api.daemon.reported;
    report.phase = port::Phase::Draining;
    report.uptime = Millis{61'500};
    report.calls = 7;
    report.ports = {{"a", sip::Side::Carrier, 1, 10, 0}, {"b", sip::Side::Livekit, 2, 20, 0}};
    report.dialogs = 14;
    report.flows = 6;
    report.timers = 20;
    report.transactions = 90;
    report.conditions = {
        {port::Trouble::PortsLow, "b", "19 of 20", WallTime{1'763'743'201'007}, std::nullopt}};
    report.history = {{port::Trouble::CdrUnwritable, "", "", WallTime{951'782'400'000},
                       WallTime{951'868'799'999}, 3}};
    const Json status = api.get("/api/v1/status");
    EXPECT_EQ(status["status"], "draining");
    EXPECT_EQ(status["version"], "9.9");
    EXPECT_EQ(status["uptime_s"], 61);
    EXPECT_EQ(status["calls_active"], 7);
    EXPECT_EQ(status["rtp_ports"], Json::parse(R"({"used":3,"total":30})"));
    EXPECT_EQ(status["census"],
              Json::parse(R"({"dialogs":14,"flows":6,"timers":20,"transactions":90})"));
    EXPECT_GT(status["memory"], 0);
    ASSERT_EQ(status["conditions"].size(), 1U);
    EXPECT_EQ(status["conditions"][0]["code"], "CW-PORTS-LOW");
    EXPECT_EQ(status["conditions"][0]["severity"], "warning");
    EXPECT_EQ(status["conditions"][0]["subject"], "b");
    EXPECT_EQ(status["conditions"][0]["detail"], "19 of 20");
    EXPECT_EQ(status["conditions"][0]["since"], "2025-11-21T16:40:01.007Z");
    EXPECT_EQ(status["conditions"][0]["unready"], false);
    EXPECT_FALSE(status["conditions"][0].contains("until"));
    EXPECT_EQ(status["history"][0]["since"], "2000-02-29T00:00:00.000Z");
    EXPECT_EQ(status["history"][0]["until"], "2000-02-29T23:59:59.999Z");
    EXPECT_EQ(status["history"][0]["times"], 3);
    report.phase = port::Phase::Serving;
    EXPECT_EQ(api.get("/api/v1/status")["status"], "ok");
}

TEST(Api, AddsUpCalls) {
    Api api;
    api.daemon.reported->calls = 3;
    const Json sum = api.get("/api/v1/stats/calls");
    EXPECT_EQ(sum["active"], 3);
    EXPECT_EQ(sum["total"], 4);
    EXPECT_EQ(sum["failed"], 2);
    EXPECT_EQ(sum["asr"], 50.0);
    EXPECT_EQ(sum["acd_s"], 3.0);
    EXPECT_EQ(sum["by_tenant"]["acme"]["answered"], 2);
    EXPECT_EQ(sum["by_code"]["404"], 2);
}

TEST(Api, ReloadsOrSaysEverythingThatSpeaksAgainstIt) {
    Api api;
    EXPECT_EQ(Json::parse(api.ask("POST", "/api/v1/reload").body)["version"], 2);
    api.daemon.reloaded = tl::unexpected(
        std::vector<config::Problem>{{"a.yaml", 3, "wrong", config::Severity::Error}});
    const Response refused = api.ask("POST", "/api/v1/reload");
    EXPECT_EQ(refused.status, 422U);
    EXPECT_EQ(Json::parse(refused.body)["problems"], Json{"a.yaml:3: wrong"});
}

TEST(Api, Drains) {
    Api api;
    using port::Drain;
    struct Row {
        const char* body;
        unsigned status;
        std::optional<Drain> wanted;
    };
    const Row rows[] = {
        {"", 202, Drain::Stay},
        {"{}", 202, Drain::Stay},
        {R"({"exit":false})", 202, Drain::Stay},
        {R"({"exit":true})", 202, Drain::Exit},
        {R"({"undo":true})", 202, Drain::Undo},
        {R"({"exit":true,"undo":true})", 400, {}},
        {R"({"exit":1})", 400, {}},
        {R"({"now":true})", 400, {}},
        {"[]", 400, {}},
        {"{", 400, {}},
    };
    for (const Row& row : rows) {
        api.daemon.drained.reset();
        EXPECT_EQ(api.ask("POST", "/api/v1/drain", row.body).status, row.status) << row.body;
        EXPECT_EQ(api.daemon.drained, row.wanted) << row.body;
    }
    api.daemon.can_undo = false;
    EXPECT_EQ(api.ask("POST", "/api/v1/drain", R"({"undo":true})").status, 409U);
}

TEST(Api, IsDescribedWhole) {
    FakeDaemon daemon;
    const std::vector<Route> routes = api(daemon, {"n", "v", {}});
    const Route route = describe(routes, "v");
    Json all;
    route.handler({}, [&](const Response& response) { all = Json::parse(response.body); });
    for (const Route& one : routes) {
        std::string method = one.method;
        std::transform(method.begin(), method.end(), method.begin(),
                       [](char c) { return static_cast<char>(c + 32); });
        const Json& operation = all["paths"][one.path][method];
        EXPECT_EQ(operation["summary"], one.summary);
        EXPECT_EQ(operation["responses"].size(), one.says.size());
    }
    EXPECT_EQ(all["paths"]["/api/v1/calls/{call_id}"]["delete"]["parameters"][0]["name"],
              "call_id");
}

}  // namespace
}  // namespace causeway::control
