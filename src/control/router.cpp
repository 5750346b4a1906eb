#include "router.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace causeway::control {
namespace {

bool is_parameter(std::string_view part) {
    return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

std::optional<Fields> match(std::string_view path, const Target& target) {
    const auto parts = split_path(path);
    if (parts.size() != target.parts.size()) {
        return std::nullopt;
    }
    Fields fields;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (is_parameter(parts[i]) && !target.parts[i].empty()) {
            fields.emplace(parts[i].substr(1, parts[i].size() - 2), target.parts[i]);
        } else if (parts[i] != target.parts[i]) {
            return std::nullopt;
        }
    }
    return fields;
}

std::size_t parameters_in(const Route& route) {
    return static_cast<std::size_t>(std::count(route.path.begin(), route.path.end(), '{'));
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
    std::stable_sort(routes_.begin(), routes_.end(), [](const Route& one, const Route& other) {
        return parameters_in(one) < parameters_in(other);
    });
}

Result<Router::Match, Router::Refusal> Router::find(std::string_view method,
                                                    const Target& target) const {
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    std::string allow;
    for (const Route& route : routes_) {
        auto parameters = match(route.path, target);
        if (!parameters) {
            continue;
        }
        if (route.method != wanted) {
            allow.append(allow.empty() ? "" : ", ").append(route.method);
            continue;
        }
        for (const auto& [name, value] : target.query) {
            if (route.query.find(name) == route.query.end()) {
                return tl::unexpected(Refusal{error(400, name + ": not known here"), {}});
            }
        }
        return Match{&route, *std::move(parameters)};
    }
    if (allow.empty()) {
        return tl::unexpected(Refusal{error(404, "no such path"), {}});
    }
    return tl::unexpected(Refusal{error(405, "this path has only " + allow), allow});
}

}  // namespace causeway::control
