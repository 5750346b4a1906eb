#include "causeway/tenant/directory.hpp"

#include <algorithm>
#include <functional>

namespace causeway::tenant {

TenantId Directory::add(std::string name, std::vector<std::string> domains) {
    const TenantId id{tenants_.size() + 1};
    Tenant tenant{id, std::move(name), domains.empty() ? std::string{} : domains.front()};
    tenants_.push_back(std::move(tenant));
    any_.push_back(false);
    for (std::string& domain : domains) {
        domains_.emplace(std::move(domain), id);
    }
    return id;
}

bool Directory::own(TenantId tenant, std::string_view number_or_pattern) {
    if (!number_or_pattern.ends_with('*')) {
        return exact_.emplace(number_or_pattern, tenant).second;
    }
    number_or_pattern.remove_suffix(1);
    if (!patterns_.emplace(number_or_pattern, tenant).second) {
        return false;
    }
    const std::size_t length = number_or_pattern.size();
    const auto at = std::lower_bound(pattern_lengths_.begin(), pattern_lengths_.end(), length,
                                     std::greater<>{});
    if (at == pattern_lengths_.end() || *at != length) {
        pattern_lengths_.insert(at, length);
    }
    return true;
}

void Directory::takes_any(TenantId tenant) {
    any_[tenant.value - 1] = true;
}

void Directory::disable(TenantId tenant) {
    tenants_[tenant.value - 1].enabled = false;
}

const Tenant& Directory::get(TenantId id) const {
    return tenants_[id.value - 1];
}

std::optional<TenantId> Directory::owner(std::string_view number) const {
    if (const auto hit = exact_.find(number); hit != exact_.end()) {
        return hit->second;
    }
    for (const std::size_t length : pattern_lengths_) {
        if (length > number.size()) {
            continue;
        }
        if (const auto hit = patterns_.find(number.substr(0, length)); hit != patterns_.end()) {
            return hit->second;
        }
    }
    return std::nullopt;
}

std::optional<TenantId> Directory::by_domain(std::string_view host) const {
    const auto hit = domains_.find(host);
    return hit == domains_.end() ? std::nullopt : std::optional(hit->second);
}

bool Directory::accepts(TenantId tenant, std::string_view number) const {
    const auto owned_by = owner(number);
    return owned_by ? *owned_by == tenant : any_[tenant.value - 1];
}

}  // namespace causeway::tenant
