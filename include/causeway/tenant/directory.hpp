#pragma once

#include "causeway/base/id.hpp"
#include "causeway/sip/types.hpp"
#include "causeway/sip/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Whose number it is (PRODUCT §4.4).
namespace causeway::tenant {

struct Tenant {
    TenantId id;         ///< 1-based position in the configuration
    std::string name;    ///< `tenants[].id`
    std::string domain;  ///< the first of its domains; may be empty
    bool enabled{true};
    bool operator==(const Tenant&) const = default;
};

/// Numbers to tenants. A pattern is a prefix ending in `*`. Look-ups allocate nothing; their cost
/// depends on the number of different pattern lengths, never on the number of entries.
/// Thread: any; immutable once built.
class Directory {
public:
    /// Takes over a tenant; ids are handed out in order from 1.
    /// Domains are lower-case; one that another tenant has already stays with that one.
    TenantId add(std::string name, std::vector<std::string> domains);
    /// False if this very number or pattern already has an owner: the first one stays.
    bool own(TenantId tenant, std::string_view number_or_pattern);
    /// `dids: []`: takes no number; without the key: any number that nobody else owns.
    void takes_any(TenantId tenant);
    /// Its numbers and domains stay its own, but it gets no calls.
    void disable(TenantId tenant);

    [[nodiscard]] const Tenant& get(TenantId id) const;
    [[nodiscard]] std::size_t size() const { return tenants_.size(); }
    /// The owner of a normalised number: exact wins, else the longest pattern.
    [[nodiscard]] std::optional<TenantId> owner(std::string_view number) const;
    [[nodiscard]] std::optional<TenantId> by_domain(std::string_view host) const;
    /// True if this tenant may have calls to this number: it owns it, or takes any and nobody else
    /// does.
    [[nodiscard]] bool accepts(TenantId tenant, std::string_view number) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <class V>
    using Table = std::unordered_map<std::string, V, Hash, std::equal_to<>>;

    std::vector<Tenant> tenants_;
    std::vector<bool> any_;
    Table<TenantId> exact_;
    Table<TenantId> patterns_;                  ///< without the star
    std::vector<std::size_t> pattern_lengths_;  ///< descending, unique
    Table<TenantId> domains_;
};

/// The first that says something: the called number's owner; the Request-URI host, then the To
/// host, equal to a tenant's domain. A host that is another tenant's domain than the owner: 403
/// `tenant_mismatch`. Nothing: 404 `no_tenant`. A disabled one: 403 `tenant_disabled`. Hosts are
/// lower-case.
[[nodiscard]] Verdict<Tenant> identify(const Directory& directory, const sip::Parties& parties,
                                       std::string_view request_host, std::string_view to_host);

}  // namespace causeway::tenant
