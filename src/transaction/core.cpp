#include "core.hpp"

#include "causeway/sip/grammar.hpp"

#include <algorithm>
#include <utility>

namespace causeway::transaction {

namespace {

/// Our part of the daemon's random streams ("tx"); every user of the same secret has its own.
constexpr std::uint64_t kStream = 0x7478;

}  // namespace

Core::Core(Layer::Options options)
    : timers(options.timers),
      identities(std::move(options.identities)),
      random(options.secret, kStream),
      hash(random),
      max_answered(options.max_answered),
      wheel(options.start) {}

const Identity* Core::identity(const sip::Target& target) const {
    const auto found =
        std::find_if(identities.begin(), identities.end(), [&target](const Identity& identity) {
            return identity.interface == target.interface && identity.transport == target.transport;
        });
    return found == identities.end() ? nullptr : &*found;
}

bool Core::has_our_via(const sip::Message& response) const {
    const Result<sip::Via>& via = sip::top_via(response);
    if (!via) {
        return false;
    }
    const std::string sent_by = via->host + ":" + std::to_string(via->port);
    return std::any_of(identities.begin(), identities.end(),
                       [&](const Identity& identity) { return identity.sent_by == sent_by; });
}

void Core::transmit(std::uint32_t n) {
    const Slot& slot = slots[n];
    if (!slot.text.empty()) {
        outbox.push(Transmit{slots.key(n), slot.peer.target(), slot.text.view()});
    }
}

void Core::transmit_once(std::uint32_t n, Text text) {
    const std::string_view bytes = outbox.keep(std::move(text));
    outbox.push(Transmit{slots.key(n), slots[n].peer.target(), bytes});
}

void Core::replace_text(Slot& slot, Text text) {
    outbox.retire(std::exchange(slot.text, std::move(text)));
}

void Core::schedule(std::uint32_t n) {
    const Slot& slot = slots[n];
    const Time due = std::min(slot.retransmit_at, slot.expires_at);
    if (due == kNever) {
        wheel.cancel(n);
    } else {
        wheel.schedule(n, due);
    }
}

void Core::start_retransmission(Slot& slot, Millis first, Time now) const {
    slot.interval_ms = static_cast<std::uint32_t>(first.count());
    slot.retransmit_at = sip::is_reliable(slot.peer.transport) ? kNever : now + first;
}

void Core::continue_retransmission(Slot& slot, Millis interval, Time now) const {
    slot.interval_ms = static_cast<std::uint32_t>(interval.count());
    const Time due = slot.retransmit_at + interval;
    slot.retransmit_at = due > now ? due : now + interval;
}

void Core::release(std::uint32_t n) {
    wheel.cancel(n);
    outbox.retire(std::move(slots[n].text));
    slots.release(n);
}

}  // namespace causeway::transaction
