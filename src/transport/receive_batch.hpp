#pragma once

#include "socket_address.hpp"

#include "causeway/base/endpoint.hpp"
#include "causeway/base/time.hpp"

#include <sys/socket.h>
#include <time.h>

#include <array>
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
    /// How long it had waited in the kernel when it was read, by the wall clock: 0 if that was set
    /// back meanwhile, or if the socket gives no time stamps (SO_TIMESTAMPNS).
    [[nodiscard]] Millis waited(std::size_t index) const;
    [[nodiscard]] std::size_t capacity() const { return headers_.size(); }

private:
    /// Room for one SCM_TIMESTAMPNS.
    struct alignas(cmsghdr) Control {
        std::array<std::byte, CMSG_SPACE(sizeof(timespec))> bytes;
    };

    std::unique_ptr<std::byte[]> buffer_;
    std::vector<SocketAddress> peers_;
    std::vector<iovec> vectors_;
    std::vector<Control> controls_;
    std::vector<mmsghdr> headers_;
    timespec read_at_{};
};

}  // namespace causeway::transport
