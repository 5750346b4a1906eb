#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace causeway::testing {

/// The service manager's end of sd_notify(3). Owns: the socket; its path goes with the directory.
class NotifySocket {
public:
    explicit NotifySocket(std::string path)
        : path_(std::move(path)),
          fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        EXPECT_LT(path_.size(), sizeof address.sun_path);
        std::memcpy(&address.sun_path, path_.data(), path_.size());
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's way
        EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~NotifySocket() { ::close(fd_); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;
    NotifySocket(NotifySocket&&) = delete;
    NotifySocket& operator=(NotifySocket&&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int fd() const { return fd_; }
    /// All that was said until now, oldest first.
    const std::vector<std::string>& messages() {
        std::array<char, 4096> buffer{};
        for (ssize_t n = 0; (n = ::recv(fd_, buffer.data(), buffer.size(), 0)) >= 0;) {
            messages_.emplace_back(buffer.data(), static_cast<std::size_t>(n));
        }
        return messages_;
    }

private:
    std::string path_;
    int fd_;
    std::vector<std::string> messages_;
};

}  // namespace causeway::testing
