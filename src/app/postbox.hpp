#pragma once

#include "watch.hpp"

#include "causeway/base/mailbox.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace causeway::app {

/// Work that the thread of an io_context does for others: bounded, in order, a few pieces at a time
/// so that nothing else on that thread waits long. Thread: `post` any. Owns: what waits.
class Postbox {
public:
    using Task = std::function<void()>;

    /// Told before and after the pieces of one wakeup.
    enum class Edge : std::uint8_t { Begin, End };
    using Around = std::function<void(Edge)>;

    Postbox(boost::asio::io_context& io, std::size_t capacity, Around around = {})
        : box_(capacity), around_(std::move(around)), watch_(io, box_.fd(), [this] {
              work();
              return Watch::Then::Resume;
          }) {}

    /// False: full, nothing was taken.
    [[nodiscard]] bool post(Task task) { return box_.push(std::move(task)); }

private:
    static constexpr int kAtATime = 4;

    void work() {
        if (around_) {
            around_(Edge::Begin);
        }
        box_.hush();
        for (int done = 0; done < kAtATime; ++done) {
            auto task = box_.pop();
            if (!task) {
                break;
            }
            (*task)();
            if (done + 1 == kAtATime) {
                box_.ring();  // there may be more; the sockets come first
            }
        }
        if (around_) {
            around_(Edge::End);
        }
    }

    Mailbox<Task> box_;
    Around around_;
    Watch watch_;
};

}  // namespace causeway::app
