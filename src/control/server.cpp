#include "session.hpp"

#include "causeway/base/log.hpp"
#include "causeway/control/control.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <utility>

namespace causeway::control {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// After an accept that failed for lack of descriptors or memory.
constexpr Millis kBreath{100};

tcp::endpoint to_asio(const Endpoint& endpoint) {
    if (endpoint.ip.is_v4()) {
        return {asio::ip::make_address_v4(endpoint.ip.to_string()), endpoint.port};
    }
    return {asio::ip::address_v6(endpoint.ip.bytes), endpoint.port};
}

class HttpServer final : public Server {
public:
    HttpServer(asio::io_context& io, Options options)
        : listen_(options.listen), acceptor_(io), breath_(io) {
        const tcp::endpoint endpoint = to_asio(listen_);
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        if (endpoint.protocol() == tcp::v6()) {
            acceptor_.set_option(asio::ip::v6_only(true));
        }
        acceptor_.bind(endpoint);
        acceptor_.listen();
        listen_.port = acceptor_.local_endpoint().port();
        shared_ = std::make_shared<Shared>(std::move(options), listen_.port);
        accept();
    }

    Endpoint local() const override { return listen_; }
    std::size_t connections() const override { return shared_->sessions; }

private:
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) {
                return;
            }
            if (error) {
                if (!std::exchange(is_failing_, true)) {
                    log::warn("control.accept_failed", {{"error", error.message()}});
                }
                breath_.expires_after(kBreath);
                breath_.async_wait([this](const boost::system::error_code& stopped) {
                    if (!stopped) {
                        accept();
                    }
                });
                return;
            }
            is_failing_ = false;
            take(std::move(socket));
            accept();
        });
    }

    void take(tcp::socket socket) {
        if (shared_->sessions >= shared_->options.connections) {
            return;  // the socket closes
        }
        std::make_shared<Session>(std::move(socket), shared_)->read();
    }

    Endpoint listen_;
    tcp::acceptor acceptor_;
    asio::steady_timer breath_;
    bool is_failing_{};
    std::shared_ptr<Shared> shared_;
};

}  // namespace

Result<std::unique_ptr<Server>> make_server(asio::io_context& io, Options options) {
    const std::string where = options.listen.to_string();
    try {
        return std::make_unique<HttpServer>(io, std::move(options));
    } catch (const boost::system::system_error& error) {
        return fail(Errc::Io, where + ": " + error.code().message());
    } catch (const std::exception& error) {
        return fail(Errc::Io, where + ": " + error.what());
    }
}

}  // namespace causeway::control
