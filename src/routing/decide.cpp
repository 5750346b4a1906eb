#include "causeway/routing/table.hpp"

#include <algorithm>

namespace causeway::routing {
namespace {

std::vector<std::uint32_t> groups_of(const Table& table, TenantId tenant) {
    if (tenant.value == 0 || tenant.value > table.tenant_groups.size()) {
        return {};
    }
    auto groups = table.tenant_groups[tenant.value - 1];
    const auto& backup = table.backup_group;
    if (backup && std::find(groups.begin(), groups.end(), *backup) == groups.end()) {
        groups.push_back(*backup);
    }
    return groups;
}

}  // namespace

Verdict<Route> decide(const Table& table, TenantId tenant, std::vector<Skipped>* skipped) {
    Route route;
    for (const std::uint32_t group : groups_of(table, tenant)) {
        for (const Gateway& gateway : table.groups[group].gateways) {
            if (gateway.enabled) {
                route.targets.push_back(gateway);
            } else if (skipped != nullptr) {
                skipped->push_back({gateway.group + "/" + gateway.name, "disabled"});
            }
        }
    }
    if (route.targets.empty()) {
        return reject(503, Stage::Routing, "no_gateway");
    }
    return route;
}

}  // namespace causeway::routing
