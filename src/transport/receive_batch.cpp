#include "receive_batch.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace causeway::transport {
namespace {

/// No UDP datagram is larger (jumbograms aside, which no SIP peer sends).
constexpr std::size_t kDatagram = 65535;

std::chrono::nanoseconds since_epoch(const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

ReceiveBatch::ReceiveBatch(std::size_t capacity)
    : buffer_(std::make_unique_for_overwrite<std::byte[]>(capacity * kDatagram)),
      peers_(capacity),
      vectors_(capacity),
      controls_(capacity),
      headers_(capacity) {
    for (std::size_t i = 0; i < capacity; ++i) {
        vectors_[i] = {.iov_base = buffer_.get() + i * kDatagram, .iov_len = kDatagram};
        msghdr& header = headers_[i].msg_hdr;
        header = {};
        header.msg_name = peers_[i].data();
        header.msg_iov = &vectors_[i];
        header.msg_iovlen = 1;
        header.msg_control = controls_[i].bytes.data();
    }
}

int ReceiveBatch::read(int fd) {
    for (mmsghdr& header : headers_) {
        header.msg_hdr.msg_namelen = SocketAddress::capacity();
        header.msg_hdr.msg_controllen = sizeof(Control);
    }
    const int count = ::recvmmsg(fd, headers_.data(), static_cast<unsigned>(headers_.size()),
                                 MSG_DONTWAIT, nullptr);
    if (count < 0) {
        return -errno;
    }
    ::clock_gettime(CLOCK_REALTIME, &read_at_);
    return count;
}

Millis ReceiveBatch::waited(std::size_t index) const {
    const msghdr& header = headers_[index].msg_hdr;
    const cmsghdr* const control = CMSG_FIRSTHDR(&header);
    if (control == nullptr || control->cmsg_level != SOL_SOCKET ||
        control->cmsg_type != SCM_TIMESTAMPNS) {
        return Millis{0};
    }
    timespec arrived{};
    std::memcpy(&arrived, CMSG_DATA(control), sizeof arrived);
    return std::max(Millis{0}, std::chrono::duration_cast<Millis>(since_epoch(read_at_) -
                                                                  since_epoch(arrived)));
}

std::span<const std::byte> ReceiveBatch::bytes(std::size_t index) const {
    return {buffer_.get() + index * kDatagram, headers_[index].msg_len};
}

}  // namespace causeway::transport
