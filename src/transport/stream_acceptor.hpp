#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/id.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace causeway::transport {

/// One listening TCP socket. Without descriptors or memory it pauses and leaves those who come in
/// the kernel's queue. Thread: sip. Owns: the socket.
class StreamAcceptor {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void on_accepted(boost::asio::posix::stream_descriptor socket, const Endpoint& peer,
                                 InterfaceId interface) = 0;
    };

    StreamAcceptor(boost::asio::io_context& io, boost::asio::posix::stream_descriptor socket,
                   InterfaceId interface, Owner& owner);
    ~StreamAcceptor() = default;
    StreamAcceptor(const StreamAcceptor&) = delete;
    StreamAcceptor& operator=(const StreamAcceptor&) = delete;
    StreamAcceptor(StreamAcceptor&&) = delete;
    StreamAcceptor& operator=(StreamAcceptor&&) = delete;

    [[nodiscard]] InterfaceId interface() const { return interface_; }
    [[nodiscard]] const Endpoint& local() const { return local_; }
    void close();

private:
    void wait();
    void accept();
    void pause(int error);

    boost::asio::io_context& io_;
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer pause_;
    InterfaceId interface_;
    Endpoint local_;
    Owner& owner_;
    bool paused_before_{};  ///< said so in the log already
    std::shared_ptr<const bool> alive_{std::make_shared<const bool>(true)};
};

}  // namespace causeway::transport
