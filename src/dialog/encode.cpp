#include "request.hpp"

#include "causeway/dialog/state.hpp"
#include "causeway/sip/archive.hpp"

#include <cstdint>
#include <utility>

namespace causeway::dialog {
namespace {

constexpr std::uint32_t kVersion = 1;  // grows with every change of the fields below

}  // namespace

template <class Archive, Of<Repeating> T>
void fields(Archive& archive, T& repeating) {
    archive(repeating.bytes, repeating.to, repeating.next, repeating.interval, repeating.give_up);
}

template <class Archive, Of<State> T>
void fields(Archive& archive, T& state) {
    archive(choice(state.role, Role::Uas), choice(state.phase, Phase::Ended), state.call_id,
            state.local_tag, state.remote_tag, state.local, state.remote, state.remote_target,
            state.routes, state.contact, state.local_cseq, state.remote_cseq, state.invite_cseq,
            state.source, state.repeating, state.ack, state.bye_headers);
}

namespace {

/// What a leg relies on.
bool is_consistent(const State& state) {
    const bool waits_for_ack = state.phase == Phase::Unacked || state.phase == Phase::Closing;
    if (waits_for_ack && (state.role != Role::Uas || !state.repeating)) {
        return false;
    }
    if (state.repeating &&
        (state.repeating->interval <= Millis{0} || state.phase == Phase::Ended)) {
        return false;  // it would be repeated without end, or after the end
    }
    return state.phase != Phase::Early;
}

}  // namespace

std::string encode(const State& state, const Anchor& anchor) {
    Writer writer(anchor);
    if (state.source.connection) {
        // Without the connection nothing tells that nobody listens at its far end's port.
        State kept = state;
        kept.source.peer.port = next_hop(state).peer.port;
        writer(kVersion, kept);
    } else {
        writer(kVersion, state);
    }
    return std::move(writer).take();
}

Result<State> decode(std::string_view bytes, const Anchor& anchor) {
    Reader reader(bytes, anchor);
    std::uint32_t version{};
    reader(version);
    if (reader.is_good() && version != kVersion) {
        return fail(Errc::Unsupported, "a dialog of version " + std::to_string(version));
    }
    State state;
    reader(state);
    if (!reader.is_done()) {
        return fail(Errc::Malformed, "no dialog's bytes");
    }
    if (!is_consistent(state)) {
        return fail(Errc::Malformed, "a dialog that was never answered, or contradicts itself");
    }
    return state;
}

}  // namespace causeway::dialog
