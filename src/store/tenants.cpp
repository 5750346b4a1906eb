#include "draft.hpp"
#include "text.hpp"

#include <algorithm>

namespace causeway::store {
namespace {

/// Where each number, pattern and domain stands, for "already on line N".
struct Taken {
    Names ids{"tenants[].id"};
    Names domains{"tenants[].domains"};
    Names dids{"tenants[].dids[].number"};
};

std::vector<std::string> read_domains(const Value& value, Taken& taken, Draft& draft) {
    std::vector<std::string> domains;
    const auto add = [&](const Value& one) {
        if (const auto* domain = one.get<std::string>()) {
            taken.domains.take(*domain, one.line, draft.problems);
            domains.push_back(*domain);
        }
    };
    add(value["domain"]);
    for (const Value& one : value["domains"].children) {
        add(one);
    }
    return domains;
}

/// A number that normalisation would never produce: nobody would ever reach it.
void warn_if_not_normalised(const Value& did, const std::string& text, Draft& draft) {
    constexpr std::size_t kShortest = 7;  // fewer digits stay as they are
    const bool is_digits = std::all_of(text.begin(), text.end(),
                                       [](char c) { return (c >= '0' && c <= '9') || c == '*'; });
    if (is_digits && text.size() >= kShortest) {
        draft.problems.warn(did.line, std::string(did.key->path) + ": " + text +
                                          " has no plus: called numbers are compared as E.164, "
                                          "+ and the country code first");
    }
}

void read_dids(const Value& list, TenantId tenant, Taken& taken, Draft& draft) {
    for (const Value& element : list.children) {
        const Value& did = element["number"];
        const auto* text = did.get<std::string>();
        if (text == nullptr) {
            continue;
        }
        taken.dids.take(*text, did.line, draft.problems);
        draft.snapshot.tenants.own(tenant, *text);
        warn_if_not_normalised(did, *text, draft);
    }
}

std::optional<std::uint32_t> find_group(const std::string& reference, const Draft& draft) {
    const auto& groups = draft.snapshot.routes.groups;
    for (std::uint32_t i = 0; i < groups.size(); ++i) {
        if (draft.group_ids[i] == reference || groups[i].name == reference) {
            return i;
        }
    }
    return std::nullopt;
}

std::vector<std::uint32_t> read_references(const Value& list, Draft& draft) {
    std::vector<std::uint32_t> found;
    for (const Value& reference : list.children) {
        const std::string text = reference.text();
        if (text.empty()) {
            continue;
        }
        const auto group = find_group(text, draft);
        if (!group) {
            complain(draft, reference, "no group has the id or name " + text);
        } else if (std::find(found.begin(), found.end(), *group) != found.end()) {
            complain(draft, reference, "group " + text + " is named twice");
        } else {
            found.push_back(*group);
        }
    }
    const std::size_t groups = draft.snapshot.routes.groups.size();
    if (!list.given && groups == 1) {
        found.push_back(0);
    } else if (!list.given && list.key != nullptr && groups > 1) {
        complain(draft, list, "missing, and there is more than one group");
    }
    return found;
}

/// `routing.backup_group`.
void read_backup(const Value& reference, std::vector<bool>& used, Draft& draft) {
    const std::string text = reference.text();
    if (text.empty()) {
        return;
    }
    const auto group = find_group(text, draft);
    if (!group) {
        complain(draft, reference, "no group has the id or name " + text);
        return;
    }
    used[*group] = true;
    draft.snapshot.routes.backup_group = group;
}

void check_reachable(const std::vector<bool>& used, const Value& groups, Draft& draft) {
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (!used[i]) {
            draft.problems.error(groups.children[i].line, "gateway_groups: no tenant uses group " +
                                                              draft.snapshot.routes.groups[i].name);
        }
    }
}

}  // namespace

void read_tenants(const Value& file, Draft& draft) {
    Taken taken;
    std::vector<bool> used(draft.snapshot.routes.groups.size());
    for (const Value& value : file["tenants"].children) {
        const std::string id = value["id"].text();
        if (!id.empty()) {
            taken.ids.take(id, value["id"].line, draft.problems);
        }
        const TenantId tenant = draft.snapshot.tenants.add(id, read_domains(value, taken, draft));
        read_dids(value["dids"], tenant, taken, draft);
        if (!value["dids"].given) {
            draft.snapshot.tenants.takes_any(tenant);
        }
        const bool* enabled = value["enabled"].get<bool>();
        if (enabled != nullptr && !*enabled) {
            draft.snapshot.tenants.disable(tenant);
        }
        auto groups = read_references(value["gateway_groups"], draft);
        for (const std::uint32_t group : groups) {
            used[group] = true;
        }
        draft.snapshot.routes.tenant_groups.push_back(std::move(groups));
    }
    read_backup(file["routing"]["backup_group"], used, draft);
    if (!file["tenants"].children.empty()) {
        check_reachable(used, file["gateway_groups"], draft);
    }
}

}  // namespace causeway::store
