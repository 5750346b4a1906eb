#pragma once

#include "causeway/base/result.hpp"
#include "causeway/port/event_sink.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace causeway::telemetry {

/// One CDR as a line of JSON, without line end (PRODUCT §7); of a call that has not ended, without
/// its outcome. Pure.
std::string to_json(const port::CallRecord& record);

/// Writes CDRs to a file. A line is written whole by one write(2). A file that cannot be written is
/// counted and retried with the next record; a file that was renamed away (log rotation) is opened
/// anew. Thread: any, but for `fd`, `pump` and `probe`, which are one thread's (ctl). Owns: the
/// file. Destroyed, it first writes everything emitted before.
class CdrWriter : public port::EventSink {
public:
    /// Sees every record that `pump` takes, written or not.
    using Observer = std::function<void(const port::CallRecord&)>;

    [[nodiscard]] virtual std::uint64_t lost() const noexcept = 0;
    /// Opens another file, on the caller's thread; what is emitted from then on goes there. Io: it
    /// cannot be opened; Exhausted: too much waits to be written. The former file then stays.
    [[nodiscard]] virtual Result<void> move_to(const std::string& path) = 0;
    /// False while the last write failed.
    [[nodiscard]] virtual bool is_writable() const noexcept = 0;

    /// Readable while records wait.
    [[nodiscard]] virtual int fd() const noexcept = 0;
    /// Writes everything that was emitted before.
    virtual void pump() = 0;
    /// Of a file that could not be written: finds out, without a record, whether it can be again.
    /// Readiness hangs on it: without calls there would be no record, and without readiness no
    /// calls.
    virtual void probe() = 0;
};

/// Opens (creates, mode 0640) the file for appending. Io: names the file and why.
[[nodiscard]] Result<std::unique_ptr<CdrWriter>> make_cdr_writer(const std::string& path,
                                                                 CdrWriter::Observer observer = {});

}  // namespace causeway::telemetry
