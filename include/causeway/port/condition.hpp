#pragma once

#include "causeway/base/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Health is a list of conditions: what is wrong now, since when, what it affects and what to do
/// next. The same list drives `status`, `/readyz` and `causeway_condition_active`.
namespace causeway::port {

/// Everything that can be wrong. A code that a reason has too (`CW-NO-PORTS`) means the same there:
/// calls are refused for it now.
enum class Trouble : std::uint8_t {
    Draining,
    CdrUnwritable,
    NoPorts,
    NoDescriptors,
    NoCapacity,
    CdrLost,
    PortsLow,
    DescriptorsLow,
    CapacityLow,
    ReloadRefused,
    LogLost,
};

enum class Severity : std::uint8_t {
    Notice,    ///< wanted by somebody
    Warning,   ///< something was lost, or soon will be
    Critical,  ///< calls are refused, or their records lost
};
std::string_view to_string(Severity severity);

/// Whether new calls should be sent elsewhere meanwhile (`/readyz`, PRODUCT §2).
enum class Readiness : std::uint8_t { Ready, Unready };

/// What is constant about a trouble.
struct TroubleKind {
    Trouble trouble{};
    std::string_view code;  ///< `CW-PORTS-LOW`; never given another meaning
    Severity severity{};
    Readiness readiness{};
    std::string_view affects;  ///< one sentence: what works less well, or not
    std::string_view next;     ///< one sentence: what an operator does about it
};
/// All of them, by position.
[[nodiscard]] std::span<const TroubleKind> troubles();
[[nodiscard]] const TroubleKind& kind_of(Trouble trouble);
/// By code in capitals; nullptr: none.
[[nodiscard]] const TroubleKind* find_trouble(std::string_view code);

/// One thing that is, or was, wrong.
struct Condition {
    Trouble trouble{};
    std::string subject;  ///< which of several: an interface, a side; empty: the daemon
    std::string detail;   ///< the newest figures or error text; may be empty
    WallTime since{};
    std::optional<WallTime> until;  ///< of one that is over
    unsigned times{1};              ///< raised so often; more than once: it comes and goes
    bool operator==(const Condition&) const = default;
};

}  // namespace causeway::port
