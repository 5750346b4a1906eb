#include "descriptors.hpp"

#include "causeway/transport/transport.hpp"

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

std::size_t other_descriptors(std::size_t descriptors) noexcept {
    const transport::ConnectionLimits limits;
    return std::min(descriptors,
                    kFixed + std::min(limits.known + limits.strangers, descriptors / 8));
}

}  // namespace causeway::app
