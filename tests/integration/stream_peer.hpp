#pragma once

#include "causeway/base/endpoint.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::testing {

/// The other end of a TCP connection, without a thought of its own: non-blocking, for a test that
/// runs the loop under test between its looks. Owns: the socket.
class StreamPeer {
public:
    /// Connects from `from` (port 0: any) and waits until the kernel has.
    static StreamPeer connect(const Endpoint& to, const Endpoint& from);
    explicit StreamPeer(int fd) : fd_(fd) {}
    StreamPeer(StreamPeer&& other) noexcept
        : got_(std::move(other.got_)), fd_(std::exchange(other.fd_, -1)) {}
    StreamPeer& operator=(StreamPeer&& other) noexcept;
    StreamPeer(const StreamPeer&) = delete;
    StreamPeer& operator=(const StreamPeer&) = delete;
    ~StreamPeer() { close(); }

    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    [[nodiscard]] Endpoint local() const;   ///< our end
    [[nodiscard]] Endpoint remote() const;  ///< the other
    /// True if all of it was taken.
    bool send(std::string_view bytes);
    /// Everything that has come until now.
    const std::string& got();
    /// True once the other end has closed or reset the connection.
    bool is_closed();
    void close();
    void finish();  ///< says that nothing more comes from here (FIN)
    void reset();   ///< closes with RST

private:
    std::string got_;
    int fd_;
    bool closed_{};
};

/// A listening TCP socket of a test.
class StreamServer {
public:
    explicit StreamServer(const Endpoint& local);
    ~StreamServer() { close(); }
    StreamServer(const StreamServer&) = delete;
    StreamServer& operator=(const StreamServer&) = delete;
    StreamServer(StreamServer&&) = delete;
    StreamServer& operator=(StreamServer&&) = delete;

    [[nodiscard]] const Endpoint& local() const { return local_; }
    /// The next connection; not open: none waits.
    [[nodiscard]] StreamPeer accept() const;
    void close();

private:
    Endpoint local_;
    int fd_;
};

}  // namespace causeway::testing
