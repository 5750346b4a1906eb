#include "outbox.hpp"

#include <utility>

namespace causeway::transaction {

namespace {

/// Capacity beyond this is given back after a burst (a wheel tick with many timers).
constexpr std::size_t kKeptCapacity = 1024;

template <class T>
void reset(std::vector<T>& vector) {
    vector.clear();
    if (vector.capacity() > kKeptCapacity) {
        vector.shrink_to_fit();
    }
}

}  // namespace

void Outbox::begin() {
    if (is_drained()) {
        reset(kept_);
    }
}

void Outbox::push(Action action) {
    actions_.push_back(std::move(action));
}

std::string_view Outbox::keep(Text text) {
    return kept_.emplace_back(std::move(text)).view();
}

void Outbox::retire(Text text) {
    if (!is_drained()) {
        kept_.push_back(std::move(text));
    }
}

std::optional<Action> Outbox::poll() {
    if (is_drained()) {
        return std::nullopt;
    }
    std::optional<Action> action(std::move(actions_[head_++]));
    if (is_drained()) {
        reset(actions_);
        head_ = 0;
    }
    return action;
}

}  // namespace causeway::transaction
