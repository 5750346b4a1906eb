#include "router.hpp"

#include <gtest/gtest.h>

#include <string>

namespace causeway::control {
namespace {

Route route(std::string method, std::string path, Fields query = {}) {
    return {std::move(method), std::move(path), {}, std::move(query), {}, {}};
}

Router router() {
    return Router({route("GET", "/calls/{id}"), route("DELETE", "/calls/{id}"),
                   route("GET", "/calls", {{"limit", ""}}), route("GET", "/calls/last")});
}

/// The path of the route, or the status of the refusal.
std::string found(std::string_view method, std::string_view target) {
    const Router table = router();
    const auto match = table.find(method, *parse_target(target));
    return match ? match->route->method + " " + match->route->path
                 : std::to_string(match.error().response.status) + " " + match.error().allow;
}

TEST(Router, FindsTheRoute) {
    EXPECT_EQ(found("GET", "/calls"), "GET /calls");
    EXPECT_EQ(found("HEAD", "/calls"), "GET /calls");
    EXPECT_EQ(found("GET", "/calls?limit=1"), "GET /calls");
    EXPECT_EQ(found("GET", "/calls/7"), "GET /calls/{id}");
    EXPECT_EQ(found("DELETE", "/calls/7"), "DELETE /calls/{id}");
    EXPECT_EQ(found("GET", "/calls/last"), "GET /calls/last") << "what stands there wins";
    const Router table = router();
    EXPECT_EQ(table.find("GET", *parse_target("/calls/a%2Fb"))->parameters.at("id"), "a/b");
}

TEST(Router, RefusesWhatItDoesNotHave) {
    EXPECT_EQ(found("GET", "/"), "404 ");
    EXPECT_EQ(found("GET", "/calls/"), "404 ") << "an empty id is none";
    EXPECT_EQ(found("GET", "/calls/7/8"), "404 ");
    EXPECT_EQ(found("GET", "/Calls"), "404 ");
    EXPECT_EQ(found("POST", "/calls"), "405 GET");
    EXPECT_EQ(found("PUT", "/calls/7"), "405 GET, DELETE");
    EXPECT_EQ(found("GET", "/calls?limt=1"), "400 ");
}

}  // namespace
}  // namespace causeway::control
