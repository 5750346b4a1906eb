#include "stream_conn.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace causeway::transport {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;

/// Reads before the loop turns to other sockets again.
constexpr int kReadsPerWakeup = 4;

Patience::Opened opened_by(const StreamConn::Options& options) {
    if (options.source.is_dialled) {
        return Patience::Opened::ByUs;
    }
    return options.standing == port::Wire::Standing::Known ? Patience::Opened::ByPeer
                                                           : Patience::Opened::ByStranger;
}

Time now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

StreamConn::StreamConn(Descriptor socket, const Options& options, const Deadlines& deadlines,
                       Owner& owner)
    : socket_(std::move(socket)),
      options_(options),
      owner_(owner),
      patience_(deadlines, opened_by(options), now()),
      queue_(options.most_queued, *options.budget),
      connected_(!options.source.is_dialled) {
    if (connected_) {
        wait_readable();
    } else {
        wait_writable();
    }
}

void StreamConn::wait_readable() {
    socket_.async_wait(Descriptor::wait_read, [this, alive = std::weak_ptr<const bool>(alive_)](
                                                  const boost::system::error_code& cancelled) {
        if (!cancelled && !alive.expired() && is_open()) {
            on_readable();
        }
    });
}

void StreamConn::wait_writable() {
    blocked_ = true;
    socket_.async_wait(Descriptor::wait_write, [this, alive = std::weak_ptr<const bool>(alive_)](
                                                   const boost::system::error_code& cancelled) {
        if (!cancelled && !alive.expired() && is_open()) {
            blocked_ = false;
            on_writable();
        }
    });
}

void StreamConn::on_writable() {
    if (!connected_) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            fail(error == ETIMEDOUT ? Errc::Timeout : Errc::Io);
            return;
        }
        connected_ = true;
        patience_.connected();
        wait_readable();
    }
    flush();
}

void StreamConn::on_readable() {
    bool has_frames = false;
    reading_ = true;
    for (int i = 0; i < kReadsPerWakeup && is_open(); ++i) {
        const ssize_t count = ::recv(socket_.native_handle(), options_.room.data(),
                                     options_.room.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && errno == EAGAIN) {
            break;
        }
        if (count <= 0) {
            on_end(count == 0);
            break;
        }
        if (!finishing_) {
            has_frames = take(static_cast<std::size_t>(count)) || has_frames;
        }
    }
    reading_ = false;
    if (is_open()) {
        wait_readable();
    }
    if (has_frames) {
        owner_.on_frames_end();
    }
}

void StreamConn::on_end(bool is_orderly) {
    if (is_orderly) {
        flush();  // it may have closed its own direction only
    }
    end(Errc::Io, lost(is_orderly));
}

/// What a peer read on its own connection before an orderly end it may answer on another one (RFC
/// 3261 §18.2.2); after a reset nobody knows what it read. What we asked on ours is answered there,
/// and an end in the middle of it is what a process that died looks like.
std::vector<transaction::Key> StreamConn::lost(bool is_orderly) const {
    return is_orderly && !options_.source.is_dialled ? queue_.unsent() : queue_.all();
}

void StreamConn::notice_end() {
    if (!connected_ || reading_ || !is_open()) {
        return;
    }
    std::byte next{};
    const ssize_t count =
        ::recv(socket_.native_handle(), &next, sizeof next, MSG_PEEK | MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        on_end(count == 0);
    }
}

/// True if there was a frame.
bool StreamConn::take(std::size_t count) {
    bool has_frames = false;
    framer_.push(options_.room.first(count));
    while (!finishing_ && is_open()) {
        const auto frame = framer_.poll();
        if (!frame) {
            break;
        }
        has_frames = true;
        patience_.message_ended();
        owner_.on_frame(*this, *frame);
    }
    if (!finishing_ && !framer_.is_in_message()) {
        patience_.message_ended();  // it may have been the first half of a line end
    } else if (!finishing_ && !patience_.is_in_message()) {
        patience_.message_began(now());
    }
    return has_frames;
}

bool StreamConn::send(transaction::Key key, std::string_view bytes) {
    if (!queue_.push(key, bytes)) {
        return false;
    }
    patience_.used(now());
    return true;
}

void StreamConn::flush() {
    while (connected_ && !blocked_ && is_open() && !queue_.empty()) {
        const std::string_view waiting = queue_.waiting();
        const ssize_t count = ::send(socket_.native_handle(), waiting.data(), waiting.size(),
                                     MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) {
            queue_.took(static_cast<std::size_t>(count));
            patience_.moved();
        } else if (errno == EAGAIN) {
            patience_.stuck(now());
            wait_writable();
        } else if (errno != EINTR) {
            fail(Errc::Io);
        }
    }
    if (finishing_ && is_open() && queue_.empty()) {
        shut();
    }
}

void StreamConn::shut() {
    if (!std::exchange(shut_, true)) {
        ::shutdown(socket_.native_handle(), SHUT_WR);
    }
}

void StreamConn::welcome() {
    patience_.welcomed();
    patience_.used(now());
}

void StreamConn::finish() {
    if (!std::exchange(finishing_, true)) {
        patience_.finishing(now());
    }
}

void StreamConn::check(Time at) {
    if (is_open() && patience_.due() <= at) {
        end(Errc::Timeout, lost(queue_.empty()));
    }
}

void StreamConn::end(Errc code, std::vector<transaction::Key> lost) {
    if (!is_open()) {
        return;
    }
    boost::system::error_code ignored;
    socket_.close(ignored);
    owner_.on_gone(*this, code, std::move(lost));
}

void StreamConn::close() {
    flush();
    if (!is_open()) {
        return;
    }
    shut();
    // What lies unread would make the kernel reset the connection and our last bytes with it.
    for (int i = 0; i < kReadsPerWakeup; ++i) {
        if (::recv(socket_.native_handle(), options_.room.data(), options_.room.size(),
                   MSG_DONTWAIT) <= 0) {
            break;
        }
    }
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace causeway::transport
