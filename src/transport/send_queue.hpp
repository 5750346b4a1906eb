#pragma once

#include "socket_address.hpp"

#include "causeway/transaction/layer.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::transport {

/// Datagrams on their way out of one socket, in order. Bounded: what does not fit is refused, since
/// SIP repeats what is lost. Thread: one. Owns: copies of the bytes; their memory is used again.
class SendQueue {
public:
    /// False: full, nothing was taken.
    [[nodiscard]] bool push(transaction::Key key, const Endpoint& to, std::string_view bytes);

    /// Offers the oldest ones to the kernel by one sendmmsg(2) and forgets those it took: how many,
    /// or a negative errno that is about the oldest one or a pending error of the socket.
    int send(int fd);

    /// The key of the oldest one, which is forgotten.
    transaction::Key drop_oldest();

    [[nodiscard]] bool empty() const { return head_ == tail_; }
    /// How many `send` would offer.
    [[nodiscard]] std::size_t offered() const;

private:
    struct Outgoing {
        transaction::Key key;
        SocketAddress to;
        std::string bytes;
    };
    void forget(std::size_t count);

    std::vector<Outgoing> entries_;  ///< waiting: [head_, tail_); the rest is memory to use again
    std::size_t head_{};
    std::size_t tail_{};
    std::size_t bytes_{};
};

}  // namespace causeway::transport
