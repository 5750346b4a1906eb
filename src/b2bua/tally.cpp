#include "tally.hpp"

#include "causeway/base/assert.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace causeway::b2bua {
namespace {

using Names = std::vector<std::string>;

constexpr std::size_t kFirstNamed = 2;

std::shared_ptr<const std::vector<port::GatewayFigure>> gateways_of(const routing::Table& routes) {
    auto list = std::make_shared<std::vector<port::GatewayFigure>>();
    for (const routing::Group& group : routes.groups) {
        for (const routing::Gateway& gateway : group.gateways) {
            if (gateway.enabled) {
                list->push_back({gateway.group, gateway.name});
            }
        }
    }
    return list;
}

std::size_t index(call::Cause cause) {
    static_assert(static_cast<std::size_t>(call::Cause::Indeterminate) + 1 == port::kOutcomes);
    return static_cast<std::size_t>(cause);
}

}  // namespace

Tally::Tally(std::size_t max_tenants)
    : max_tenants_(max_tenants), places_{{"other", kOther}, {"", kNobody}} {
    figures_.tenants = std::make_shared<const Names>(Names{"other", ""});
    figures_.by_tenant.resize(figures_.tenants->size());
}

void Tally::configure(const config::Snapshot& config) {
    auto names = std::make_shared<Names>(*figures_.tenants);
    current_.assign(config.tenants.size(), kOther);
    for (std::size_t i = 0; i < current_.size(); ++i) {
        const std::string& name = config.tenants.get(TenantId{i + 1}).name;
        const auto known = places_.find(name);
        if (known != places_.end()) {
            current_[i] = known->second;
        } else if (names->size() < kFirstNamed + max_tenants_) {
            current_[i] = static_cast<Place>(names->size());
            places_.emplace(name, current_[i]);
            names->push_back(name);
        }
    }
    figures_.by_tenant.resize(names->size());
    figures_.tenants = std::move(names);
    figures_.gateways = gateways_of(config.routes);
}

Tally::Place Tally::place_of(TenantId tenant) const {
    return tenant.value >= 1 && tenant.value <= current_.size() ? current_[tenant.value - 1]
                                                                : kOther;
}

Tally::Place Tally::place_of(const std::string& tenant) const {
    const auto found = places_.find(tenant);
    return found == places_.end() ? kOther : found->second;
}

void Tally::refused(Stage stage, std::string_view reason) {
    const auto refusal = port::refusal_of(stage, reason);
    if (CAUSEWAY_ASSERT(refusal.has_value())) {
        ++figures_.refused[*refusal];
    }
}

void Tally::answered(Millis setup) {
    figures_.setup.add(static_cast<std::uint64_t>(std::max(setup, Millis{0}).count()));
}

void Tally::ended(Place place, const call::Outcome& outcome) {
    port::TenantFigures& figures = tenant(place);
    --figures.active[kInbound];
    ++figures.ended[kInbound][index(outcome.cause)];
    // What ends a call that was answered, or that the caller gave up, is no refusal.
    const auto refusal = port::refusal_of(Stage::Call, outcome.reason);
    if (refusal && outcome.sip_status >= 300) {
        ++figures_.refused[*refusal];
    }
}

void Tally::turned_down(call::Cause cause) {
    ++tenant(kNobody).ended[kInbound][index(cause)];
}

}  // namespace causeway::b2bua
