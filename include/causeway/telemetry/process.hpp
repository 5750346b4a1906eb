#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace causeway::telemetry {

/// What the operating system says of this process.
struct Process {
    struct Thread {
        std::string name;  ///< `sip`, `rtp-0`, `ctl` …
        double cpu_seconds{};
    };
    std::vector<Thread> threads;  ///< those alive; of one name together
    double cpu_seconds{};         ///< user and system, ended threads included
    std::uint64_t resident_bytes{};
    std::uint64_t descriptors{};
    std::uint64_t max_descriptors{};  ///< RLIMIT_NOFILE
    double start_seconds{};           ///< since 1970
};

/// Descriptors only: cheap, for every second.
[[nodiscard]] Process read_descriptors() noexcept;
/// Everything, from /proc; what cannot be read stays zero. Some twenty microseconds a thread.
[[nodiscard]] Process read_process();

}  // namespace causeway::telemetry
