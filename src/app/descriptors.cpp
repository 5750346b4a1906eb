#include "descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace causeway::app {
namespace {

constexpr std::size_t kFixed = 128;  ///< without connections

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

transport::ConnectionLimits connection_limits(std::size_t descriptors) {
    return transport::limits_within(descriptors / 8);
}

std::size_t other_descriptors(std::size_t descriptors) {
    const transport::ConnectionLimits limits = connection_limits(descriptors);
    return std::min(descriptors, kFixed + limits.known + limits.dialled + limits.strangers);
}

}  // namespace causeway::app
