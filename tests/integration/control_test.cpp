#include "http_client.hpp"
#include "support/fake_livekit/fake_livekit.hpp"
#include "support/ua/daemon_bench.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#ifndef CAUSEWAY_DAEMON
#error "CAUSEWAY_DAEMON must name the daemon"
#endif

/// The control interface of a real daemon, over 127.0.0.0/8, asked by bytes and by the command
/// line.
namespace causeway::testing {
namespace {

using Json = nlohmann::json;

class Control : public ::testing::Test {
protected:
    void SetUp() override {
        const auto sip = bench_.loop().bind({DaemonBench::address(20), 0});
        const auto rtp = bench_.loop().bind_even(DaemonBench::address(20));
        ASSERT_TRUE(sip && rtp);
        address_ = *sip;
        FakeLivekit::Options options;
        options.sip = *sip;
        options.rtp_ports = {rtp->port};
        options.otherwise = Behaviour::answer(Millis{50});
        livekit_ = std::make_unique<FakeLivekit>(std::move(options));
        bench_.loop().join(*livekit_, *sip, {rtp->port});
    }
    void start(const std::string& control_keys = {}) {
        const auto started = bench_.start(
            {.causeway = CAUSEWAY_DAEMON, .gateways = {address_}, .control_keys = control_keys});
        ASSERT_TRUE(started) << started.error().what;
    }

    static std::string host() { return DaemonBench::control().to_string(); }
    /// One request on a connection of its own: the whole answer.
    static std::string ask(const std::string& line, const std::string& more = {},
                           const std::string& body = {}) {
        HttpClient client(DaemonBench::control());
        std::string text =
            line + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" + more;
        if (!body.empty()) {
            text +=
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n";
        }
        client.say(text + "\r\n" + body);
        return client.hear();
    }
    static std::string status_of(const std::string& answer) { return answer.substr(0, 12); }
    static Json body_of(const std::string& answer) {
        const std::size_t at = answer.find("\r\n\r\n");
        return at == std::string::npos ? Json()
                                       : Json::parse(answer.substr(at + 4), nullptr, false);
    }

    DaemonBench bench_;
    Endpoint address_;  ///< of the gateway
    std::unique_ptr<FakeLivekit> livekit_;
};

TEST_F(Control, AnswersDrainsAndEndsTheDaemon) {
    start();
    EXPECT_EQ(status_of(ask("GET /healthz")), "HTTP/1.1 200");
    EXPECT_EQ(status_of(ask("GET /readyz")), "HTTP/1.1 200");
    const Json status = body_of(ask("GET /api/v1/status"));
    EXPECT_EQ(status["status"], "ok");
    EXPECT_EQ(status["calls_active"], 0);
    EXPECT_EQ(status["gateways"]["up"], 1);
    EXPECT_EQ(status_of(ask("POST /api/v1/drain")), "HTTP/1.1 202");
    const std::string unready = ask("GET /readyz");
    EXPECT_EQ(status_of(unready), "HTTP/1.1 503");
    EXPECT_NE(unready.find("CW-DRAINING"), std::string::npos) << unready;
    EXPECT_EQ(status_of(ask("POST /api/v1/drain", {}, R"({"undo":true})")), "HTTP/1.1 202");
    EXPECT_EQ(status_of(ask("GET /readyz")), "HTTP/1.1 200");
    EXPECT_EQ(status_of(ask("POST /api/v1/drain", {}, R"({"exit":true})")), "HTTP/1.1 202")
        << "before the process ends";
    bench_.loop().run(Millis{10'000}, [&] { return !bench_.is_running(); });
    EXPECT_EQ(bench_.stop(), 0);
}

TEST_F(Control, KeepsStrangersOut) {
    start();
    const auto refused = [&](const std::string& more) {
        HttpClient client(DaemonBench::control());
        client.say("GET /healthz HTTP/1.1\r\nConnection: close\r\n" + more + "\r\n");
        return status_of(client.hear());
    };
    EXPECT_EQ(refused("Host: " + host() + "\r\n"), "HTTP/1.1 200");
    EXPECT_EQ(refused("Host: evil.example:8080\r\n"), "HTTP/1.1 403");
    EXPECT_EQ(refused(""), "HTTP/1.1 403");
    EXPECT_EQ(refused("Host: " + host() + "\r\nOrigin: http://evil.example\r\n"), "HTTP/1.1 403");
    EXPECT_EQ(refused("Host: " + host() + "\r\nX-Forwarded-For: 192.0.2.1\r\n"), "HTTP/1.1 403");
    HttpClient form(DaemonBench::control());
    form.say("POST /api/v1/drain HTTP/1.1\r\nHost: " + host() +
             "\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
    EXPECT_EQ(status_of(form.hear()), "HTTP/1.1 415");
    EXPECT_EQ(status_of(ask("GET /readyz")), "HTTP/1.1 200") << "nothing of it was done";
}

TEST_F(Control, WithTokensWantsOne) {
    start(", tokens: [{name: ops, token: s3cret}]");
    EXPECT_EQ(status_of(ask("GET /healthz")), "HTTP/1.1 401");
    EXPECT_EQ(status_of(ask("GET /healthz", "Authorization: Bearer wrong\r\n")), "HTTP/1.1 401");
    EXPECT_EQ(status_of(ask("GET /healthz", "Authorization: Bearer s3cret\r\n")), "HTTP/1.1 200");
    EXPECT_EQ(bench_.log().find("s3cret"), std::string::npos);
}

TEST_F(Control, OutlivesWhatIsNoRequest) {
    start();
    struct Row {
        const char* what;
        std::string bytes;
        const char* status;
    };
    const std::string head = "GET /healthz HTTP/1.1\r\nHost: " + host() + "\r\n";
    const Row rows[] = {
        {"garbage", "\x16\x03\x01\x02 garbage\r\n\r\n", "HTTP/1.1 400"},
        {"SIP", "OPTIONS sip:a SIP/2.0\r\n\r\n", "HTTP/1.1 400"},
        {"a header without end", head + "X: " + std::string(20'000, 'x'), "HTTP/1.1 431"},
        {"many headers",
         [&] {
             std::string text = head;
             for (int i = 0; i < 2000; ++i) {
                 text += "X-" + std::to_string(i) + ": y\r\n";
             }
             return text + "\r\n";
         }(),
         "HTTP/1.1 431"},
        {"a body that is announced too large",
         "POST /api/v1/drain HTTP/1.1\r\nHost: " + host() +
             "\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n",
         "HTTP/1.1 413"},
        {"two lengths",
         "POST /api/v1/drain HTTP/1.1\r\nHost: " + host() +
             "\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
         "HTTP/1.1 400"},
        {"a length that is none",
         "POST /api/v1/drain HTTP/1.1\r\nHost: " + host() + "\r\nContent-Length: -1\r\n\r\n",
         "HTTP/1.1 400"},
        {"another host's path",
         "GET http://evil.example/ HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n\r\n",
         "HTTP/1.1 400"},
        {"a path with a zero in it",
         "GET /%00 HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"},
    };
    for (const Row& row : rows) {
        HttpClient client(DaemonBench::control());
        client.say(row.bytes);
        EXPECT_EQ(status_of(client.hear("HTTP/1.1")), row.status) << row.what;
        EXPECT_EQ(status_of(ask("GET /healthz")), "HTTP/1.1 200") << "after " << row.what;
    }
    EXPECT_EQ(status_of(ask("GET /readyz")), "HTTP/1.1 200");
}

TEST_F(Control, AnswersPipelinedRequestsInOrder) {
    start();
    HttpClient client(DaemonBench::control());
    std::string text;
    for (const char* path : {"/healthz", "/nowhere", "/readyz", "/api/v1/calls", "/healthz"}) {
        text.append("GET ").append(path).append(" HTTP/1.1\r\nHost: ").append(host());
        text.append("\r\n\r\n");
    }
    client.say(text.insert(text.size() - 2, "Connection: close\r\n"));
    const std::string answers = client.hear();
    std::vector<std::string> statuses;
    for (std::size_t at = 0; (at = answers.find("HTTP/1.1 ", at)) != std::string::npos; at += 9) {
        statuses.push_back(answers.substr(at + 9, 3));
    }
    EXPECT_EQ(statuses, (std::vector<std::string>{"200", "404", "200", "200", "200"}));
}

TEST_F(Control, IsWhatTheCommandLineAsks) {
    start();
    const std::string file = bench_.directory() + "/causeway.yaml";
    int commands = 0;
    const auto command = [&](std::vector<std::string> arguments) {
        const std::string out = bench_.directory() + "/said" + std::to_string(++commands);
        arguments.insert(arguments.begin(), CAUSEWAY_DAEMON);
        arguments.insert(arguments.end(), {"--config", file});
        auto process = Process::start(arguments, out);
        EXPECT_TRUE(process);
        bench_.loop().run(Millis{10'000}, [&] { return process->poll().has_value(); });
        std::ifstream text(out);
        return std::pair(process->poll().value_or(-1),
                         std::string(std::istreambuf_iterator<char>(text), {}));
    };
    const auto says = [](const std::string& text, const char* what) {
        return text.find(what) != std::string::npos;
    };
    auto said = command({"status"});
    EXPECT_EQ(said.first, 0);
    EXPECT_TRUE(says(said.second, "gateways  1 up, 0 down")) << said.second;
    said = command({"status", "--json"});
    EXPECT_EQ(Json::parse(said.second)["status"], "ok");
    EXPECT_EQ(command({"calls"}), (std::pair<int, std::string>{0, "0 calls\n"}));
    EXPECT_EQ(command({"stats"}).first, 0);
    EXPECT_EQ(command({"drain"}), (std::pair<int, std::string>{0, "draining\n"}));
    EXPECT_EQ(command({"drain", "--undo"}), (std::pair<int, std::string>{0, "serving\n"}));
    said = command({"calls", "0123456789abcdef"});
    EXPECT_EQ(said, (std::pair<int, std::string>{1, "causeway: no live call has this id\n"}));
    EXPECT_EQ(command({"drain", "--exit"}).first, 0);
    bench_.loop().run(Millis{10'000}, [&] { return !bench_.is_running(); });
    said = command({"status"});
    EXPECT_EQ(said.first, 2);
    EXPECT_TRUE(says(said.second, "no daemon answers at")) << said.second;
}

TEST_F(Control, ShowsACallAndEndsIt) {
    start();
    const auto sip = bench_.loop().bind({bench_.carrier_ip(), 0});
    const auto rtp = bench_.loop().bind_even(bench_.carrier_ip());
    ASSERT_TRUE(sip && rtp);
    UserAgent carrier({.sip = *sip, .rtp = *rtp});
    bench_.loop().join(carrier, *sip, {rtp->port});
    carrier.call({.target = bench_.listener(),
                  .request_uri = "sip:+493012345678@" + bench_.listener().to_string()},
                 SocketLoop::now());
    ASSERT_TRUE(bench_.loop().run(Millis{8000},
                                  [&] { return carrier.state() == UserAgent::State::Confirmed; }));
    bench_.loop().run(Millis{50});
    const Json list = body_of(ask("GET /api/v1/calls"));
    ASSERT_EQ(list["total"], 1);
    const Json& call = list["calls"][0];
    EXPECT_EQ(call["state"], "answered");
    EXPECT_EQ(call["to"], "+493012345678");
    EXPECT_FALSE(call.contains("outcome"));
    const std::string id = call["call_id"];
    EXPECT_EQ(body_of(ask("GET /api/v1/calls/" + id))["call_id"], id);
    EXPECT_EQ(status_of(ask("DELETE /api/v1/calls/" + id)), "HTTP/1.1 200");
    EXPECT_TRUE(bench_.loop().run(Millis{5000}, [&] { return carrier.bye_received(); }));
    bench_.loop().run(Millis{5000}, [&] { return !bench_.cdrs().empty(); });
    ASSERT_EQ(bench_.cdrs().size(), 1U);
    EXPECT_EQ(Json::parse(bench_.cdrs()[0])["outcome"]["reason"], "hangup");
    EXPECT_EQ(body_of(ask("GET /api/v1/calls"))["total"], 0);
    EXPECT_EQ(body_of(ask("GET /api/v1/stats/calls"))["by_code"]["200"], 1);
}

}  // namespace
}  // namespace causeway::testing
