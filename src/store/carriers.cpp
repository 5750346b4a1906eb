#include "draft.hpp"
#include "text.hpp"

#include "causeway/intake/intake.hpp"
#include "causeway/normalize/normalize.hpp"

namespace causeway::store {
namespace {

std::vector<std::string> read_pass_headers(const Value& list, Draft& draft) {
    std::vector<std::string> names;
    for (const Value& element : list.children) {
        const std::string name = element.text();
        if (intake::is_own_header(name)) {
            complain(draft, element, name + " is one of our own headers: it is always removed");
        } else if (intake::is_reserved_header(name)) {
            complain(draft, element, name + " belongs to each leg's own SIP and cannot be copied");
        } else if (!name.empty()) {
            names.push_back(lower_case(name));
        }
    }
    return names;
}

/// One plan of all its rules; each rule alone first, so that a complaint has its line.
normalize::Plan read_numbers(const Value& numbers, Draft& draft) {
    std::vector<normalize::Rule> rules;
    for (const Value& value : numbers["rules"].children) {
        const auto* match = value["match"].get<std::string>();
        const auto* replace = value["replace"].get<std::string>();
        if (match == nullptr || replace == nullptr) {
            continue;
        }
        normalize::Rule rule{*match, *replace};
        if (const auto alone = normalize::Plan::make({rule}, {}); !alone) {
            complain(draft, value["match"], alone.error().what);
        } else {
            rules.push_back(std::move(rule));
        }
    }
    auto plan = normalize::Plan::make(rules, numbers["country"].text());
    if (!plan) {
        complain(draft, numbers["country"], plan.error().what);
        return {};
    }
    return *std::move(plan);
}

}  // namespace

void read_carriers(const Value& list, Draft& draft) {
    Names names("carriers[].name");
    std::vector<SourceList> sources;
    for (const Value& value : list.children) {
        config::Carrier carrier;
        carrier.name = value["name"].text();
        if (!carrier.name.empty()) {
            names.take(carrier.name, value["name"].line, draft.problems);
        }
        const auto index = static_cast<std::uint32_t>(draft.snapshot.carriers.size());
        if (const auto interface = find_interface(value, sip::Side::Carrier, draft)) {
            carrier.interface = *interface;
            sources.push_back({"carrier " + carrier.name,
                               *interface,
                               {admission::Owner::Carrier, index},
                               &value["sources"]});
        }
        carrier.pass_headers = read_pass_headers(value["pass_headers"], draft);
        draft.snapshot.normalize.carriers.push_back(read_numbers(value["numbers"], draft));
        draft.snapshot.carriers.push_back(std::move(carrier));
    }
    enter_sources(sources, draft);
}

}  // namespace causeway::store
