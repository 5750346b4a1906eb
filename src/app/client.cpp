#include "client.hpp"

#include "causeway/base/endpoint.hpp"
#include "causeway/store/store.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace causeway::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::size_t kMostBody = std::size_t{64} * 1024 * 1024;

std::string authority(const Remote& remote) {
    const bool is_v6 = remote.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + remote.host + "]" : remote.host) + ":" + std::to_string(remote.port);
}

Result<Remote> read_url(std::string_view url) {
    constexpr std::string_view kScheme = "http://";
    const auto wrong = [&] {
        return fail(Errc::Malformed,
                    "--api " + std::string(url) + ": no http://HOST[:PORT][/PATH]");
    };
    if (!url.starts_with(kScheme)) {
        return wrong();
    }
    std::string_view rest = url.substr(kScheme.size());
    Remote remote;
    remote.path = rest.substr(std::min(rest.size(), rest.find('/')));
    while (remote.path.ends_with('/')) {
        remote.path.pop_back();
    }
    rest = rest.substr(0, rest.find('/'));
    remote.port = kHttpPort;
    const std::size_t colon = rest.rfind(':');
    if (colon != std::string_view::npos && !rest.ends_with(']')) {
        const std::string_view digits = rest.substr(colon + 1);
        const char* end = digits.data() + digits.size();
        if (std::from_chars(digits.data(), end, remote.port).ptr != end || remote.port == 0) {
            return wrong();
        }
        rest = rest.substr(0, colon);
    }
    if (rest.starts_with('[') && rest.ends_with(']')) {
        rest = rest.substr(1, rest.size() - 2);
    }
    remote.host = rest;
    return remote.host.empty() ? Result<Remote>(wrong()) : remote;
}

Result<Remote> read_config(const std::string& path, const std::string& token) {
    CAUSEWAY_TRY(const config::Control control, store::find_control(path));
    if (!control.listen) {
        return fail(Errc::NotFound, path + ": control.listen is empty: the daemon cannot be asked");
    }
    Remote remote;
    IpAddress ip = control.listen->ip;
    if (ip.is_unspecified()) {
        ip = ip.is_v4() ? IpAddress::v4(127, 0, 0, 1) : *IpAddress::parse("::1");
    }
    remote.host = ip.to_string();
    remote.port = control.listen->port;
    remote.token = token;
    if (token.empty() && !control.tokens.empty()) {
        remote.token = control.tokens.front().secret;
        if (remote.token.empty()) {
            return fail(Errc::NotFound, path + ": the secret of control.tokens " +
                                            control.tokens.front().name +
                                            " cannot be had here: --token, or CAUSEWAY_TOKEN");
        }
    }
    return remote;
}

/// One exchange on a loop of its own, so that it has a deadline.
class Exchange {
public:
    Exchange(const Remote& remote, http::request<http::string_body> request)
        : remote_(remote), request_(std::move(request)), resolver_(io_), stream_(io_) {
        parser_.body_limit(kMostBody);
    }

    Result<HttpAnswer> run(Millis patience) {
        beast::error_code error;
        const auto found = resolver_.resolve(remote_.host, std::to_string(remote_.port), error);
        if (error) {
            return nobody(error);
        }
        stream_.expires_after(patience);
        stream_.async_connect(found, [this](const beast::error_code& failed, const auto&) {
            failed ? finish(failed) : send();
        });
        io_.run();
        if (error_) {
            return nobody(error_);
        }
        return HttpAnswer{parser_.get().result_int(), std::move(parser_.get().body())};
    }

private:
    void send() {
        http::async_write(stream_, request_, [this](const beast::error_code& failed, std::size_t) {
            failed ? finish(failed) : receive();
        });
    }
    void receive() {
        http::async_read(stream_, buffer_, parser_,
                         [this](const beast::error_code& failed, std::size_t) { finish(failed); });
    }
    void finish(const beast::error_code& error) { error_ = error; }

    Result<HttpAnswer> nobody(const beast::error_code& error) const {
        const std::string where = authority(remote_);
        if (error == beast::error::timeout) {
            return fail(Errc::Timeout, "the daemon at " + where + " does not answer in time");
        }
        if (error == http::error::end_of_stream) {
            return fail(Errc::Io, "the daemon at " + where + " has no room for another connection");
        }
        return fail(Errc::Io, "no daemon answers at " + where + " (" + error.message() +
                                  "): does it run, and with this control.listen?");
    }

    const Remote& remote_;
    http::request<http::string_body> request_;
    asio::io_context io_{1};
    tcp::resolver resolver_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    http::response_parser<http::string_body> parser_;
    beast::error_code error_;
};

}  // namespace

Result<Remote> find_remote(const RemoteOptions& options) {
    if (options.api.empty()) {
        return read_config(options.config, options.token);
    }
    CAUSEWAY_TRY(Remote remote, read_url(options.api));
    remote.token = options.token;
    return remote;
}

Result<HttpAnswer> ask(const Remote& remote, const std::string& method, const std::string& target,
                       const std::string& body, Millis patience) {
    constexpr unsigned kVersion = 11;
    http::request<http::string_body> request(http::string_to_verb(method), remote.path + target,
                                             kVersion);
    request.set(http::field::host, authority(remote));
    request.set(http::field::user_agent, "causeway");
    if (!remote.token.empty()) {
        request.set(http::field::authorization, "Bearer " + remote.token);
    }
    if (!body.empty()) {
        request.set(http::field::content_type, "application/json");
        request.body() = body;
    }
    request.keep_alive(false);
    request.prepare_payload();
    return Exchange(remote, std::move(request)).run(patience);
}

}  // namespace causeway::app
