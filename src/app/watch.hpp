#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <utility>

namespace causeway::app {

/// Calls somebody whenever a descriptor of somebody else's can be read.
/// Thread: that of the io_context; made before it runs, or there.
class Watch {
public:
    /// `on_readable` says whether to watch on; if not, `resume` does. `fd` outlives this.
    enum class Then : bool { Pause, Resume };
    Watch(boost::asio::io_context& io, int fd, std::function<Then()> on_readable)
        : descriptor_(io, fd), on_readable_(std::move(on_readable)) {
        resume();
    }
    ~Watch() { descriptor_.release(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    Watch(Watch&&) = delete;
    Watch& operator=(Watch&&) = delete;

    void resume() {
        descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                               [this](const boost::system::error_code& error) {
                                   if (!error && on_readable_() == Then::Resume) {
                                       resume();
                                   }
                               });
    }

private:
    boost::asio::posix::stream_descriptor descriptor_;
    std::function<Then()> on_readable_;
};

}  // namespace causeway::app
