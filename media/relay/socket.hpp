#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace causeway::relay {

/// How a media socket is bound.
struct Binding {
    Endpoint local;
    std::uint8_t dscp{};
};

/// A datagram that was read.
struct Datagram {
    std::size_t size{};  ///< as it was on the wire; larger than the buffer: cut off
    Endpoint from;
};

/// A non-blocking UDP socket bound to one address and port. Unconnected it hears everybody; a
/// connected one sends without a route lookup per packet and hears its peer (and what was queued
/// before). Thread: its owner's. Owns: the descriptor. Fails: at `bind`.
class Socket {
public:
    Socket() = default;
    ~Socket();
    Socket(Socket&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)),
          family_(other.family_),
          is_connected_(other.is_connected_) {}
    Socket& operator=(Socket&& other) noexcept;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    /// The error is an errno: EADDRINUSE is expected now and then.
    [[nodiscard]] static Result<Socket, int> bind(const Binding& binding);

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    /// The next datagram, or nothing if none waits.
    [[nodiscard]] std::optional<Datagram> receive(std::span<std::byte> buffer) noexcept;
    /// False: the operating system would not take it.
    [[nodiscard]] bool send(std::span<const std::byte> packet, const Endpoint& to) noexcept;
    /// From now on packets go to `peer` only.
    void connect(const Endpoint& peer) noexcept;
    void disconnect() noexcept;

private:
    Socket(int fd, int family) : fd_(fd), family_(family) {}

    int fd_{-1};
    int family_{};
    bool is_connected_{};
};

}  // namespace causeway::relay
