#include "draft.hpp"

#include <algorithm>
#include <cmath>

namespace causeway::store {
namespace {

constexpr unsigned kV4 = 96;  // a v4-mapped block's length is 96 more

struct Entry {
    Cidr block;
    const SourceList* list;
    const Value* value;
};

bool is_inside(const Cidr& inner, const Cidr& outer) {
    return outer.length <= inner.length && outer.contains(inner.network);
}

/// By interface, then so that a block comes right before those it contains.
bool comes_before(const Entry& a, const Entry& b) {
    if (a.list->interface != b.list->interface) {
        return a.list->interface < b.list->interface;
    }
    if (a.block.network != b.block.network) {
        return a.block.network < b.block.network;
    }
    return a.block.length != b.block.length ? a.block.length < b.block.length
                                            : a.value->line < b.value->line;
}

void report_nesting(const Entry& inner, const Entry& outer, Draft& draft) {
    draft.problems.warn(inner.value->line,
                        std::string(inner.value->key->path) + ": " + inner.block.to_string() +
                            " of " + inner.list->owner + " lies in " + outer.block.to_string() +
                            " of " + outer.list->owner + " (line " +
                            std::to_string(outer.value->line) + "): its calls are " +
                            inner.list->owner + "'s");
}

void report_double(const Entry& later, const Entry& earlier, Draft& draft) {
    complain(draft, *later.value,
             later.block.to_string() + " is a source of " + earlier.list->owner +
                 " already (line " + std::to_string(earlier.value->line) + ")");
}

/// Compares each block with those around it, which stand before it.
void check_overlaps(std::vector<Entry> entries, Draft& draft) {
    std::stable_sort(entries.begin(), entries.end(), comes_before);
    std::vector<const Entry*> around;
    for (const Entry& entry : entries) {
        while (!around.empty() && (around.back()->list->interface != entry.list->interface ||
                                   !is_inside(entry.block, around.back()->block))) {
            around.pop_back();
        }
        if (!around.empty() && around.back()->block == entry.block) {
            report_double(entry, *around.back(), draft);
            continue;
        }
        if (!around.empty() && around.back()->list != entry.list) {
            report_nesting(entry, *around.back(), draft);
        }
        around.push_back(&entry);
    }
}

/// Everything that one owner's blocks cover, without counting nested ones twice.
void check_width(std::vector<Entry> entries, Draft& draft) {
    std::stable_sort(entries.begin(), entries.end(), comes_before);
    double v4 = 0;
    double v6 = 0;
    const Entry* outer = nullptr;
    for (const Entry& entry : entries) {
        if (outer != nullptr && is_inside(entry.block, outer->block)) {
            continue;
        }
        outer = &entry;
        const bool is_v4 = entry.block.network.is_v4() && entry.block.length >= kV4;
        (is_v4 ? v4 : v6) += std::exp2(128 - static_cast<int>(entry.block.length));
    }
    if (v4 > std::exp2(24) || v6 > std::exp2(104)) {
        complain(draft, *entries.front().list->sources,
                 std::string("together these cover more than ") +
                     (v4 > std::exp2(24) ? "a /8" : "an IPv6 /24") +
                     ": name the addresses that calls come from");
    }
}

}  // namespace

void enter_sources(const std::vector<SourceList>& lists, Draft& draft) {
    std::vector<Entry> all;
    for (const SourceList& list : lists) {
        std::vector<Entry> own;
        for (const Value& value : list.sources->children) {
            if (const auto* block = value.get<Cidr>()) {
                own.push_back({*block, &list, &value});
                draft.snapshot.admission.sources.add(list.interface, *block, list.peer);
            }
        }
        all.insert(all.end(), own.begin(), own.end());
        if (!own.empty()) {
            check_width(std::move(own), draft);
        }
    }
    check_overlaps(std::move(all), draft);
}

}  // namespace causeway::store
