#include "causeway/base/log.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>

namespace causeway::log {
namespace {

constexpr std::size_t kQueue = 8192;  ///< lines; the oldest give way

/// What `start` opens. The logger itself stays until the process ends: a thread that passed
/// `enabled` may still hold it while another one stops. Only the pool, that is queue and thread,
/// goes.
struct Output {
    std::atomic<Level> level{Level::Off};
    std::atomic<std::uint64_t> lost{0};  ///< of pools that are gone, and lines after the end
    Format format{};
    Numbers numbers{};
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::weak_ptr<spdlog::details::thread_pool> view;
    std::shared_ptr<spdlog::async_logger> logger;
};

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
std::string pattern(const Options& options) {
    constexpr std::string_view kStamp = "%Y-%m-%dT%H:%M:%S.%eZ";
    if (options.format == Format::Text) {
        return std::string(kStamp) + " %v";
    }
    // A rendered line opens with its brace and the level: `{"level":"info"`. The node's escaping
    // is that of any other value.
    const std::string line = render(Format::Json, Numbers::Full, Level::Info, "x",
                                    {{"node", std::string_view(options.node)}});
    const std::string node = line.substr(line.find("\"node\""));
    return R"({"ts":")" + std::string(kStamp) + "\"," +
           escaped_pattern(node.substr(0, node.size() - 1)) + ",%v";
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
    if (!enabled(level)) {
        return;
    }
    const Output& out = output();
    const std::string line = render(out.format, out.numbers, level, event, fields);
    std::string_view text = line;
    if (out.format == Format::Json) {
        text.remove_prefix(1);
    }
    out.logger->log(spdlog::level::critical, spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace

Result<void> start(const Options& options) {
    Output& out = output();
    if (out.pool) {
        return fail(Errc::Internal, "the log is already open");
    }
    try {
        out.pool = std::make_shared<spdlog::details::thread_pool>(kQueue, 1);
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
        sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
            pattern(options), spdlog::pattern_time_type::utc));
        out.logger = std::make_shared<spdlog::async_logger>(
            "causeway", std::move(sink), out.pool, spdlog::async_overflow_policy::overrun_oldest);
        // What cannot be written cannot be reported either: count it.
        out.logger->set_error_handler([&out](const std::string&) { ++out.lost; });
    } catch (const std::exception& e) {
        out.pool.reset();
        return fail(Errc::Io, e.what());
    }
    out.view = out.pool;
    out.format = options.format;
    out.numbers = options.numbers;
    out.level.store(options.level, std::memory_order_release);
    return {};
}

void stop() noexcept {
    Output& out = output();
    out.level.store(Level::Off, std::memory_order_release);
    if (out.pool) {
        out.lost += out.pool->overrun_counter();
        out.pool.reset();
    }
}

bool enabled(Level level) noexcept {
    const Level least = output().level.load(std::memory_order_acquire);
    return level >= least && least != Level::Off;
}

std::uint64_t lost() noexcept {
    const Output& out = output();
    const auto pool = out.view.lock();
    return out.lost + (pool ? pool->overrun_counter() : 0);
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
