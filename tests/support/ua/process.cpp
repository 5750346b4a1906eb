#include "support/ua/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): POSIX leaves it to us
extern char** environ;

namespace causeway::testing {
namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The inode of the socket that is bound to this address, from the table of /proc/net/udp.
std::string inode_of(const std::string& ip, std::uint16_t port) {
    unsigned int octets[4]{};
    if (std::sscanf(ip.c_str(), "%u.%u.%u.%u", &octets[0], &octets[1], &octets[2], &octets[3]) !=
        4) {
        return {};
    }
    char wanted[16];
    char anywhere[16];
    std::snprintf(wanted, sizeof wanted, "%02X%02X%02X%02X:%04X", octets[3], octets[2], octets[1],
                  octets[0], port);
    std::snprintf(anywhere, sizeof anywhere, "00000000:%04X", port);
    std::istringstream table(contents("/proc/net/udp"));
    std::string row;
    while (std::getline(table, row)) {
        std::istringstream fields(row);
        std::string slot;
        std::string local;
        std::string skipped;
        std::string inode;
        fields >> slot >> local;
        for (int i = 0; i < 7; ++i) {
            fields >> skipped;
        }
        fields >> inode;
        if (local == wanted || local == anywhere) {
            return inode;
        }
    }
    return {};
}

bool has_socket(const std::filesystem::path& process, const std::string& inode) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(process / "fd", error), end;
         !error && entry != end; entry.increment(error)) {
        std::error_code unreadable;
        const auto target = std::filesystem::read_symlink(entry->path(), unreadable);
        if (target == "socket:[" + inode + "]") {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<Process> Process::start(const std::vector<std::string>& arguments,
                               const std::string& output) {
    std::vector<std::string> owned = arguments;
    std::vector<char*> argv;
    for (auto& argument : owned) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;  // we block signals for ourselves; the child must not
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);  // ^C is for us; we end the child in order
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

    pid_t pid = 0;
    const int error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return fail(Errc::Io, arguments[0] + ": " + std::generic_category().message(error));
    }
    return Process(pid);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), status_(other.status_) {}

Process::~Process() {
    if (pid_ != 0) {
        stop();
    }
}

std::optional<int> Process::poll() {
    int status = 0;
    if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) {
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return status_;
}

void Process::wait() {
    int status = 0;
    if (!status_ && waitpid(pid_, &status, 0) == pid_) {
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
}

void Process::terminate() {
    if (!poll()) {
        kill(pid_, SIGTERM);
    }
}

int Process::stop() {
    constexpr int kPatience = 500;  // times 10 ms
    terminate();
    for (int i = 0; i < kPatience && !poll(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    if (!poll()) {
        kill(pid_, SIGKILL);
        while (!poll()) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
    }
    return *status_;
}

std::string holder_of(const std::string& ip, std::uint16_t port) {
    const std::string inode = inode_of(ip, port);
    if (inode.empty()) {
        return {};
    }
    std::error_code error;
    for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (std::isdigit(static_cast<unsigned char>(name[0])) == 0 ||
            !has_socket(entry->path(), inode)) {
            continue;
        }
        std::string command = contents(entry->path() / "comm");
        command.resize(command.find_last_not_of('\n') + 1);
        return "pid " + name + " (" + command + ")";
    }
    return {};
}

TemporaryDirectory::TemporaryDirectory() {
    std::error_code error;
    const auto base = std::filesystem::temp_directory_path(error);
    std::string name = (error ? "/tmp" : base.string()) + "/causeway-test-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) {
        path_ = name;
    }
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) {
        std::filesystem::remove_all(path_, ignored);
    }
}

}  // namespace causeway::testing
