#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// HTTP as those see it who answer: requests that may be answered, and tables of routes.
namespace causeway::control {

using Fields = std::map<std::string, std::string, std::less<>>;

/// A request that has passed the listener's access rules.
struct Request {
    std::string method;
    std::string path;   ///< as it was sent, without query
    Fields parameters;  ///< of the route's `{name}` parts, decoded
    Fields query;       ///< decoded; only what the route names
    std::string body;   ///< JSON, or empty
    std::string by;     ///< the name of the token that it bears; empty: none is asked for
};

struct Response {
    unsigned status{200};
    std::string body;
    std::string type{"application/json"};
};

/// `{"error": what}`
[[nodiscard]] Response error(unsigned status, std::string_view what);

/// Takes the answer: once, on the thread that called the handler, at once or later. After the
/// listener's patience it goes nowhere.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(const Request&, Reply)>;

/// One line of a table of routes. `path` is matched part by part: `/api/v1/calls/{call_id}`.
struct Route {
    std::string method;  ///< GET (HEAD is answered too), POST, DELETE …
    std::string path;
    std::string summary;                   ///< one sentence, for /openapi.json
    Fields query;                          ///< what may stand behind `?`, and what it means
    std::map<unsigned, std::string> says;  ///< status → what it means
    Handler handler;
};

}  // namespace causeway::control
