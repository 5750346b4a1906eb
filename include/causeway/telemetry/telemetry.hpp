#pragma once

#include "causeway/base/result.hpp"
#include "causeway/port/event_sink.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace causeway::telemetry {

/// One CDR as a line of JSON, without line end (PRODUCT §7). Pure.
std::string to_json(const port::CallRecord& record);

/// Writes CDRs to a file from a thread of its own. A line is written whole by one write(2). A file
/// that cannot be written is counted and retried with the next record; a file that was renamed away
/// (log rotation) is opened anew. Thread: any. Owns: the file and the `ctl` thread
/// until it is destroyed, which first writes everything emitted before.
class CdrWriter : public port::EventSink {
public:
    [[nodiscard]] virtual std::uint64_t lost() const noexcept = 0;
    /// Opens another file, on the caller's thread; what is emitted from then on goes there. Io: it
    /// cannot be opened; Exhausted: too much waits to be written. The former file then stays.
    [[nodiscard]] virtual Result<void> move_to(const std::string& path) = 0;
    /// False while the last write failed.
    [[nodiscard]] virtual bool is_writable() const noexcept = 0;
};

/// Opens (creates, mode 0640) the file for appending and starts the thread. Io: names the file and
/// why.
[[nodiscard]] Result<std::unique_ptr<CdrWriter>> make_cdr_writer(const std::string& path);

}  // namespace causeway::telemetry
