#include "receive_batch.hpp"

#include <cerrno>

namespace causeway::transport {
namespace {

/// No UDP datagram is larger (jumbograms aside, which no SIP peer sends).
constexpr std::size_t kDatagram = 65535;

}  // namespace

ReceiveBatch::ReceiveBatch(std::size_t capacity)
    : buffer_(std::make_unique_for_overwrite<std::byte[]>(capacity * kDatagram)),
      peers_(capacity),
      vectors_(capacity),
      headers_(capacity) {
    for (std::size_t i = 0; i < capacity; ++i) {
        vectors_[i] = {.iov_base = buffer_.get() + i * kDatagram, .iov_len = kDatagram};
        msghdr& header = headers_[i].msg_hdr;
        header = {};
        header.msg_name = peers_[i].data();
        header.msg_iov = &vectors_[i];
        header.msg_iovlen = 1;
    }
}

int ReceiveBatch::read(int fd) {
    for (mmsghdr& header : headers_) {
        header.msg_hdr.msg_namelen = SocketAddress::capacity();
    }
    const int count = ::recvmmsg(fd, headers_.data(), static_cast<unsigned>(headers_.size()),
                                 MSG_DONTWAIT, nullptr);
    return count >= 0 ? count : -errno;
}

std::span<const std::byte> ReceiveBatch::bytes(std::size_t index) const {
    return {buffer_.get() + index * kDatagram, headers_[index].msg_len};
}

}  // namespace causeway::transport
