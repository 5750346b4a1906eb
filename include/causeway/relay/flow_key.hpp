#pragma once

#include "causeway/base/id.hpp"

#include <cstdint>

namespace causeway::relay {

/// What a FlowId is made of: which relay thread, which place in its table, and a number that tells
/// one tenant of that place from the next. A key of the past finds nothing.
struct FlowKey {
    static constexpr std::uint32_t kMaxThreads = 1U << 8U;
    static constexpr std::uint32_t kMaxSlots = 1U << 24U;

    std::uint32_t generation{};  ///< never 0
    std::uint32_t thread{};
    std::uint32_t slot{};

    static constexpr FlowKey of(FlowId id) {
        return {static_cast<std::uint32_t>(id.value >> 32U),
                static_cast<std::uint32_t>(id.value >> 24U) & (kMaxThreads - 1),
                static_cast<std::uint32_t>(id.value) & (kMaxSlots - 1)};
    }
    [[nodiscard]] constexpr FlowId id() const {
        return {std::uint64_t{generation} << 32U | std::uint64_t{thread} << 24U | slot};
    }
};

}  // namespace causeway::relay
