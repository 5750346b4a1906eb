#pragma once

#include "causeway/base/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace causeway::testing {

/// What came of a request; status 0: no answer within five seconds.
struct HttpAnswer {
    int status{};
    std::string head;
    std::string body;
};

/// GET of a path, on a connection of its own; waits for the answer.
inline HttpAnswer http_get(const Endpoint& server, const std::string& path) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{5, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    ::inet_pton(AF_INET, server.ip.to_string().c_str(), &address.sin_addr);
    std::string text;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const std::string request = "GET " + path + " HTTP/1.1\r\nHost: " + server.to_string() +
                                    "\r\nConnection: close\r\n\r\n";
        std::array<char, 65536> buffer{};
        ssize_t got = ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
        while (got > 0) {
            got = ::recv(fd, buffer.data(), buffer.size(), 0);
            text.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        }
    }
    ::close(fd);
    const std::size_t end = text.find("\r\n\r\n");
    if (text.rfind("HTTP/1.1 ", 0) != 0 || end == std::string::npos) {
        return {};
    }
    return {std::atoi(text.c_str() + 9), text.substr(0, end), text.substr(end + 4)};
}

}  // namespace causeway::testing
