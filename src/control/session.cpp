#include "session.hpp"

#include "causeway/base/log.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <exception>
#include <string_view>
#include <utility>

namespace causeway::control {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

std::string_view text_of(beast::string_view text) {
    return {text.data(), text.size()};
}

Gate::Head head_of(const http::request<http::string_body>& request) {
    Gate::Head head;
    for (const auto& field : request) {
        head.fields.emplace_back(text_of(field.name_string()), text_of(field.value()));
    }
    head.has_body = !request.body().empty() || request.count(http::field::content_type) > 0;
    return head;
}

unsigned status_of(const beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return 431;
    }
    return error == http::error::body_limit ? 413 : 400;
}

template <class Body>
void fill_head(http::response<Body>& out, const Response& response, const std::string& allow) {
    out.set(http::field::content_type, response.type);
    out.set(http::field::cache_control, "no-store");
    out.set("X-Content-Type-Options", "nosniff");
    if (!allow.empty()) {
        out.set(http::field::allow, allow);
    }
    if (response.status == 401) {
        out.set(http::field::www_authenticate, "Bearer realm=\"causeway\"");
    }
}

}  // namespace

Session::Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)),
      stream_(std::move(socket)),
      patience_(stream_.get_executor()),
      buffer_(shared_->options.head + shared_->options.body) {
    ++shared_->sessions;
}

Session::~Session() {
    --shared_->sessions;
}

void Session::read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_->options.head));
    parser_->body_limit(shared_->options.body);
    stream_.expires_after(shared_->options.request);  // of the whole request: no slow drip
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const beast::error_code& error, std::size_t) {
                         self->on_read(error);
                     });
}

void Session::on_read(const beast::error_code& error) {
    ++asked_;
    try {
        error ? turn_away(error) : answer();
    } catch (const std::exception& fault) {
        log::error("control.fault", {{"error", fault.what()}});
        write(control::error(500, "internal error"));
    }
}

void Session::turn_away(const beast::error_code& error) {
    const bool is_of_http = error.category() == make_error_code(http::error::bad_method).category();
    if (!is_of_http || error == http::error::end_of_stream ||
        error == http::error::partial_message) {
        close();
        return;
    }
    parser_->get().keep_alive(false);
    write(control::error(status_of(error), error.message()));
}

void Session::answer() {
    auto& request = parser_->get();
    auto by = shared_->gate.judge(head_of(request), shared_->port);
    if (!by) {
        write(std::move(by).error());
        return;
    }
    auto target = parse_target(text_of(request.target()));
    if (!target) {
        write(control::error(400, target.error().what));
        return;
    }
    auto found = shared_->router.find(text_of(request.method_string()), *target);
    if (!found) {
        write(std::move(found.error().response), std::move(found.error().allow));
        return;
    }
    const std::string_view text = text_of(request.target());
    ask(*found, {found->route->method, std::string(text.substr(0, text.find('?'))),
                 std::move(found->parameters), std::move(target->query), std::move(request.body()),
                 *std::move(by)});
}

void Session::ask(const Router::Match& match, Request request) {
    waiting_ = true;
    await_answer();
    match.route->handler(request, [self = shared_from_this(), asked = asked_](Response response) {
        if (self->waiting_ && self->asked_ == asked) {
            self->write(std::move(response));
        }
    });
}

void Session::await_answer() {
    patience_.expires_after(shared_->options.answer);
    patience_.async_wait([self = shared_from_this(), asked = asked_](const auto& error) {
        if (!error && self->waiting_ && self->asked_ == asked) {
            self->write(control::error(503, "no answer in time"));
        }
    });
}

void Session::write(Response response, std::string allow) {
    waiting_ = false;
    patience_.cancel();
    const auto& request = parser_->get();
    const bool keeps = request.keep_alive();
    const unsigned version = request.version();
    stream_.expires_after(shared_->options.response);
    const auto send = [&](auto out) {
        fill_head(out, response, allow);
        out.keep_alive(keeps);
        auto kept = std::make_shared<decltype(out)>(std::move(out));
        http::async_write(
            stream_, *kept,
            [self = shared_from_this(), kept, keeps](const beast::error_code& error, std::size_t) {
                if (error || !keeps) {
                    self->close();
                } else {
                    self->read();
                }
            });
    };
    const auto status = static_cast<http::status>(response.status);
    if (request.method() == http::verb::head) {
        http::response<http::empty_body> out(status, version);
        out.content_length(response.body.size());
        send(std::move(out));
    } else {
        http::response<http::string_body> out(status, version);
        out.body() = std::move(response.body);
        out.prepare_payload();
        send(std::move(out));
    }
}

void Session::close() {
    beast::error_code ignored;
    stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.close();
}

}  // namespace causeway::control
