#include "call_book.hpp"

#include <algorithm>
#include <utility>

namespace causeway::b2bua {

CallBook::CallBook(const Secret& secret) : dialogs_(0, DialogHash{crypto::SipHash(secret)}) {}

Call& CallBook::open(CallId id, std::uint64_t salt) {
    auto call = std::make_unique<Call>(id, salt);
    if (free_nodes_.empty()) {
        call->node = static_cast<TimerWheel::Node>(nodes_.size());
        nodes_.push_back(id);
    } else {
        call->node = free_nodes_.back();
        free_nodes_.pop_back();
        nodes_[call->node] = id;
    }
    return *(calls_[id] = std::move(call));
}

void CallBook::close(Call& call) {
    release(call.a_invite);
    release(call.b_invite);
    for (const transaction::Key key : call.former_invites) {
        release(key);
    }
    for (const auto* leg : {&call.a, &call.b}) {
        if (*leg) {
            release((*leg)->state());
        }
    }
    release(call.flow);
    nodes_[call.node] = CallId{};
    free_nodes_.push_back(call.node);
    const auto entry = calls_.find(call.machine.id());
    graveyard_.push_back(std::move(entry->second));
    calls_.erase(entry);
}

Call* CallBook::find(CallId id) const {
    const auto entry = calls_.find(id);
    return entry == calls_.end() ? nullptr : entry->second.get();
}

Call* CallBook::by_flow(FlowId flow) const {
    const auto entry = flows_.find(flow);
    return entry == flows_.end() ? nullptr : find(entry->second);
}

Call* CallBook::by_node(TimerWheel::Node node) const {
    return node < nodes_.size() ? find(nodes_[node]) : nullptr;
}

std::optional<LegId> CallBook::by_key(transaction::Key key) const {
    const auto entry = keys_.find(key);
    return entry == keys_.end() ? std::nullopt : std::optional(entry->second);
}

std::string_view CallBook::dialog_key(std::string_view call_id, std::string_view local_tag) const {
    scratch_.assign(local_tag);  // a tag is a token: it cannot hold the separator
    scratch_.push_back(' ');
    scratch_.append(call_id);
    return scratch_;
}

void CallBook::bind(const dialog::State& dialog, const LegId& leg) {
    dialogs_[std::string(dialog_key(dialog.call_id, dialog.local_tag))] = leg;
}

void CallBook::release(const dialog::State& dialog) {
    const auto entry = dialogs_.find(dialog_key(dialog.call_id, dialog.local_tag));
    if (entry != dialogs_.end()) {
        dialogs_.erase(entry);
    }
}

std::optional<LegId> CallBook::by_dialog(std::string_view call_id,
                                         std::string_view local_tag) const {
    const auto entry = dialogs_.find(dialog_key(call_id, local_tag));
    return entry == dialogs_.end() ? std::nullopt : std::optional(entry->second);
}

std::vector<CallId> CallBook::ids() const {
    return ids(CallId{}, calls_.size());
}

std::vector<CallId> CallBook::ids(CallId after, std::size_t most) const {
    std::vector<CallId> ids;
    ids.reserve(calls_.size());
    for (const auto& [id, call] : calls_) {
        if (id > after) {
            ids.push_back(id);
        }
    }
    if (ids.size() > most) {
        std::nth_element(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(most), ids.end());
        ids.resize(most);
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace causeway::b2bua
