#include "send_queue.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace causeway::transport {
namespace {

constexpr std::size_t kMaxDatagrams = 4096;
constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;
constexpr std::size_t kPerCall = 64;  ///< offered to one sendmmsg
constexpr std::size_t kKept = 64;     ///< entries whose memory outlives a burst

}  // namespace

bool SendQueue::push(transaction::Key key, const Endpoint& to, std::string_view bytes) {
    if (bytes_ + bytes.size() > kMaxBytes) {
        return false;
    }
    if (tail_ == kMaxDatagrams) {
        if (head_ < kMaxDatagrams / 2) {
            return false;  // moving the rest down pays only when much has gone
        }
        std::rotate(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_),
                    entries_.end());
        tail_ -= head_;
        head_ = 0;
    }
    if (tail_ == entries_.size()) {
        entries_.emplace_back();
    }
    Outgoing& entry = entries_[tail_++];
    entry.key = key;
    entry.to = SocketAddress(to);
    entry.bytes.assign(bytes);
    bytes_ += bytes.size();
    return true;
}

std::size_t SendQueue::offered() const {
    return std::min(tail_ - head_, kPerCall);
}

int SendQueue::send(int fd) {
    std::array<iovec, kPerCall> vectors;
    std::array<mmsghdr, kPerCall> headers;
    const std::size_t count = offered();
    for (std::size_t i = 0; i < count; ++i) {
        Outgoing& entry = entries_[head_ + i];
        vectors[i] = {.iov_base = entry.bytes.data(), .iov_len = entry.bytes.size()};
        headers[i] = {};
        headers[i].msg_hdr.msg_name = entry.to.data();
        headers[i].msg_hdr.msg_namelen = entry.to.size();
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent =
        ::sendmmsg(fd, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        return -errno;
    }
    forget(static_cast<std::size_t>(sent));
    return sent;
}

transaction::Key SendQueue::drop_oldest() {
    const transaction::Key key = entries_[head_].key;
    forget(1);
    return key;
}

void SendQueue::forget(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes_ -= entries_[head_ + i].bytes.size();
    }
    head_ += count;
    if (head_ != tail_) {
        return;
    }
    head_ = 0;
    tail_ = 0;
    if (entries_.size() > kKept) {
        entries_.resize(kKept);
    }
}

}  // namespace causeway::transport
