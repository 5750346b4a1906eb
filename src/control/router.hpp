#pragma once

#include "target.hpp"

#include "causeway/base/result.hpp"
#include "causeway/control/http.hpp"

#include <string_view>
#include <vector>

namespace causeway::control {

/// Finds who answers. A path part that stands as itself wins over a `{name}`. Pure.
class Router {
public:
    explicit Router(std::vector<Route> routes);

    struct Match {
        const Route* route{};
        Fields parameters;
    };
    struct Refusal {
        Response response;
        std::string allow;  ///< the methods there are, of a 405
    };
    /// 404: no such path. 405: not by this method. 400: a query field that the route does not have.
    [[nodiscard]] Result<Match, Refusal> find(std::string_view method, const Target& target) const;

private:
    std::vector<Route> routes_;
};

}  // namespace causeway::control
