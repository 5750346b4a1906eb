#include "conductor.hpp"
#include "record.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

/// What operators see of live calls, and do to them.
namespace causeway::b2bua {
namespace {

constexpr std::string_view kReason = "hangup";

port::CallState state_of(const call::Ledger& ledger) {
    if (ledger.ended) {
        return port::CallState::Ending;
    }
    if (ledger.answered) {
        return port::CallState::Answered;
    }
    return ledger.ringing ? port::CallState::Ringing : port::CallState::Setup;
}

port::CallView view_of(const Call& call, Time now, WallTime wall) {
    return {record_of(call, now, wall), state_of(call.machine.ledger())};
}

tl::unexpected<Error> no_such_call() {
    return fail(Errc::NotFound, "no live call has this id");
}

}  // namespace

port::CallPage Conductor::calls(const port::CallQuery& query) const {
    const Time now = clock_.now();
    const WallTime wall = clock_.wall();
    port::CallPage page;
    page.total = book_.calls();
    const auto ids = book_.ids(query.after, std::min(query.most, port::CallQuery::kMost));
    page.calls.reserve(ids.size());
    for (const CallId id : ids) {
        page.calls.push_back(view_of(*book_.find(id), now, wall));
    }
    return page;
}

Result<port::CallView> Conductor::call(CallId id) const {
    const Call* call = book_.find(id);
    if (call == nullptr) {
        return no_such_call();
    }
    return view_of(*call, clock_.now(), clock_.wall());
}

Result<void> Conductor::hang_up(CallId id) {
    Call* call = book_.find(id);
    if (call == nullptr) {
        return no_such_call();
    }
    now_ = clock_.now();
    const bool is_live = call->machine.is_live();
    tell(*call, call::HangUp{kReason, is_live ? call::Cause::Success : call::Cause::Server});
    settle();
    return {};
}

}  // namespace causeway::b2bua
