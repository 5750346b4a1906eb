#include "http_client.hpp"

#include "causeway/control/control.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// The HTTP server alone, over 127.0.0.1, with limits and deadlines that a test can wait for.
namespace causeway::control {
namespace {

using testing::HttpClient;

class HttpServer : public ::testing::Test {
protected:
    /// `/now` answers at once, `/later` whenever `late_` is called, `/large` with a megabyte.
    void start(Options options) {
        options.listen = {IpAddress::v4(127, 0, 0, 1), 0};
        const auto at_once = [](const Request&, const Reply& reply) { reply({200, "{}", "a/b"}); };
        const auto later = [this](const Request&, Reply reply) { late_ = std::move(reply); };
        const auto large = [](const Request&, const Reply& reply) {
            reply({200, std::string(std::size_t{1} << 20, 'x'), "a/b"});
        };
        const auto fault = [](const Request&, const Reply&) { throw std::runtime_error("oops"); };
        options.routes = {{"GET", "/now", {}, {}, {}, at_once},
                          {"GET", "/later", {}, {}, {}, later},
                          {"GET", "/large", {}, {}, {}, large},
                          {"GET", "/fault", {}, {}, {}, fault}};
        auto made = make_server(io_, std::move(options));
        ASSERT_TRUE(made) << made.error().what;
        server_ = *std::move(made);
        thread_ = std::thread([this] { io_.run(); });
    }
    void TearDown() override {
        io_.stop();
        if (thread_.joinable()) {
            thread_.join();
        }
    }
    [[nodiscard]] Endpoint at() const { return server_->local(); }
    [[nodiscard]] std::string get(const std::string& path,
                                  const std::string& method = "GET") const {
        HttpClient client(at());
        client.say(method + " " + path + " HTTP/1.1\r\nHost: " + at().to_string() +
                   "\r\nConnection: close\r\n\r\n");
        return client.hear();
    }

    boost::asio::io_context io_{1};
    std::unique_ptr<Server> server_;
    Reply late_;
    std::thread thread_;
};

TEST_F(HttpServer, GivesUpARequestThatDripsIn) {
    Options options;
    options.request = Millis{300};
    start(std::move(options));
    HttpClient slow(at());
    const auto before = std::chrono::steady_clock::now();
    std::string heard;
    for (const char byte : std::string("GET /now HTTP/1.1\r\nHost: 127.0.0.1\r\nX: y")) {
        if (!slow.say({&byte, 1}) || (heard = slow.hear("never", 30)) != "(silence)") {
            break;
        }
    }
    EXPECT_EQ(heard, "") << "closed without a word";
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
}

TEST_F(HttpServer, HasRoomForSoManyAndAgainWhenTheyAreGone) {
    Options options;
    options.connections = 3;
    options.request = Millis{500};
    start(std::move(options));
    std::vector<std::unique_ptr<HttpClient>> idle;
    for (int i = 0; i < 3; ++i) {
        idle.push_back(std::make_unique<HttpClient>(at()));
        idle.back()->say("GET /now HT");
    }
    EXPECT_EQ(get("/now"), "") << "one too many";
    for (const auto& one : idle) {
        EXPECT_EQ(one->hear(), "");
    }
    EXPECT_EQ(get("/now").substr(0, 12), "HTTP/1.1 200");
}

TEST_F(HttpServer, Answers503ForAHandlerThatDoesNotAndIgnoresItAfterwards) {
    Options options;
    options.answer = Millis{100};
    start(std::move(options));
    HttpClient client(at());
    const std::string request = " HTTP/1.1\r\nHost: " + at().to_string() + "\r\n\r\n";
    client.say("GET /later" + request);
    EXPECT_EQ(client.hear("no answer in time").substr(0, 12), "HTTP/1.1 503");
    boost::asio::post(io_, [this] { late_({200, "too late", "a/b"}); });
    client.say("GET /now" + request);
    const std::string next = client.hear("{}");
    EXPECT_EQ(next.substr(0, 12), "HTTP/1.1 200");
    EXPECT_EQ(next.find("too late"), std::string::npos);
}

TEST_F(HttpServer, AnswersHeadWithTheLengthAlone) {
    start({});
    const std::string answer = get("/large", "HEAD");
    EXPECT_NE(answer.find("Content-Length: 1048576\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.substr(answer.size() - 4), "\r\n\r\n");
    EXPECT_GT(get("/large").size(), std::size_t{1} << 20);
}

TEST_F(HttpServer, OutlivesAHandlerThatThrows) {
    start({});
    EXPECT_EQ(get("/fault").substr(0, 12), "HTTP/1.1 500");
    EXPECT_EQ(get("/now").substr(0, 12), "HTTP/1.1 200");
}

TEST_F(HttpServer, CountsAClientThatLeavesAsGone) {
    Options options;
    options.connections = 1;
    start(std::move(options));
    for (int i = 0; i < 20; ++i) {
        std::string answer;
        for (int attempt = 0; attempt < 100 && answer.empty(); ++attempt) {
            answer = get("/large");  // the one before may not be gone yet
        }
        EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 200");
        HttpClient leaves(at());
        leaves.say("GET /large HTTP/1.1\r\nHost: " + at().to_string() + "\r\n\r\n");
    }
}

TEST_F(HttpServer, SaysWhyItCannotListen) {
    start({});
    boost::asio::io_context other;
    Options options;
    options.listen = at();
    const auto made = make_server(other, std::move(options));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what, at().to_string() + ": Address already in use");
}

}  // namespace
}  // namespace causeway::control
