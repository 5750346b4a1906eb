#pragma once

#include "text.hpp"

#include "causeway/transaction/layer.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace causeway::transaction {

/// The actions not yet polled, and the bytes their Transmits view. Bytes that belong to no
/// transaction (any more) are kept until everything has been polled and the next mutation begins,
/// so an owner may call the layer in the middle of draining it.
/// Owns: actions and kept bytes. Thread: its owner's.
class Outbox {
public:
    /// A mutation begins: what was polled before is not looked at any more.
    void begin();
    void push(Action action);
    /// Takes over bytes that nothing else holds.
    std::string_view keep(Text text);
    /// Gives up bytes that a waiting Transmit may still view.
    void retire(Text text);
    std::optional<Action> poll();

private:
    [[nodiscard]] bool is_drained() const { return head_ == actions_.size(); }

    std::vector<Action> actions_;  ///< from `head_` on; restarts at 0 when drained
    std::size_t head_{};
    std::vector<Text> kept_;
};

}  // namespace causeway::transaction
