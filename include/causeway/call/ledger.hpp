#pragma once

#include "causeway/base/time.hpp"
#include "causeway/call/outcome.hpp"

#include <optional>
#include <string>
#include <vector>

namespace causeway::call {

/// One attempt at a gateway.
struct Attempt {
    std::string gateway;  ///< group/name
    int status{};         ///< its final status; 0: none came
    std::string reason;   ///< our token, or the phrase of its final
    Time started{};
    std::optional<Time> ended;
    bool operator==(const Attempt&) const = default;
};

/// What has happened so far: the call's part of its CDR (PRODUCT §7). Times are monotonic; the
/// owner turns them into wall-clock time at the edge.
struct Ledger {
    Time start{};
    std::optional<Time> ringing;
    std::optional<Time> answered;
    std::optional<Time> ended;
    std::vector<Attempt> attempts;
    std::string codec;  ///< voice codec agreed with leg a
    Outcome outcome;    ///< set with `ended`
    bool operator==(const Ledger&) const = default;
};

}  // namespace causeway::call
