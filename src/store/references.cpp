#include "draft.hpp"

#include <algorithm>

namespace causeway::store {
namespace {

void want_tenant(const Value& reference, Draft& draft) {
    const std::string id = reference.text();
    if (id.empty()) {
        return;
    }
    const tenant::Directory& tenants = draft.snapshot.tenants;
    for (std::size_t i = 1; i <= tenants.size(); ++i) {
        if (tenants.get(TenantId{i}).name == id) {
            return;
        }
    }
    complain(draft, reference, "no tenant has the id " + id);
}

void want_carriers(const Value& references, Draft& draft) {
    const auto& carriers = draft.snapshot.carriers;
    for (const Value& reference : references.children) {
        const std::string name = reference.text();
        if (!name.empty() && std::none_of(carriers.begin(), carriers.end(),
                                          [&](const auto& one) { return one.name == name; })) {
            complain(draft, reference, "no carrier is called " + name);
        }
    }
}

void want_different(const Value& list, Draft& draft) {
    if (list.key == nullptr) {
        return;  // what should hold it is no map: said already
    }
    Names names(std::string(list.key->path) + "[].name");
    for (const Value& value : list.children) {
        const std::string name = value["name"].text();
        if (!name.empty()) {
            names.take(name, value["name"].line, draft.problems);
        }
    }
}

void check_control(const Value& control, Draft& draft) {
    const auto* listen = control["listen"].get<Endpoint>();
    if (listen != nullptr && !listen->ip.is_loopback() && control["tokens"].children.empty()) {
        complain(draft, control["listen"],
                 listen->to_string() + " is no loopback address: it needs tokens");
    }
}

}  // namespace

void check_references(const Value& file, Draft& draft) {
    for (const Value& carrier : file["carriers"].children) {
        want_tenant(carrier["default_tenant"], draft);
    }
    for (const Value& group : file["gateway_groups"].children) {
        for (const Value& user : group["inbound_auth"].children) {
            want_tenant(user["tenant"], draft);
        }
    }
    for (const Value& tenant : file["tenants"].children) {
        want_carriers(tenant["carriers"], draft);
    }
    check_control(file["control"], draft);
    want_different(file["control"]["tokens"], draft);
    want_different(file["livekit"]["projects"], draft);
}

}  // namespace causeway::store
