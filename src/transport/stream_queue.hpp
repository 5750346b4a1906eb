#pragma once

#include "causeway/transaction/layer.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::transport {

/// Bytes that wait on all connections together. Thread: one.
struct QueueBudget {
    std::size_t most{};
    std::size_t used{};
};

/// What goes out on one connection, in order, and under which keys: should the connection fail,
/// their owners must hear of it. Of what has left the newest 4,096 keys are remembered; an older
/// one has long had its answer or its timer. Thread: one. Owns: copies of the bytes; none when all
/// has left.
class StreamQueue {
public:
    /// At most `most` bytes; `budget` is its owner's and outlives it.
    StreamQueue(std::size_t most, QueueBudget& budget) : most_(most), budget_(budget) {}
    ~StreamQueue() { budget_.used -= waiting().size(); }
    StreamQueue(const StreamQueue&) = delete;
    StreamQueue& operator=(const StreamQueue&) = delete;
    StreamQueue(StreamQueue&&) = delete;
    StreamQueue& operator=(StreamQueue&&) = delete;

    /// False: full, or the budget is used up; nothing was taken.
    [[nodiscard]] bool push(transaction::Key key, std::string_view bytes);

    [[nodiscard]] std::string_view waiting() const { return std::string_view(bytes_).substr(at_); }
    [[nodiscard]] bool empty() const { return at_ == bytes_.size(); }
    /// The kernel took so many of `waiting`.
    void took(std::size_t count);

    /// The keys of what has not left, or not wholly.
    [[nodiscard]] std::vector<transaction::Key> unsent() const;
    /// Those and the remembered ones.
    [[nodiscard]] std::vector<transaction::Key> all() const;

private:
    struct Mark {
        transaction::Key key;
        std::size_t end{};  ///< in `bytes_`
    };
    void remember(transaction::Key key);

    std::size_t most_;
    QueueBudget& budget_;
    std::string bytes_;
    std::size_t at_{};
    std::deque<Mark> marks_;
    std::vector<transaction::Key> sent_;  ///< a ring once it is full
    std::size_t oldest_{};
};

}  // namespace causeway::transport
