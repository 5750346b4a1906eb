#pragma once

#include <atomic>
#include <thread>

namespace causeway {

/// Remembers the thread of its first use and tells whether later uses come from the same one.
/// Everything has one owner thread; this is how the rule runs.
class ThreadCheck {
public:
    /// True on the owner's thread; the first caller becomes the owner.
    [[nodiscard]] bool is_owner() const {
        std::thread::id none;
        const std::thread::id self = std::this_thread::get_id();
        return owner_.compare_exchange_strong(none, self, std::memory_order_relaxed) ||
               none == self;
    }
    /// Forgets the owner: the object is handed to another thread (before it runs there).
    void release() { owner_.store(std::thread::id{}, std::memory_order_relaxed); }

private:
    mutable std::atomic<std::thread::id> owner_{};
};

}  // namespace causeway
