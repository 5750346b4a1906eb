#pragma once

#include "causeway/base/id.hpp"
#include "causeway/base/result.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

/// Structured logging: constant event names, keys listed in docs/LOGGING.md. Calls are cheap and
/// never block: lines go to the `log` thread through a bounded queue, overflow is counted. Until
/// `start`, and after `stop`, everything is discarded.
namespace causeway::log {

enum class Level : std::uint8_t { Debug, Info, Warn, Error, Off };
enum class Format : std::uint8_t { Text, Json };
/// Whether subscriber numbers show only their last four digits at info and above.
enum class Numbers : std::uint8_t { Masked, Full };

struct Options {
    Level level{Level::Info};
    Format format{Format::Text};
    Numbers numbers{Numbers::Masked};
    std::string node{};  ///< stands in every JSON line
};

/// A telephone number or other user part; printed masked unless `Numbers::Full` or level debug.
struct Number {
    std::string_view value;
};

using Value =
    std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool, CallId, Number>;

/// One key of a line. Values are copied before the call returns.
struct Field {
    std::string_view key;
    Value value;

    template <class T>
    Field(std::string_view k, const T& v) : key(k), value(make(v)) {}

private:
    template <class T>
    static Value make(const T& v) {
        if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, CallId> ||
                      std::is_same_v<T, Number>) {
            return v;
        } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
            return static_cast<std::int64_t>(v);
        } else if constexpr (std::is_integral_v<T>) {
            return static_cast<std::uint64_t>(v);
        } else if constexpr (std::is_floating_point_v<T>) {
            return static_cast<double>(v);
        } else {
            return std::string_view(v);
        }
    }
};

/// Opens the asynchronous sink on standard error. Call once, from `app`, before other threads
/// start.
[[nodiscard]] Result<void> start(const Options& options);
/// Level, format and numbers of the lines to come; the node stays. Between `start` and `stop`, from
/// any thread.
void change(const Options& options) noexcept;
/// Writes what is queued and closes. Later lines are discarded.
void stop() noexcept;
/// True if a line of this level would be written: guard costly fields with it.
[[nodiscard]] bool enabled(Level level) noexcept;
/// Lines lost because the queue was full.
[[nodiscard]] std::uint64_t lost() noexcept;

void debug(std::string_view event, std::initializer_list<Field> fields = {}) noexcept;
void info(std::string_view event, std::initializer_list<Field> fields = {}) noexcept;
void warn(std::string_view event, std::initializer_list<Field> fields = {}) noexcept;
void error(std::string_view event, std::initializer_list<Field> fields = {}) noexcept;

/// Keeps the last four characters and replaces the digits before them by `*`: `+*******0352`.
std::string masked(std::string_view number);

/// One line as it is written, without time stamp, node and line end: the pure part, for tests.
/// Keys and events are ours and stand as they are; in values every control character, every
/// character that could reorder or break a line on a terminal and every byte that is not UTF-8 is
/// escaped or replaced, so that a peer can forge neither a line nor a field.
std::string render(Format format, Numbers numbers, Level level, std::string_view event,
                   std::initializer_list<Field> fields);

}  // namespace causeway::log
