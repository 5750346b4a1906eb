#include "slots.hpp"

#include <utility>

namespace causeway::transaction {

Peer Peer::of(const sip::Target& target) {
    return {.interface = target.interface,
            .connection = target.connection,
            .tls_name =
                target.tls_name.empty() ? nullptr : std::make_unique<std::string>(target.tls_name),
            .endpoint = target.peer,
            .transport = target.transport};
}

sip::Target Peer::target() const {
    return {.interface = interface,
            .peer = endpoint,
            .transport = transport,
            .connection = connection,
            .tls_name = tls_name ? *tls_name : std::string{}};
}

std::uint32_t Slots::acquire() {
    if (free_ == kNoSlot) {
        const auto first = static_cast<std::uint32_t>(chunks_.size()) * kChunk;
        chunks_.push_back(std::make_unique<std::array<Slot, kChunk>>());
        for (std::uint32_t i = kChunk; i-- > 0;) {
            (*this)[first + i].partner = free_;
            free_ = first + i;
        }
    }
    const std::uint32_t n = free_;
    free_ = std::exchange((*this)[n].partner, kNoSlot);
    ++used_;
    return n;
}

void Slots::release(std::uint32_t n) {
    Slot& slot = (*this)[n];
    const std::uint32_t generation = slot.generation + 1;
    slot = Slot{};
    slot.generation = generation == 0 ? 1 : generation;  // a key must never be zero
    slot.partner = free_;
    free_ = n;
    --used_;
}

Key Slots::key(std::uint32_t n) const {
    return Key{std::uint64_t{(*this)[n].generation} << 32U | n};
}

std::uint32_t Slots::find(Key key) const {
    const auto n = static_cast<std::uint32_t>(key.value);
    if (!has(n)) {
        return kNoSlot;
    }
    const Slot& slot = (*this)[n];
    return slot.kind != Kind::Free && slot.generation == key.value >> 32U ? n : kNoSlot;
}

}  // namespace causeway::transaction
