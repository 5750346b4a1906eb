#pragma once

#include "causeway/base/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace causeway::testing {

/// A connection to an HTTP server that says exactly what a test wants.
class HttpClient {
public:
    explicit HttpClient(const Endpoint& to)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(to.port);
        ::inet_pton(AF_INET, to.ip.to_string().c_str(), &address.sin_addr);
        static_cast<void>(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address));
    }
    ~HttpClient() { ::close(fd_); }
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    HttpClient(HttpClient&&) = delete;
    HttpClient& operator=(HttpClient&&) = delete;

    bool say(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// What comes until the other end closes, `enough` stands in it, or patience ends.
    std::string hear(std::string_view enough = {}, int patience_ms = 20'000) {
        std::string text;
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
        while (enough.empty() || text.find(enough) == std::string::npos) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd watched{fd_, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) <= 0) {
                return text + "(silence)";
            }
            std::array<char, 65536> buffer{};
            const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                break;
            }
            text.append(buffer.data(), static_cast<std::size_t>(got));
        }
        return text;
    }

private:
    int fd_;
};

}  // namespace causeway::testing
