#pragma once

#include "socket_address.hpp"

#include "causeway/base/endpoint.hpp"

#include <sys/socket.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace causeway::transport {

/// Room for the datagrams of one recvmmsg(2), used again for every read of every socket. Pages are
/// touched only as far as datagrams reach. Thread: one. Owns: its buffers.
class ReceiveBatch {
public:
    explicit ReceiveBatch(std::size_t capacity);

    /// Reads what is there without waiting: how many datagrams, or a negative errno.
    int read(int fd);

    /// Datagram `index` of the last read; it holds until the next.
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t index) const;
    [[nodiscard]] Endpoint peer(std::size_t index) const { return peers_[index].endpoint(); }
    [[nodiscard]] std::size_t capacity() const { return headers_.size(); }

private:
    std::unique_ptr<std::byte[]> buffer_;
    std::vector<SocketAddress> peers_;
    std::vector<iovec> vectors_;
    std::vector<mmsghdr> headers_;
};

}  // namespace causeway::transport
