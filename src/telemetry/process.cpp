#include "causeway/telemetry/process.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>

namespace causeway::telemetry {
namespace {

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

/// Names in a folder, without `.` and `..`.
template <class Visit>
void each_in(const char* path, Visit visit) {
    const Directory directory(::opendir(path));
    if (!directory) {
        return;
    }
    while (const dirent* entry =
               ::readdir(directory.get())) {  // NOLINT(concurrency-mt-unsafe): ours alone
        if (entry->d_name[0] != '.') {
            visit(std::string_view(entry->d_name));
        }
    }
}

/// Since Linux 6.2 the folder's size is the number of descriptors; before, they are counted.
std::uint64_t open_descriptors() noexcept {
    constexpr const char* kPath = "/proc/self/fd";
    struct stat status {};
    if (::stat(kPath, &status) == 0 && status.st_size > 0) {
        return static_cast<std::uint64_t>(status.st_size);
    }
    std::uint64_t count = 0;
    each_in(kPath, [&count](std::string_view) { ++count; });
    return count > 0 ? count - 1 : 0;  // the one we read them by
}

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The fields of proc(5) stat that are of use here.
struct Stat {
    std::string name;
    double cpu_seconds{};
    double start_ticks{};
    std::uint64_t resident_pages{};
};

std::optional<Stat> read_stat(const std::string& path) {
    // PID (NAME) STATE …: the name may hold anything, also a parenthesis.
    const std::string text = read_file(path);
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return std::nullopt;
    }
    constexpr int kUser = 14;
    constexpr int kSystem = 15;
    constexpr int kStart = 22;
    constexpr int kResident = 24;
    Stat stat{text.substr(open + 1, close - open - 1)};
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::istringstream fields(text.substr(close + 1));
    std::string field;
    for (int number = 3; fields >> field && number <= kResident; ++number) {
        if (number == kUser || number == kSystem) {
            stat.cpu_seconds += std::strtod(field.c_str(), nullptr) / ticks;
        } else if (number == kStart) {
            stat.start_ticks = std::strtod(field.c_str(), nullptr) / ticks;
        } else if (number == kResident) {
            stat.resident_pages = std::strtoull(field.c_str(), nullptr, 10);
        }
    }
    return stat;
}

/// When the machine was started, in seconds since 1970.
double boot_seconds() {
    constexpr std::string_view kKey = "\nbtime ";
    const std::string text = read_file("/proc/stat");
    const std::size_t at = text.find(kKey);
    return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + kKey.size(), nullptr);
}

void add_thread(Process& process, const std::string& name, double cpu_seconds) {
    const auto same = std::find_if(process.threads.begin(), process.threads.end(),
                                   [&](const Process::Thread& each) { return each.name == name; });
    if (same != process.threads.end()) {
        same->cpu_seconds += cpu_seconds;
    } else {
        process.threads.push_back({name, cpu_seconds});
    }
}

}  // namespace

Process read_descriptors() noexcept {
    Process process;
    process.descriptors = open_descriptors();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        process.max_descriptors = limit.rlim_cur;
    }
    return process;
}

Process read_process() {
    Process process = read_descriptors();
    if (const auto self = read_stat("/proc/self/stat")) {
        process.cpu_seconds = self->cpu_seconds;
        process.resident_bytes =
            self->resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
        process.start_seconds = boot_seconds() + self->start_ticks;
    }
    const std::string main_thread = std::to_string(::getpid());
    each_in("/proc/self/task", [&](std::string_view id) {
        if (const auto thread = read_stat("/proc/self/task/" + std::string(id) + "/stat")) {
            // The main thread bears the program's name.
            add_thread(process, id == main_thread ? "sip" : thread->name, thread->cpu_seconds);
        }
    });
    std::sort(process.threads.begin(), process.threads.end(),
              [](const auto& x, const auto& y) { return x.name < y.name; });
    return process;
}

}  // namespace causeway::telemetry
