#include "answers.hpp"

#include <utility>

namespace causeway::control {

Response error(unsigned status, std::string_view what) {
    return json(Json{{"error", what}}, status);
}

Response json(const Json& value, unsigned status) {
    return {status, value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n",
            "application/json"};
}

Response error(const Error& error) {
    switch (error.code) {
        case Errc::Malformed:
            return control::error(400, error.what);
        case Errc::NotFound:
            return control::error(404, error.what);
        case Errc::Unsupported:
            return control::error(501, error.what);
        case Errc::Exhausted:
        case Errc::Timeout:
            return control::error(503, error.what);
        case Errc::Io:
        case Errc::Internal:
            break;
    }
    return control::error(500, error.what);
}

}  // namespace causeway::control
