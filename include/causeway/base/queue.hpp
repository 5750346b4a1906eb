#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace causeway {

/// First in, first out, for queues that are empty most of the time: an empty one that was never
/// used holds no memory (std::deque takes half a kilobyte on construction, twice a leg and once a
/// call). Thread: its owner's. Owns: its values.
template <class T>
class Queue {
public:
    [[nodiscard]] bool empty() const { return head_ == values_.size(); }
    void push_back(T value) { values_.push_back(std::move(value)); }
    /// The oldest value, or nothing.
    [[nodiscard]] std::optional<T> pop() {
        if (empty()) {
            return std::nullopt;
        }
        std::optional<T> value(std::move(values_[head_++]));
        if (empty()) {
            values_.clear();
            head_ = 0;
        }
        return value;
    }

private:
    std::vector<T> values_;  ///< from `head_` on; begins anew when drained
    std::size_t head_{};
};

}  // namespace causeway
