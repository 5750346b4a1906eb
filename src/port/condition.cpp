#include "causeway/port/condition.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace causeway::port {
namespace {

using enum Trouble;
using enum Severity;
using enum Readiness;

constexpr auto kTroubles = std::to_array<TroubleKind>({
    {Draining, "CW-DRAINING", Notice, Unready,
     "New calls get 503; live calls go on until they end or drain.deadline.",
     "Run causeway drain --undo to take calls again, unless the process is about to end."},
    {CdrUnwritable, "CW-CDR-UNWRITABLE", Critical, Unready, "Calls go on, their records are lost.",
     "Make room on the file system of cdr.file, or correct its path or owner."},
    {NoPorts, "CW-NO-PORTS", Critical, Unready, "New calls get 503 no_ports.",
     "Widen interfaces[].rtp_ports (this needs a restart), or send calls to another node."},
    {NoDescriptors, "CW-NO-DESCRIPTORS", Critical, Unready, "New calls get 503 no_ports.",
     "Raise LimitNOFILE of the unit and restart."},
    {NoCapacity, "CW-NO-CAPACITY", Critical, Unready, "New calls get 503 no_capacity.",
     "Widen what bound_by of the log's ready line names (rtp_ports or LimitNOFILE), or send calls "
     "to another node."},
    {CdrLost, "CW-CDR-LOST", Critical, Ready, "Records of calls that have ended are missing.",
     "See cdr.unwritable in the log; causeway_cdr_lost_total says how many."},
    {PortsLow, "CW-PORTS-LOW", Warning, Ready, "Soon new calls get 503 no_ports.",
     "Widen interfaces[].rtp_ports (this needs a restart), or send calls to another node."},
    {DescriptorsLow, "CW-DESCRIPTORS-LOW", Warning, Ready, "Soon new calls get 503 no_ports.",
     "Raise LimitNOFILE of the unit and restart."},
    {CapacityLow, "CW-CAPACITY-LOW", Warning, Ready, "Soon new calls get 503 no_capacity.",
     "Widen what bound_by of the log's ready line names (rtp_ports or LimitNOFILE), or send calls "
     "to another node."},
    {ReloadRefused, "CW-RELOAD-REFUSED", Warning, Ready,
     "The daemon runs on its former configuration, not on the file.",
     "Run causeway check, correct the file and reload."},
    {LogLost, "CW-LOG-LOST", Warning, Ready, "Lines of the log are missing.",
     "Raise log.level, or let standard error be read faster."},
});

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kTroubles.size(); ++i) {
        if (static_cast<std::size_t>(kTroubles[i].trouble) != i) {
            return false;
        }
    }
    return true;
}
static_assert(is_in_order());

}  // namespace

std::string_view to_string(Severity severity) {
    switch (severity) {
        case Notice:
            return "notice";
        case Warning:
            return "warning";
        case Critical:
            return "critical";
    }
    return "critical";
}

std::span<const TroubleKind> troubles() {
    return kTroubles;
}

const TroubleKind& kind_of(Trouble trouble) {
    return kTroubles[static_cast<std::size_t>(trouble)];
}

const TroubleKind* find_trouble(std::string_view code) {
    const auto* const found = std::ranges::find(kTroubles, code, &TroubleKind::code);
    return found == kTroubles.end() ? nullptr : found;
}

}  // namespace causeway::port
