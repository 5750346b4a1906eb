#pragma once

#include "causeway/port/event_sink.hpp"
#include "causeway/port/operations.hpp"

#include <map>
#include <string>

namespace causeway::telemetry {

/// Adds up calls that have ended, from their records. Bounded. Thread: its owner's (ctl).
class Tally {
public:
    void add(const port::CallRecord& record);
    [[nodiscard]] const port::CallStatistics& statistics() const { return statistics_; }

private:
    port::CallStatistics statistics_;
};

}  // namespace causeway::telemetry
