#pragma once

#include "causeway/base/endpoint.hpp"
#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/config/config.hpp"
#include "causeway/control/http.hpp"
#include "causeway/port/operations.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The control interface: HTTP and JSON for operators and their programs (PRODUCT §7).
namespace causeway::control {

/// Who may ask a listener.
enum class Access : std::uint8_t {
    Guarded,  ///< the rules of `control.listen`: a token, or from this machine and not from a
              ///< browser that shows somebody else's page
    Open,     ///< anybody who reaches it
};

struct Options {
    Endpoint listen;  ///< port 0: any
    Access access{Access::Guarded};
    std::vector<config::Token> tokens;  ///< with any, every guarded request needs one
    std::vector<Route> routes;
    std::size_t connections{64};               ///< at a time; one too many is closed at once
    std::size_t head{std::size_t{8} * 1024};   ///< bytes of a request's head; more is 431
    std::size_t body{std::size_t{64} * 1024};  ///< and of its body; more is 413
    Millis request{10'000};   ///< for a whole request to come, an idle connection's included
    Millis answer{30'000};    ///< for a handler to answer (then 503)
    Millis response{30'000};  ///< for a response to be taken
};

/// One listener: HTTP/1.1, one request of a connection after the other.
/// Thread: that of the io_context. Owns: its sockets. Destroyed after the io_context has stopped,
/// or on its thread.
class Server {
public:
    virtual ~Server() = default;
    /// Where it really listens.
    [[nodiscard]] virtual Endpoint local() const = 0;
    [[nodiscard]] virtual std::size_t connections() const = 0;
};

/// Binds and begins to accept. Io: the address cannot be had. No exception leaves it.
[[nodiscard]] Result<std::unique_ptr<Server>> make_server(boost::asio::io_context& io,
                                                          Options options);

/// What the routes of PRODUCT §7 need besides `Operations`.
struct ApiOptions {
    std::string node;
    std::string version;
    /// A call's record as one JSON object.
    std::function<std::string(const port::CallRecord&)> record;
};

/// `/healthz`, `/readyz`, and those of `/api/v1` that this version has. `operations` outlives the
/// routes.
[[nodiscard]] std::vector<Route> api(port::Operations& operations, ApiOptions options);

/// `GET /openapi.json`, which describes these routes (OpenAPI 3.0).
[[nodiscard]] Route describe(const std::vector<Route>& routes, const std::string& version);

}  // namespace causeway::control
