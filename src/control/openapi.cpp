#include "answers.hpp"

#include "causeway/control/control.hpp"

#include <algorithm>
#include <cctype>

namespace causeway::control {
namespace {

Json parameter(std::string_view name, std::string_view where, std::string_view about) {
    return {{"name", name},
            {"in", where},
            {"required", where == "path"},
            {"description", about},
            {"schema", {{"type", "string"}}}};
}

Json operation(const Route& route) {
    Json all{{"summary", route.summary}};
    Json parameters = Json::array();
    for (std::size_t at = 0; (at = route.path.find('{', at)) != std::string::npos; ++at) {
        parameters.push_back(
            parameter(route.path.substr(at + 1, route.path.find('}', at) - at - 1), "path", ""));
    }
    for (const auto& [name, about] : route.query) {
        parameters.push_back(parameter(name, "query", about));
    }
    if (!parameters.empty()) {
        all["parameters"] = std::move(parameters);
    }
    for (const auto& [status, about] : route.says) {
        all["responses"][std::to_string(status)] = {{"description", about}};
    }
    return all;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

Route describe(const std::vector<Route>& routes, const std::string& version) {
    Json all{{"openapi", "3.0.3"},
             {"info", {{"title", "Causeway"}, {"version", version}}},
             {"components",
              {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}},
             {"security", Json::array({Json::object(), {{"token", Json::array()}}})},
             {"paths", Json::object()}};
    for (const Route& route : routes) {
        all["paths"][route.path][lower(route.method)] = operation(route);
    }
    return {.method = "GET",
            .path = "/openapi.json",
            .summary = "This description.",
            .query = {},
            .says = {{200, "OpenAPI 3.0"}},
            .handler = [answer = json(all)](const Request&, const Reply& reply) { reply(answer); }};
}

}  // namespace causeway::control
