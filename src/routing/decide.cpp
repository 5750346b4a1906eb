#include "causeway/routing/table.hpp"

namespace causeway::routing {

Verdict<Route> decide(const Table& table, TenantId tenant) {
    Route route;
    if (tenant.value > 0 && tenant.value <= table.tenant_groups.size()) {
        for (const std::uint32_t group : table.tenant_groups[tenant.value - 1]) {
            for (const Gateway& gateway : table.groups[group].gateways) {
                if (gateway.enabled) {
                    route.targets.push_back(gateway);
                }
            }
        }
    }
    if (route.targets.empty()) {
        return reject(503, Stage::Routing, "no_gateway");
    }
    return route;
}

}  // namespace causeway::routing
