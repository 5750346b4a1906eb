#include "desk.hpp"

#include "loop.hpp"
#include "reloads.hpp"
#include "why_report.hpp"

#include "causeway/b2bua/engine.hpp"
#include "causeway/base/assert.hpp"
#include "causeway/base/log.hpp"
#include "causeway/relay/relay.hpp"
#include "causeway/rtp/side.hpp"
#include "causeway/transport/transport.hpp"

#include <algorithm>
#include <chrono>

namespace causeway::app {
namespace {

/// Questions on their way at a time. The way back has as many places: an answer always fits.
constexpr std::size_t kMostOpen = 64;

constexpr const char* kBusy = "starting, or too many questions at a time";

constexpr Millis kLook{1000};

/// The relay's interfaces are those of the configuration, in the same order.
void add_packets(const relay::Totals& totals, port::Report& report) {
    for (std::size_t i = 0; i < totals.interfaces.size() && i < report.ports.size(); ++i) {
        report.ports[i].packets = totals.interfaces[i].packets;
    }
    for (std::size_t kind = 0; kind < rtp::kDropKinds; ++kind) {
        report.dropped.push_back(
            {rtp::to_string(static_cast<rtp::Drop>(kind)), totals.dropped[kind]});
    }
}

}  // namespace

Desk::Desk(boost::asio::io_context& sip, boost::asio::io_context& ctl, const Parts& parts,
           Options options)
    : parts_(parts),
      options_(std::move(options)),
      started_(parts.clock.now()),
      next_look_(ctl),
      sip_(sip, kMostOpen,
           [this](Postbox::Edge edge) {
               edge == Postbox::Edge::Begin ? parts_.loop.begin() : parts_.loop.turn();
           }),
      ctl_(ctl, kMostOpen) {}

template <class T, class Begin>
bool Desk::send(Begin begin, port::Answer<T> answer) {
    if (!is_open_.load(std::memory_order_acquire) || asked_ == kMostOpen) {
        return false;
    }
    const bool was_taken = sip_.post([this, begin = std::move(begin), answer] {
        begin([this, answer](T value) {
            const auto kept = std::make_shared<T>(std::move(value));
            const bool fits = ctl_.post([this, kept, answer] {
                --asked_;
                answer(std::move(*kept));
            });
            CAUSEWAY_ASSERT(fits);
        });
    });
    asked_ += was_taken ? 1 : 0;
    return was_taken;
}

template <class T, class Work>
void Desk::ask(Work work, port::Answer<Result<T>> answer) {
    const auto begin = [work = std::move(work)](const auto& reply) { reply(work()); };
    if (!send<Result<T>>(begin, answer)) {
        answer(fail(Errc::Exhausted, kBusy));
    }
}

void Desk::calls(port::CallQuery query, port::Answer<Result<port::CallPage>> answer) {
    ask<port::CallPage>([this, query] { return parts_.engine.calls(query); }, std::move(answer));
}

void Desk::call(CallId id, port::Answer<Result<port::CallView>> answer) {
    ask<port::CallView>([this, id] { return parts_.engine.call(id); }, std::move(answer));
}

void Desk::hang_up(CallId id, port::Answer<Result<void>> answer) {
    ask<void>([this, id] { return parts_.engine.hang_up(id); }, std::move(answer));
}

void Desk::drain(port::Drain wanted, port::Answer<Result<void>> answer) {
    ask<void>([this, wanted] { return parts_.loop.drain(wanted); }, std::move(answer));
}

void Desk::reload(port::Answer<Reloaded> answer) {
    const auto begin = [this](Reloads::Answer reply) { parts_.reloads.request(std::move(reply)); };
    if (!send<Reloaded>(begin, answer)) {
        answer(tl::unexpected(
            std::vector<config::Problem>{{"causeway", 0, kBusy, config::Severity::Error}}));
    }
}

port::Report Desk::look() const {
    const b2bua::Census census = parts_.engine.census();
    const b2bua::Counters counters = parts_.engine.counters();
    port::Report report;
    report.phase = parts_.loop.phase();
    report.uptime = std::chrono::duration_cast<Millis>(parts_.clock.now() - started_);
    report.calls = census.calls;
    report.max_calls = options_.max_calls;
    report.dialogs = census.dialogs;
    report.flows = census.flows;
    report.timers = census.timers;
    report.transactions = census.transactions;
    report.calls_per_second = census.calls_per_second;
    report.received = counters.received;
    report.strangers = counters.strangers;
    report.malformed = counters.malformed;
    report.invites = counters.invites;
    report.rejected = counters.rejected;
    report.answered = counters.answered;
    report.finished = counters.finished;
    report.figures = parts_.engine.figures();
    for (const config::Interface& interface : options_.interfaces) {
        const port::MediaRelay::Usage usage = parts_.relay.usage(interface.id);
        report.ports.push_back({interface.name, interface.side, usage.in_use, usage.total, {}});
    }
    add_packets(parts_.relay.totals(), report);
    report.connections = wire_->connections();
    const Reloads::Facts& reloads = parts_.reloads.facts();
    report.configuration = reloads.version;
    report.reloads = reloads.applied;
    report.reloads_refused = reloads.refused;
    if (!reloads.problems.empty()) {
        report.reload_problem = reloads.problems.front().to_string();
    }
    for (const port::GatewayFigure& gateway : *report.figures.gateways) {
        ++(gateway.up ? report.gateways_up : report.gateways_down);
    }
    return report;
}

void Desk::judge(port::Report& report) {
    report.cdrs_lost = parts_.cdrs.lost();
    report.cdrs_writable = parts_.cdrs.is_writable();
    report.log_lines_lost = log::lost();
    report.bugs = assertion_failures();
    health_.look(report, telemetry::read_descriptors(), parts_.clock.wall(), conditions_);
    report.conditions = conditions_.active();
    report.history = conditions_.history();
    for (const port::Condition& condition : report.conditions) {
        const port::TroubleKind& kind = port::kind_of(condition.trouble);
        if (kind.readiness == port::Readiness::Unready) {
            report.unready.emplace_back(kind.code);
        }
    }
}

void Desk::keep_watch() {
    next_look_.expires_after(kLook);
    next_look_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            report([this](const Result<port::Report>&) { keep_watch(); });
        }
    });
}

void Desk::report(port::Answer<Result<port::Report>> answer) {
    ask<port::Report>([this] { return look(); },
                      [this, answer = std::move(answer)](Result<port::Report> report) {
                          if (report) {
                              judge(*report);
                          }
                          answer(std::move(report));
                      });
}

void Desk::statistics(port::Answer<Result<port::CallStatistics>> answer) {
    answer(parts_.tally.statistics());
}

void Desk::why(std::string subject, port::Answer<Result<std::string>> answer) {
    const auto look_up = [this, subject = std::move(subject)]() -> Result<b2bua::Story> {
        auto story = parts_.engine.why(subject);
        if (!story) {
            return fail(Errc::NotFound, "nothing is remembered of it");
        }
        return std::move(*story);
    };
    ask<b2bua::Story>(look_up, [answer = std::move(answer)](const Result<b2bua::Story>& story) {
        answer(story.map(story_json));
    });
}

}  // namespace causeway::app
