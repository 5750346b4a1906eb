#include "descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace causeway::app {
namespace {

constexpr std::size_t kPerCall = 4;   // RTP and RTCP on two sides
constexpr std::size_t kOthers = 128;  // listeners, logs, control

}  // namespace

std::size_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 0;
    }
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return static_cast<std::size_t>(::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur
                                                                            : before);
}

std::size_t calls_within(std::size_t descriptors) noexcept {
    return std::max<std::size_t>(descriptors, kOthers + kPerCall) / kPerCall - kOthers / kPerCall;
}

}  // namespace causeway::app
