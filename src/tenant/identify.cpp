#include "causeway/tenant/directory.hpp"

namespace causeway::tenant {

Verdict<Tenant> identify(const Directory& directory, const sip::Parties& parties,
                         std::string_view request_host, std::string_view to_host) {
    const auto owner = directory.owner(parties.called);
    std::optional<TenantId> found = owner;
    for (const std::string_view host : {request_host, to_host}) {
        const auto claimed = directory.by_domain(host);
        if (claimed && owner && *claimed != *owner) {
            return reject(403, Stage::Tenant, "tenant_mismatch");
        }
        if (!found) {
            found = claimed;
        }
    }
    if (!found) {
        return reject(404, Stage::Tenant, "no_tenant");
    }
    const Tenant& tenant = directory.get(*found);
    if (!tenant.enabled) {
        return reject(403, Stage::Tenant, "tenant_disabled");
    }
    return tenant;
}

}  // namespace causeway::tenant
