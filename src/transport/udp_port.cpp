#include "udp_port.hpp"

#include "error_queue.hpp"
#include "socket_setup.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace causeway::transport {
namespace {

/// Batches read before the loop turns to timers and other sockets again.
constexpr int kBatchesPerWakeup = 8;
constexpr int kReturnedPerRead = 256;
/// A refusal may be the pending error of an earlier datagram, which any call on the socket reports
/// once; only one that keeps coming is about the datagram itself.
constexpr int kRefusals = 3;
constexpr std::chrono::milliseconds kRetry{1};

/// Nothing but CR and LF, or nothing at all: keeps a NAT binding open (RFC 5626 §3.5.1), says
/// nothing.
bool is_keep_alive(std::span<const std::byte> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) {
        return byte == std::byte{'\r'} || byte == std::byte{'\n'};
    });
}

}  // namespace

UdpPort::UdpPort(boost::asio::io_context& io, boost::asio::posix::stream_descriptor socket,
                 InterfaceId interface, ReceiveBatch& batch, Owner& owner)
    : socket_(std::move(socket)),
      retry_(io),
      interface_(interface),
      local_(local_endpoint(socket_.native_handle())),
      batch_(batch),
      owner_(owner) {
    wait_readable();
}

void UdpPort::wait_readable() {
    socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this, alive = std::weak_ptr<const bool>(alive_)](
                           const boost::system::error_code& cancelled) {
                           if (!cancelled && !alive.expired() && socket_.is_open()) {
                               on_readable();
                           }
                       });
}

void UdpPort::on_readable() {
    for (int round = 0; round < kBatchesPerWakeup && socket_.is_open(); ++round) {
        const int count = batch_.read(socket_.native_handle());
        if (count > 0) {
            deliver(static_cast<std::size_t>(count));
            if (static_cast<std::size_t>(count) < batch_.capacity()) {
                break;
            }
            continue;
        }
        read_returned();
        if (count == -EAGAIN) {
            break;
        }
    }
    if (socket_.is_open()) {
        wait_readable();
    }
}

void UdpPort::deliver(std::size_t count) {
    for (std::size_t i = 0; i < count && socket_.is_open(); ++i) {
        const std::span<const std::byte> bytes = batch_.bytes(i);
        if (is_keep_alive(bytes)) {
            continue;
        }
        ++counters_.received;
        owner_.on_datagram(bytes,
                           {.interface = interface_,
                            .peer = batch_.peer(i),
                            .transport = sip::Transport::Udp,
                            .connection = {}},
                           batch_.waited(i));
    }
    if (socket_.is_open()) {
        owner_.on_batch_end();
    }
}

void UdpPort::send(transaction::Key key, const Endpoint& to, std::string_view bytes) {
    bool queued = queue_.push(key, to, bytes);
    if (!queued) {
        flush();
        queued = queue_.push(key, to, bytes);
    }
    if (!queued) {
        ++counters_.send_failed;
        return;
    }
    sent_->remember(key, to, bytes);
}

void UdpPort::flush() {
    while (!queue_.empty() && socket_.is_open()) {
        const std::size_t offered = queue_.offered();
        const int sent = queue_.send(socket_.native_handle());
        if (sent < 0) {
            if (sent == -EAGAIN) {
                retry_later();
                return;
            }
            settle(-sent);
            continue;
        }
        refusals_ = 0;
        counters_.sent += static_cast<std::uint64_t>(sent);
        if (static_cast<std::size_t>(sent) < offered) {
            read_returned();  // the call does not say what stopped it
        }
    }
}

void UdpPort::settle(int error) {
    if (error == EINTR) {
        return;
    }
    if (error == ENOBUFS || error == ENOMEM) {
        queue_.drop_oldest();  // a full device queue loses datagrams as any network does
        ++counters_.send_failed;
        return;
    }
    read_returned();
    if (++refusals_ == kRefusals) {
        give_up_oldest();
    }
}

void UdpPort::give_up_oldest() {
    refusals_ = 0;
    ++counters_.send_failed;
    owner_.on_undeliverable(queue_.drop_oldest(), Errc::Io);
}

void UdpPort::read_returned() {
    for (int i = 0; i < kReturnedPerRead; ++i) {
        const std::optional<Returned> returned = read_error_queue(socket_.native_handle());
        if (!returned) {
            return;
        }
        if (!returned->is_unreachable) {
            continue;
        }
        if (const auto key = sent_->find(returned->to, returned->bytes)) {
            ++counters_.send_failed;
            owner_.on_undeliverable(*key, Errc::Io);
        }
    }
}

/// By timer: Asio's reactor, once asked to wait for room, never takes the request back from the
/// kernel and would be woken for every datagram that leaves ever after.
void UdpPort::retry_later() {
    if (std::exchange(retrying_, true)) {
        return;
    }
    retry_.expires_after(kRetry);
    retry_.async_wait([this, alive = std::weak_ptr<const bool>(alive_)](
                          const boost::system::error_code& cancelled) {
        if (!cancelled && !alive.expired()) {
            retrying_ = false;
            flush();
        }
    });
}

void UdpPort::close() {
    flush();
    boost::system::error_code ignored;
    socket_.close(ignored);
    retry_.cancel();
}

}  // namespace causeway::transport
