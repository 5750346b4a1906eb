#pragma once

#include "causeway/call/outcome.hpp"
#include "causeway/config/config.hpp"
#include "causeway/port/figures.hpp"
#include "causeway/sip/verdict.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace causeway::b2bua {

/// Counts what metrics show. A call's tenant is a position, found once a call; a message costs a
/// look at its first bytes.
/// Thread: sip. Owns: the counters, and the labels that tenants have got.
class Tally {
public:
    /// Where a tenant's calls are counted.
    using Place = std::uint32_t;
    static constexpr Place kOther = 0;   ///< all tenants beyond the first `max_tenants`
    static constexpr Place kNobody = 1;  ///< calls refused before their tenant was known

    explicit Tally(std::size_t max_tenants);

    /// Tenants that are new get a place while there are any, in the order of the configuration. A
    /// place is kept for good: what it has counted stays true when its tenant is gone.
    void configure(const config::Snapshot& config);
    /// Of a tenant of the snapshot that `configure` was given last.
    [[nodiscard]] Place place_of(TenantId tenant) const;
    /// Of a tenant of any time.
    [[nodiscard]] Place place_of(const std::string& tenant) const;

    void received(std::size_t kind) { ++figures_.received[kind]; }
    void sent(std::string_view bytes) { ++figures_.sent[port::kind_of(bytes)]; }
    /// A refusal of the table of reasons; ours to notice (CAUSEWAY_ASSERT) if it is none.
    void refused(Stage stage, std::string_view reason);
    void began(Place place) { ++tenant(place).active[kInbound]; }
    void answered(Millis setup);
    /// A call that began has ended.
    void ended(Place place, const call::Outcome& outcome);
    /// One that was refused before it began, with a record of its own.
    void turned_down(call::Cause cause);

    [[nodiscard]] const port::Figures& figures() const { return figures_; }

private:
    /// The only direction there is yet.
    static constexpr auto kInbound = static_cast<std::size_t>(port::Direction::Inbound);

    port::TenantFigures& tenant(Place place) { return figures_.by_tenant[place]; }

    std::size_t max_tenants_;
    port::Figures figures_;
    std::unordered_map<std::string, Place> places_;
    std::vector<Place> current_;  ///< by TenantId.value − 1
};

}  // namespace causeway::b2bua
