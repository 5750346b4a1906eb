#pragma once

#include "causeway/base/result.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace causeway::testing {

/// A child process whose output goes to a file. Ends it, by its pid, when destroyed.
/// Thread: one owner. Owns: the child.
class Process {
public:
    /// Starts `arguments[0]` (looked up in PATH). Fails: Io.
    [[nodiscard]] static Result<Process> start(const std::vector<std::string>& arguments,
                                               const std::string& output);
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// The exit status once it has ended (128 + signal if killed); nothing while it runs.
    [[nodiscard]] std::optional<int> poll();
    /// Waits until it has ended.
    void wait();
    /// SIGTERM, without waiting.
    void terminate();
    /// SIGTERM, and SIGKILL if it still runs after five seconds. Its exit status.
    int stop();

private:
    explicit Process(pid_t pid) : pid_(pid) {}

    pid_t pid_{};
    std::optional<int> status_;
};

/// Who has bound this UDP port of this address, as far as /proc shows it: `pid 17 (sipp)`; empty:
/// not to be seen.
std::string holder_of(const std::string& ip, std::uint16_t port);

/// A directory below $TMPDIR that goes with the object, and everything in it.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(TemporaryDirectory&&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }  ///< empty: not created

private:
    std::string path_;
};

}  // namespace causeway::testing
