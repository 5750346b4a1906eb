#pragma once

#include "causeway/base/time.hpp"

namespace causeway::port {

/// Where time comes from. Ring 1 never asks: it is handed `now`.
/// Thread: any (a manual clock in tests: its one thread).
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Time now() const noexcept = 0;       ///< monotonic
    [[nodiscard]] virtual WallTime wall() const noexcept = 0;  ///< for CDRs and snapshots only
};

}  // namespace causeway::port
