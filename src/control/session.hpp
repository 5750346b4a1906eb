#pragma once

#include "access.hpp"
#include "router.hpp"

#include "causeway/control/control.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace causeway::control {

/// What all connections of a listener share. Outlives it as long as one of them is open.
struct Shared {
    Shared(Options given, std::uint16_t own_port)
        : options(std::move(given)),
          port(own_port),
          gate(options.access, options.tokens),
          router(options.routes) {}

    Options options;
    std::uint16_t port;
    Gate gate;
    Router router;
    std::size_t sessions{};
};

/// One connection: a request is read whole, judged, answered; then the next.
/// Thread: that of the io_context. Owns: itself, while something is under way. Fails: closes.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    Session(Session&&) = delete;
    Session& operator=(Session&&) = delete;

    void read();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void on_read(const boost::beast::error_code& error);
    /// What came is no request, or too large.
    void turn_away(const boost::beast::error_code& error);
    void answer();
    void ask(const Router::Match& match, Request request);
    void await_answer();
    void write(Response response, std::string allow = {});
    void close();

    std::shared_ptr<Shared> shared_;
    boost::beast::tcp_stream stream_;
    boost::asio::steady_timer patience_;  ///< with a handler
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    std::uint64_t asked_{};  ///< requests so far; an answer to an earlier one comes too late
    bool waiting_{};         ///< for the answer to that one
};

}  // namespace causeway::control
