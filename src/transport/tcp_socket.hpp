#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <optional>

namespace causeway::transport {

/// Listens on a TCP address. A second daemon fails here; connections that we open later may share
/// the port (`open_connection`), and so may what a former life of ours has left in TIME_WAIT.
/// Io: names the address, and who holds it where that can be seen.
[[nodiscard]] Result<boost::asio::posix::stream_descriptor> open_listener(
    boost::asio::io_context& io, const Endpoint& local);

/// Begins to connect, from `local` if the kernel allows it, else from another port of that address
/// (it does not while a former connection between the same two ports is in TIME_WAIT). Io: refused
/// at once.
[[nodiscard]] Result<boost::asio::posix::stream_descriptor> open_connection(
    boost::asio::io_context& io, const Endpoint& local, const Endpoint& peer);

/// One that accept(2) has returned; empty if it cannot be used.
std::optional<boost::asio::posix::stream_descriptor> adopt_connection(boost::asio::io_context& io,
                                                                      int fd);

}  // namespace causeway::transport
