#include "answers.hpp"
#include "conditions.hpp"
#include "requests.hpp"

#include "causeway/base/log.hpp"
#include "causeway/control/control.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <utility>

namespace causeway::control {
namespace {

using port::Operations;

/// Answers with what `show` makes of a value, or with the error.
template <class T, class Show>
port::Answer<Result<T>> then(Reply reply, Show show) {
    return [reply = std::move(reply), show = std::move(show)](Result<T> result) {
        reply(result ? show(*result) : error(result.error()));
    };
}

/// Resident memory of this process in bytes; 0 where the kernel does not say.
std::uint64_t resident_bytes() {
    constexpr std::uint64_t kPage = 4096;
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident * kPage;
}

// ── health
// ──────────────────────────────────────────────────────────────────────────────────────────

Response readiness(const port::Report& report) {
    if (report.unready.empty()) {
        return json(Json{{"status", "ready"}});
    }
    return json(Json{{"error", "not ready"}, {"reasons", report.unready}}, 503);
}

Json status_of(const port::Report& report, const ApiOptions& options) {
    std::size_t used = 0;
    std::size_t total = 0;
    Json interfaces = Json::array();
    for (const port::Report::Ports& ports : report.ports) {
        used += ports.in_use;
        total += ports.total;
        interfaces.push_back({{"name", ports.interface},
                              {"rtp_ports", {{"used", ports.in_use}, {"total", ports.total}}}});
    }
    return {
        {"status", report.phase == port::Phase::Serving ? "ok" : to_string(report.phase)},
        {"version", options.version},
        {"node", options.node},
        {"configuration", report.configuration},
        {"uptime_s", report.uptime.count() / 1000},
        {"calls_active", report.calls},
        {"max_calls", report.max_calls},
        {"cps", report.calls_per_second},
        {"calls",
         {{"admitted", report.invites},
          {"answered", report.answered},
          {"ended", report.finished},
          {"rejected", report.rejected}}},
        {"gateways", {{"up", report.gateways_up}, {"down", report.gateways_down}, {"probing", 0}}},
        {"memory", resident_bytes()},
        {"rtp_ports", {{"used", used}, {"total", total}}},
        {"interfaces", std::move(interfaces)},
        {"census",
         {{"dialogs", report.dialogs},
          {"flows", report.flows},
          {"timers", report.timers},
          {"transactions", report.transactions}}},
        {"cdr", {{"writable", report.cdrs_writable}, {"lost", report.cdrs_lost}}},
        {"unready", report.unready},
        {"conditions", conditions_of(report.conditions)},
        {"history", conditions_of(report.history)}};
}

std::vector<Route> health(Operations& operations, const ApiOptions& options) {
    return {
        {.method = "GET",
         .path = "/healthz",
         .summary = "Whether the process lives.",
         .query = {},
         .says = {{200, "it does"}},
         .handler =
             [](const Request&, const Reply& reply) {
                 reply(json(Json{{"status", "ok"}}));
             }},
        {.method = "GET",
         .path = "/readyz",
         .summary = "Whether new calls are taken.",
         .query = {},
         .says = {{200, "they are"}, {503, "not now; `reasons` says why"}},
         .handler =
             [&operations](const Request&, Reply reply) {
                 operations.report(then<port::Report>(std::move(reply), readiness));
             }},
        {.method = "GET",
         .path = "/api/v1/status",
         .summary = "How the daemon is.",
         .query = {},
         .says = {{200, "state, calls, ports, gateways"}},
         .handler =
             [&operations, options](const Request&, Reply reply) {
                 operations.report(
                     then<port::Report>(std::move(reply), [options](const port::Report& report) {
                         return json(status_of(report, options));
                     }));
             }},
    };
}

// ── calls
// ───────────────────────────────────────────────────────────────────────────────────────────

/// The record's object with `state` at its end.
void append_call(std::string& to, const port::CallView& view, const ApiOptions& options) {
    std::string record = options.record(view.record);
    record.pop_back();  // its closing brace
    to.append(record).append(",\"state\":\"").append(to_string(view.state)).append("\"}");
}

/// Gathers pages until it has what was asked for, so that signalling is never held up for long.
class Listing : public std::enable_shared_from_this<Listing> {
public:
    Listing(Operations& operations, const ApiOptions& options, std::size_t limit, Reply reply)
        : operations_(operations), options_(options), limit_(limit), reply_(std::move(reply)) {}

    void ask(CallId after) {
        operations_.calls({after, std::min(limit_ - count_, port::CallQuery::kMost)},
                          [self = shared_from_this()](Result<port::CallPage> page) {
                              page ? self->take(*page) : self->reply_(error(page.error()));
                          });
    }

private:
    void take(const port::CallPage& page) {
        CallId last;
        for (const port::CallView& view : page.calls) {
            text_ += count_++ == 0 ? "" : ",\n";
            append_call(text_, view, options_);
            last = view.record.call_id;
        }
        const bool was_full = page.calls.size() == port::CallQuery::kMost;
        if (was_full && count_ < limit_) {
            ask(last);
            return;
        }
        std::string body = "{\"calls\":[" + text_ + "],\"total\":" + std::to_string(page.total);
        if (count_ == limit_ && count_ < page.total) {
            body.append(",\"next\":\"").append(to_string(last)).append("\"");
        }
        reply_({200, body + "}\n", "application/json"});
    }

    Operations& operations_;
    const ApiOptions& options_;
    std::size_t limit_;
    Reply reply_;
    std::string text_;
    std::size_t count_{};
};

void list_calls(Operations& operations, const ApiOptions& options, const Request& request,
                Reply reply) {
    const auto limit = read_limit(request.query);
    if (!limit) {
        reply(error(limit.error()));
        return;
    }
    CallId after;
    if (const auto entry = request.query.find("after"); entry != request.query.end()) {
        const auto id = read_call_id(entry->second);
        if (!id) {
            reply(error(400, "after: no call id"));
            return;
        }
        after = *id;
    }
    std::make_shared<Listing>(operations, options, *limit, std::move(reply))->ask(after);
}

/// Calls `act` with the call that the path names; 404 if it cannot be one.
template <class Act>
Handler with_call(Act act) {
    return [act = std::move(act)](const Request& request, Reply reply) {
        if (const auto id = read_call_id(request.parameters.at("call_id"))) {
            act(*id, request, std::move(reply));
        } else {
            reply(error(404, "no live call has this id"));
        }
    };
}

void hang_up(Operations& operations, CallId id, const Request& request, Reply reply) {
    operations.hang_up(id, [id, by = request.by, reply = std::move(reply)](Result<void> done) {
        if (!done) {
            reply(error(done.error()));
            return;
        }
        log::info("control.hangup", {{"call", id}, {"by", by}});
        reply(json(Json{{"status", "ending"}, {"call_id", to_string(id)}}));
    });
}

Json tally_of(const port::CallTally& tally) {
    const auto ratio = [](std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    const auto talked = static_cast<std::uint64_t>(tally.talked.count());
    return {{"total", tally.total},
            {"answered", tally.answered},
            {"failed", tally.total - tally.answered},
            {"asr", ratio(tally.answered * 100, tally.total)},
            {"acd_s", ratio(talked, tally.answered * 1000)}};
}

Response statistics_of(std::size_t active, const port::CallStatistics& statistics) {
    Json all{{"active", active}};
    all.update(tally_of(statistics.all));
    const auto by = [](const auto& names) {
        Json object = Json::object();
        for (const auto& [name, tally] : names) {
            object[name] = tally_of(tally);
        }
        return object;
    };
    all["by_tenant"] = by(statistics.by_tenant);
    all["by_gateway"] = by(statistics.by_gateway);
    all["by_code"] = Json::object();
    for (const auto& [code, count] : statistics.by_code) {
        all["by_code"][std::to_string(code)] = count;
    }
    return json(all);
}

std::vector<Route> calls(Operations& operations, const std::shared_ptr<const ApiOptions>& options) {
    return {
        {.method = "GET",
         .path = "/api/v1/calls",
         .summary = "Live calls, by ascending id: their record so far, and `state`.",
         .query = {{"limit", "how many at most, 1 to 1000 (the default)"},
                   {"after", "only calls after this id: `next` of the list before"}},
         .says = {{200, "`calls`, `total`, and `next` if there are more"}, {400, "a bad query"}},
         .handler =
             [&operations, options](const Request& request, Reply reply) {
                 list_calls(operations, *options, request, std::move(reply));
             }},
        {.method = "GET",
         .path = "/api/v1/calls/{call_id}",
         .summary = "One live call.",
         .query = {},
         .says = {{200, "its record so far, and `state`"}, {404, "there is no such live call"}},
         .handler = with_call([&operations, options](CallId id, const Request&, Reply reply) {
             operations.call(
                 id, then<port::CallView>(std::move(reply), [options](const port::CallView& view) {
                     std::string text;
                     append_call(text, view, *options);
                     return Response{200, text + "\n", "application/json"};
                 }));
         })},
        {.method = "DELETE",
         .path = "/api/v1/calls/{call_id}",
         .summary = "Hangs a call up; asked again, without waiting for a missing ACK.",
         .query = {},
         .says = {{200, "it is ending"}, {404, "there is no such live call"}},
         .handler = with_call([&operations](CallId id, const Request& request, Reply reply) {
             hang_up(operations, id, request, std::move(reply));
         })},
        {.method = "GET",
         .path = "/api/v1/stats/calls",
         .summary = "Calls that have ended, added up since start.",
         .query = {},
         .says = {{200, "in all, by tenant, gateway and answer; `asr` in percent"}},
         .handler =
             [&operations](const Request&, const Reply& reply) {
                 operations.report([&operations, reply](const Result<port::Report>& report) {
                     if (!report) {
                         reply(error(report.error()));
                         return;
                     }
                     operations.statistics(then<port::CallStatistics>(
                         reply, [active = report->calls](const auto& statistics) {
                             return statistics_of(active, statistics);
                         }));
                 });
             }},
    };
}

// ── operation
// ───────────────────────────────────────────────────────────────────────────────────────

void reload(Operations& operations, const Request& request, const Reply& reply) {
    log::info("control.reload", {{"by", request.by}});
    operations.reload([reply](const Operations::Reloaded& result) {
        if (result) {
            reply(json(Json{{"version", *result}}));
            return;
        }
        Json problems = Json::array();
        for (const config::Problem& problem : result.error()) {
            problems.push_back(problem.to_string());
        }
        reply(json(Json{{"error", "the configuration is refused; what ran before runs on"},
                        {"problems", std::move(problems)}},
                   422));
    });
}

void drain(Operations& operations, const Request& request, const Reply& reply) {
    const auto wanted = read_drain(request.body);
    if (!wanted) {
        reply(error(wanted.error()));
        return;
    }
    constexpr std::array<std::string_view, 3> kNow{"draining", "serving", "ending"};
    const std::string_view now = kNow[static_cast<std::size_t>(*wanted)];
    log::info("control.drain", {{"by", request.by}, {"to", now}});
    operations.drain(*wanted, [reply, now](const Result<void>& done) {
        reply(done ? json(Json{{"status", now}}, 202) : error(409, done.error().what));
    });
}

std::vector<Route> operation(Operations& operations) {
    return {
        {.method = "POST",
         .path = "/api/v1/reload",
         .summary = "Reads the configuration anew, as SIGHUP does: all of it or nothing.",
         .query = {},
         .says = {{200, "the new `version` is in force"}, {422, "it is refused: `problems`"}},
         .handler = [&operations](const Request& request,
                                  const Reply& reply) { reload(operations, request, reply); }},
        {.method = "POST",
         .path = "/api/v1/drain",
         .summary = "Refuses new calls: {\"exit\": false} stays, {\"undo\": true} takes calls "
                    "again, {\"exit\": true} ends with the last call.",
         .query = {},
         .says = {{202, "so it is"}, {400, "a bad body"}, {409, "the daemon is ending already"}},
         .handler = [&operations](const Request& request,
                                  const Reply& reply) { drain(operations, request, reply); }},
        {.method = "GET",
         .path = "/api/v1/why/{subject}",
         .summary = "Why a call went as it did: `last`, a call's id or a number.",
         .query = {},
         .says = {{200, "a sentence, what to change, the messages"},
                  {404, "nothing is remembered of it"}},
         .handler =
             [&operations](const Request& request, Reply reply) {
                 operations.why(request.parameters.at("subject"),
                                then<std::string>(std::move(reply), [](const std::string& text) {
                                    return Response{200, text, "application/json"};
                                }));
             }},
    };
}

}  // namespace

std::vector<Route> api(port::Operations& operations, ApiOptions options) {
    const auto kept = std::make_shared<const ApiOptions>(std::move(options));
    std::vector<Route> routes = health(operations, *kept);
    for (auto& part : {calls(operations, kept), operation(operations)}) {
        routes.insert(routes.end(), part.begin(), part.end());
    }
    return routes;
}

}  // namespace causeway::control
