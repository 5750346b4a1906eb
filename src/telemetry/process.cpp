#include "causeway/telemetry/process.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
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
    double start_seconds{};  ///< since the machine was started
    std::uint64_t resident_pages{};
};

Stat read_stat() {
    constexpr int kFirst = 3;
    constexpr int kStart = 22;
    constexpr int kResident = 24;
    // PID (NAME) STATE …: the name may hold anything, also a parenthesis.
    const std::string text = read_file("/proc/self/stat");
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    Stat stat;
    std::string field;
    for (int number = kFirst; number <= kResident && fields >> field; ++number) {
        if (number == kStart) {
            stat.start_seconds =
                std::strtod(field.c_str(), nullptr) / static_cast<double>(::sysconf(_SC_CLK_TCK));
        } else if (number == kResident) {
            stat.resident_pages = std::strtoull(field.c_str(), nullptr, 10);
        }
    }
    return stat;
}

/// Of a thread of ours: time on a processor, to the nanosecond (schedstat), where the kernel counts
/// it.
double thread_seconds(const std::string& task) {
    constexpr double kNanoseconds = 1e9;
    return std::strtod(read_file(task + "/schedstat").c_str(), nullptr) / kNanoseconds;
}

std::string thread_name(const std::string& task) {
    std::string name = read_file(task + "/comm");
    name.erase(std::min(name.size(), name.find('\n')));
    return name;
}

double process_seconds() {
    constexpr double kNanoseconds = 1e9;
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / kNanoseconds;
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
    const Stat self = read_stat();
    process.cpu_seconds = process_seconds();
    process.resident_bytes =
        self.resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    process.start_seconds = boot_seconds() + self.start_seconds;
    const std::string main_thread = std::to_string(::getpid());
    each_in("/proc/self/task", [&](std::string_view id) {
        const std::string task = "/proc/self/task/" + std::string(id);
        // The main thread bears the program's name. One that has just ended has none any more.
        const std::string name = id == main_thread ? "sip" : thread_name(task);
        if (!name.empty()) {
            add_thread(process, name, thread_seconds(task));
        }
    });
    std::sort(process.threads.begin(), process.threads.end(),
              [](const auto& x, const auto& y) { return x.name < y.name; });
    return process;
}

}  // namespace causeway::telemetry
