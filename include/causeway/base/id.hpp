#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace causeway {

/// A typed handle: a number that survives threads and C callbacks where pointers do not.
/// Zero means "none" for every tag.
template <class Tag>
struct Id {
    std::uint64_t value{};
    auto operator<=>(const Id&) const = default;  // NOLINT(modernize-use-nullptr): misfires on <=>
    explicit operator bool() const { return value != 0; }
};

using CallId = Id<struct CallTag>;  ///< 64 random bits, unique across restarts
using FlowId = Id<struct FlowTag>;  ///< one relayed stream pair; reissued on restore
using TenantId = Id<struct TenantTag>;
using ConnectionId = Id<struct ConnectionTag>;  ///< one TCP or TLS connection; 0 for UDP
using InterfaceId =
    Id<struct InterfaceTag>;  ///< 1-based position in `interfaces`; decides side and address

/// One leg of a call: the call's id and an ordinal. Ordinal 0 is leg a; leg b's attempts count
/// from 1.
struct LegId {
    CallId call;
    std::uint32_t ordinal{};
    auto operator<=>(const LegId&) const = default;  // NOLINT(modernize-use-nullptr): likewise
    [[nodiscard]] bool is_a() const { return ordinal == 0; }
};

/// The caller's own number for an answer that comes later.
using Ticket = std::uint64_t;

/// Key material: getrandom() in `app`, the seed in simulation.
using Secret = std::array<std::byte, 32>;

}  // namespace causeway

template <class Tag>
struct std::hash<causeway::Id<Tag>> {
    std::size_t operator()(const causeway::Id<Tag>& id) const noexcept {
        return std::hash<std::uint64_t>{}(id.value);
    }
};

template <>
struct std::hash<causeway::LegId> {
    std::size_t operator()(const causeway::LegId& id) const noexcept {
        return std::hash<std::uint64_t>{}(id.call.value * 31 + id.ordinal);
    }
};
