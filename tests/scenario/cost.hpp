#pragma once

#include "support/world/world.hpp"

#include <ctime>
#include <span>
#include <string>
#include <string_view>

/// What bytes may cost, and how it is measured: CPU time of this thread.
namespace causeway::testing {

inline constexpr double kBound = 1000;  ///< microseconds
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr double kSlack = 30;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr double kSlack = 30;
#else
inline constexpr double kSlack = 1;
#endif
#elif defined(__OPTIMIZE__)
inline constexpr double kSlack = 1;
#else
inline constexpr double kSlack = 10;
#endif

inline constexpr std::size_t kHead = 16000;      ///< just under the limit of a head
inline constexpr std::size_t kDatagram = 65000;  ///< and of a datagram

inline double cpu_micros() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// `before`, as many of `unit` as fit below `size`, `after`; `#` in a unit is its number.
inline std::string filled(std::string_view before, std::string_view unit, std::string_view after,
                          std::size_t size, std::size_t most = 1000000) {
    std::string text(before);
    for (std::size_t i = 0; i < most && text.size() + unit.size() + after.size() < size; ++i) {
        for (const char c : unit) {
            c == '#' ? text.append(std::to_string(i)) : text.append(1, c);
        }
    }
    return text.append(after);
}

inline std::string repeated(std::string_view unit, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += unit;
    }
    return text;
}

/// One peer's message into the engine, and all that follows from it at once.
inline double cost_of(World& world, const Endpoint& from, const Endpoint& to,
                      const std::string& bytes) {
    const InterfaceId interface { to == World::carrier_side() ? 1U : 2U };
    const double before = cpu_micros();
    world.engine->on_message(std::as_bytes(std::span(bytes)),
                             {interface, from, sip::Transport::Udp, {}});
    world.relay->pump();
    return cpu_micros() - before;
}

}  // namespace causeway::testing
