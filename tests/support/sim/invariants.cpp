#include "support/sim/simulation.hpp"

#include <algorithm>
#include <map>
#include <set>

/// What must hold: after every step, of every message, and at the end.
namespace causeway::testing::sim {
namespace {

constexpr std::size_t kLargest = 8192;  // nobody here sends more than a fraction of it

bool has(std::string_view bytes, std::string_view text) {
    return bytes.find(text) != std::string_view::npos;
}

/// The message without this header line.
std::string without(std::string bytes, std::string_view name) {
    const std::size_t at = bytes.find("\r\n" + std::string(name) + ":");
    if (at != std::string::npos) {
        bytes.erase(at, bytes.find("\r\n", at + 2) - at);
    }
    return bytes;
}

}  // namespace

void Simulation::check_step() {
    if (!engine_) {
        return;
    }
    const b2bua::Census census = engine_->census();
    if (census.flows != relay_->open_flows()) {
        violation("flows: the SBC knows " + std::to_string(census.flows) + ", the relay has " +
                  std::to_string(relay_->open_flows()));
    }
    if (census.flows > census.calls || census.timers > census.calls ||
        census.dialogs > 2 * census.calls) {
        violation("more flows, timers or dialogs than calls have");
    }
    if (census.calls > setting_.max_calls) {
        violation("more calls than allowed");
    }
    for (; checked_ < records_.size(); ++checked_) {
        const port::CallRecord& record = records_[checked_];
        const bool is_second = std::any_of(
            records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(checked_),
            [&](const port::CallRecord& other) { return other.call_id == record.call_id; });
        if (is_second || !record.call_id) {
            violation("a second record of a call, or one without an id");
        }
        if (record.outcome.reason.empty() || !record.end) {
            violation("a record without an outcome: " + record.a_call_id);
        }
        const bool is_ordered =
            record.start <= record.answer.value_or(record.start) &&
            record.answer.value_or(record.start) <= record.end.value_or(record.start);
        if (!is_ordered) {
            violation("a record whose times are out of order: " + record.a_call_id);
        }
    }
}

void Simulation::check_sent(const sip::Target& to, std::string_view bytes) {
    if (to.peer.ip == vandals_[1].address().ip || to.peer.ip == vandals_[2].address().ip) {
        violation("a message to a stranger\n" + std::string(bytes));
    }
    if (bytes.size() > kLargest) {
        violation("a message of " + std::to_string(bytes.size()) + " bytes");
    }
    if (to.peer.ip == vandals_[0].address().ip) {
        return;  // it gets its own nonsense back
    }
    // The far ends' marks have a hyphen, which no tag or Call-ID of ours has: five letters alone
    // came up by chance once in half a million calls.
    if (to.interface == InterfaceId{1}) {
        for (const std::string_view secret :
             {"zgat-z", "127.0.0.2", "127.0.0.3", "fd00:b:", "SCL_", "LiveKit", ":5080"}) {
            if (has(bytes, secret)) {
                violation("leg a sees " + std::string(secret) + "\n" + std::string(bytes));
            }
        }
        return;
    }
    // By contract these two quote leg a, garbled as it may be.
    const std::string own_words = without(without(std::string(bytes), "X-To-IP"), "X-Original-To");
    for (const std::string_view secret :
         {"zcar-z", "127.0.0.10", "127.0.0.11", "127.0.0.12", "fd00:a:"}) {
        if (has(own_words, secret)) {
            violation("leg b sees " + std::string(secret) + "\n" + std::string(bytes));
        }
    }
}

void Simulation::check_end() {
    if (!report_.violations.empty()) {
        return;  // what follows would only be its consequences
    }
    if (next_event()) {
        violation("it never comes to rest");
    }
    const b2bua::Census census = engine_->census();
    if (census.calls + census.dialogs + census.flows + census.timers + census.transactions != 0) {
        violation("left: calls " + std::to_string(census.calls) + ", dialogs " +
                  std::to_string(census.dialogs) + ", flows " + std::to_string(census.flows) +
                  ", timers " + std::to_string(census.timers) + ", transactions " +
                  std::to_string(census.transactions));
    }
    for (const port::TenantFigures& tenant : engine_->figures().by_tenant) {
        if (tenant.active[0] + tenant.active[1] != 0) {
            violation("calls are still counted as active");
        }
    }
    if (relay_->open_flows() + relay_->ports_in_use() + relay_->fast_path().active.size() != 0) {
        violation("flows or ports are left");
    }
    for (const auto& carrier : carriers_) {
        carrier->expect_all_over();
    }
    for (const auto& gateway : gateways_) {
        gateway->expect_all_over();
    }
    for (std::size_t i = 0; i < livekits_.size(); ++i) {
        for (const LivekitCall& call : livekits_[i]->live()) {
            if (!livekit_excused_[i] && !lost_with_us_.contains(leg_of(call))) {
                violation("LiveKit has a live call\n" + call.invite);
            }
        }
    }
    check_records();
    report_.answered += engine_->counters().answered;
}

void Simulation::check_records() {
    const b2bua::Counters counters = engine_->counters();
    if (!amnesty_ && records_.size() < counters.finished) {
        violation("fewer records than calls that have ended");
    }
    std::map<std::string, std::vector<const port::CallRecord*>> by_call_id;
    for (const port::CallRecord& record : records_) {
        by_call_id[record.a_call_id].push_back(&record);
    }
    std::map<std::string, std::vector<const Session*>> sessions;
    for (const auto& carrier : carriers_) {
        for (const auto& session : carrier->sessions()) {
            sessions[session->call_id()].push_back(session.get());
        }
    }
    for (const auto& [call_id, mine] : sessions) {
        const Session& session = *mine.front();
        const auto found = by_call_id.find(call_id);
        const std::size_t records = found == by_call_id.end() ? 0 : found->second.size();
        if (mine.size() > 1 || session.excused) {
            continue;
        }
        if (records > 1 || (session.was_up && records != 1)) {
            violation(std::to_string(records) + " records of " + call_id);
            continue;
        }
        if (records == 0) {
            continue;
        }
        const port::CallRecord& record = *found->second.front();
        if (session.was_up && !record.answer) {
            violation("answered, but not in its record: " + call_id);
        }
        if (session.final_status >= 300 && session.final_status != 503 &&
            record.outcome.sip_status != session.final_status) {
            violation("the carrier got " + std::to_string(session.final_status) +
                      ", its record says " + std::to_string(record.outcome.sip_status) + ": " +
                      call_id);
        }
    }
}

}  // namespace causeway::testing::sim
