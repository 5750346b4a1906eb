#include "causeway/telemetry/watch.hpp"

#include <array>
#include <string>
#include <string_view>

namespace causeway::telemetry {
namespace {

using port::Trouble;

/// What there is so much of and no more.
struct Stock {
    std::uint64_t used{};
    std::uint64_t total{};

    [[nodiscard]] bool is_at(std::uint64_t percent) const {
        return total > 0 && used * 100 >= total * percent;
    }
    [[nodiscard]] bool is_above(std::uint64_t percent) const {
        return used * 100 > total * percent;
    }
    [[nodiscard]] std::string text() const {
        return std::to_string(used) + " of " + std::to_string(total);
    }
};

void judge_low(const Stock& stock, Trouble trouble, std::string_view subject, WallTime now,
               Conditions& conditions) {
    const bool is_active = conditions.is_active(trouble, subject);
    if (is_active ? stock.is_above(Watch::kClear) : stock.is_at(Watch::kRaise)) {
        conditions.raise(trouble, subject, stock.text(), now);
    } else {
        conditions.clear(trouble, subject, now);
    }
}

void judge_none(const Stock& stock, Trouble trouble, std::string_view subject, WallTime now,
                Conditions& conditions) {
    const bool is_active = conditions.is_active(trouble, subject);
    if (is_active ? stock.is_above(Watch::kFree) : stock.is_at(100)) {
        conditions.raise(trouble, subject, stock.text(), now);
    } else {
        conditions.clear(trouble, subject, now);
    }
}

void set(bool is_so, Trouble trouble, WallTime now, Conditions& conditions) {
    if (is_so) {
        conditions.raise(trouble, {}, {}, now);
    } else {
        conditions.clear(trouble, {}, now);
    }
}

/// Each interface may run low by itself; calls are refused when a whole side has none.
void judge_ports(const port::Report& report, WallTime now, Conditions& conditions) {
    std::array<Stock, 2> sides;
    for (const port::Report::Ports& ports : report.ports) {
        judge_low({ports.in_use, ports.total}, Trouble::PortsLow, ports.interface, now, conditions);
        Stock& side = sides[ports.side == sip::Side::Carrier ? 0 : 1];
        side.used += ports.in_use;
        side.total += ports.total;
    }
    judge_none(sides[0], Trouble::NoPorts, "carrier", now, conditions);
    judge_none(sides[1], Trouble::NoPorts, "livekit", now, conditions);
}

}  // namespace

void Watch::judge(Loss& loss, std::uint64_t count, Trouble trouble, WallTime now,
                  Conditions& conditions) {
    if (count > loss.seen) {
        loss.seen = count;
        loss.last = now;
        conditions.raise(trouble, {}, std::to_string(count) + " since start", now);
    } else if (loss.last && now - *loss.last >= kQuiet) {
        loss.last.reset();
        conditions.clear(trouble, {}, now);
    }
}

void Watch::look(const port::Report& report, const Process& process, WallTime now,
                 Conditions& conditions) {
    set(report.phase != port::Phase::Serving, Trouble::Draining, now, conditions);
    set(!report.cdrs_writable, Trouble::CdrUnwritable, now, conditions);
    judge(cdrs_, report.cdrs_lost, Trouble::CdrLost, now, conditions);
    judge(lines_, report.log_lines_lost, Trouble::LogLost, now, conditions);
    judge_ports(report, now, conditions);
    if (report.reload_problem.empty()) {
        conditions.clear(Trouble::ReloadRefused, {}, now);
    } else {
        conditions.raise(Trouble::ReloadRefused, {}, report.reload_problem, now);
    }
    const Stock calls{report.calls, report.max_calls};
    judge_low(calls, Trouble::CapacityLow, {}, now, conditions);
    judge_none(calls, Trouble::NoCapacity, {}, now, conditions);
    const Stock descriptors{process.descriptors, process.max_descriptors};
    judge_low(descriptors, Trouble::DescriptorsLow, {}, now, conditions);
    // A call takes up to four at once.
    judge_none({process.descriptors + 4, process.max_descriptors}, Trouble::NoDescriptors, {}, now,
               conditions);
}

}  // namespace causeway::telemetry
