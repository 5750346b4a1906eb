#include "causeway/base/log.hpp"

#include <pthread.h>
#include <spdlog/pattern_formatter.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace causeway::log {
namespace {

using SystemClock = std::chrono::system_clock;

constexpr std::size_t kQueue = 8192;  ///< lines; the oldest give way
/// After a wakeup lines may gather this long: at most fifty wakeups a second whatever the load, and
/// one write for all of them. A line a wakeup cost more than all the rest of a line.
constexpr std::chrono::milliseconds kGather{20};
constexpr std::size_t kChunk = 65536;  ///< bytes of one write, and a line

struct Line {
    SystemClock::time_point at;
    Format format{};
    std::string text;
};

bool write_all(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t count = ::write(STDERR_FILENO, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    return true;
}

/// The queue and its thread. Lives until the process ends: a thread that passed `enabled` may still
/// hand it a line while another one stops it; such a line is counted as lost.
class Output {
public:
    /// Puts the time in front of a line, by its format.
    using Formatters = std::array<std::unique_ptr<spdlog::formatter>, 2>;

    Result<void> start(Formatters formatters);
    void stop() noexcept;
    void push(Format line_format, std::string text) noexcept;

    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }
    [[nodiscard]] bool is_open() const { return writer_.joinable(); }

    std::atomic<Level> level{Level::Off};
    std::atomic<Format> format{};
    std::atomic<Numbers> numbers{};

private:
    void run();
    void write(std::deque<Line>& lines);

    std::mutex mutex_;  ///< guards the three below; held for a push or a swap
    std::condition_variable wake_;
    std::deque<Line> lines_;
    bool is_running_{};
    bool is_stopping_{};

    std::atomic<std::uint64_t> lost_{0};
    Formatters formatters_;
    spdlog::memory_buf_t buffer_;
    std::thread writer_;
};

Result<void> Output::start(Formatters formatters) {
    formatters_ = std::move(formatters);
    is_stopping_ = false;
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);  // signals are the main thread's
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    Result<void> started;
    try {
        writer_ = std::thread([this] { run(); });
        ::pthread_setname_np(writer_.native_handle(), "log");
        const std::lock_guard lock(mutex_);
        is_running_ = true;
    } catch (const std::system_error& error) {
        started = fail(Errc::Io, std::string("the log thread does not start: ") + error.what());
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return started;
}

void Output::stop() noexcept {
    if (!writer_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        is_running_ = false;
    }
    wake_.notify_one();
    writer_.join();
}

void Output::push(Format line_format, std::string text) noexcept {
    Line line{SystemClock::now(), line_format, std::move(text)};
    bool was_empty = false;
    {
        const std::lock_guard lock(mutex_);
        if (!is_running_) {
            ++lost_;
            return;
        }
        was_empty = lines_.empty();
        if (lines_.size() == kQueue) {
            lines_.pop_front();
            ++lost_;
        }
        lines_.push_back(std::move(line));
    }
    if (was_empty) {
        wake_.notify_one();  // costs a system call only if the thread waits for it
    }
}

void Output::run() {
    std::deque<Line> lines;
    for (bool is_last = false; !is_last;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return !lines_.empty() || is_stopping_; });
            wake_.wait_for(lock, kGather, [this] { return is_stopping_; });
            lines.swap(lines_);
            is_last = is_stopping_;
        }
        write(lines);
    }
}

void Output::write(std::deque<Line>& lines) {
    constexpr std::string_view kName = "causeway";
    std::uint64_t waiting = 0;
    const auto flush = [&] {
        // What cannot be written cannot be reported either: count it.
        if (!write_all({buffer_.data(), buffer_.size()})) {
            lost_ += waiting;
        }
        buffer_.clear();
        waiting = 0;
    };
    for (const Line& line : lines) {
        const spdlog::details::log_msg message(line.at, {}, kName, spdlog::level::critical,
                                               line.text);
        formatters_[static_cast<std::size_t>(line.format)]->format(message, buffer_);
        ++waiting;
        if (buffer_.size() >= kChunk) {
            flush();
        }
    }
    flush();
    lines.clear();
}

Output& output() noexcept {
    static Output the;
    return the;
}

std::string escaped_pattern(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '%') {
            out += c;
        }
    }
    return out;
}

/// The time is put in front by the log thread, which takes it from the line's own stamp.
std::string pattern(Format format, std::string_view node_name) {
    constexpr std::string_view kStamp = "%Y-%m-%dT%H:%M:%S.%eZ";
    if (format == Format::Text) {
        return std::string(kStamp) + " %v";
    }
    // A rendered line opens with its brace and the level: `{"level":"info"`. The node's escaping
    // is that of any other value.
    const std::string line =
        render(Format::Json, Numbers::Full, Level::Info, "x", {{"node", node_name}});
    const std::string node = line.substr(line.find("\"node\""));
    return R"({"ts":")" + std::string(kStamp) + "\"," +
           escaped_pattern(node.substr(0, node.size() - 1)) + ",%v";
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
    if (!enabled(level)) {
        return;
    }
    Output& out = output();
    const Format format = out.format.load(std::memory_order_relaxed);
    std::string line =
        render(format, out.numbers.load(std::memory_order_relaxed), level, event, fields);
    if (format == Format::Json) {
        line.erase(0, 1);
    }
    out.push(format, std::move(line));
}

}  // namespace

Result<void> start(const Options& options) {
    Output& out = output();
    if (out.is_open()) {
        return fail(Errc::Internal, "the log is already open");
    }
    try {
        Output::Formatters formatters;
        for (const Format format : {Format::Text, Format::Json}) {
            formatters[static_cast<std::size_t>(format)] =
                std::make_unique<spdlog::pattern_formatter>(pattern(format, options.node),
                                                            spdlog::pattern_time_type::utc);
        }
        if (Result<void> started = out.start(std::move(formatters)); !started) {
            return started;
        }
    } catch (const std::exception& e) {
        return fail(Errc::Io, e.what());
    }
    change(options);
    return {};
}

void change(const Options& options) noexcept {
    Output& out = output();
    out.format.store(options.format, std::memory_order_relaxed);
    out.numbers.store(options.numbers, std::memory_order_relaxed);
    out.level.store(options.level, std::memory_order_release);
}

void stop() noexcept {
    output().level.store(Level::Off, std::memory_order_release);
    output().stop();
}

bool enabled(Level level) noexcept {
    const Level least = output().level.load(std::memory_order_acquire);
    return level >= least && least != Level::Off;
}

std::uint64_t lost() noexcept {
    return output().lost();
}

void debug(std::string_view event, std::initializer_list<Field> fields) noexcept {
    write(Level::Debug, event, fields);
}

void info(std::string_view event, std::initializer_list<Field> fields) noexcept {
    write(Level::Info, event, fields);
}

void warn(std::string_view event, std::initializer_list<Field> fields) noexcept {
    write(Level::Warn, event, fields);
}

void error(std::string_view event, std::initializer_list<Field> fields) noexcept {
    write(Level::Error, event, fields);
}

}  // namespace causeway::log
