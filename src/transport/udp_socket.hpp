#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace causeway::transport {

/// Opens, sets up and binds a non-blocking UDP socket: its own family only, no address reuse (a
/// second daemon must fail here), big answers fragmented, returned errors queued. `buffer` is asked
/// of the kernel for each direction; a kernel that gives less is logged.
/// Io: names the address, and who holds it where that can be seen.
[[nodiscard]] Result<boost::asio::posix::stream_descriptor> open_udp(boost::asio::io_context& io,
                                                                     const Endpoint& local,
                                                                     int buffer);

}  // namespace causeway::transport
