#include "walk.hpp"

#include "stage.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace causeway::transaction {
namespace {

constexpr std::uint32_t kPeers = 5;

/// An owner who does anything, peers who send anything, and a network that loses, repeats and
/// delays it, all from one seed. A Call-ID names its peer, so every message shows whom it may go
/// to.
class Walk {
public:
    explicit Walk(testing::Dice dice)
        : dice_(dice),
          layer_({.secret = kSecret,
                  .identities = {{InterfaceId{1}, sip::Transport::Udp, "10.0.0.1:5060"},
                                 {InterfaceId{1}, sip::Transport::Tcp, "10.0.0.1:5060"}},
                  .timers = {},
                  .start = now_}) {}

    void step() {
        switch (below(12)) {
            case 0:
                return request();
            case 1:
            case 2:
            case 3:
                return peer_answers();
            case 4:
                return peer_requests();
            case 5:
            case 6:
                return peer_repeats();
            case 7:
            case 8:
                return respond();
            case 9:
                return cancel();
            case 10:
                return lose();
            default:
                return pass(Millis(below(4) == 0 ? below(20'000) : below(600)));
        }
    }

    /// The owner ends what only he can end; then ten minutes.
    void finish() {
        for (const auto& [key, client] : clients_) {
            layer_.cancel(key, {}, now_);
            drain();
        }
        for (const auto& [key, request] : servers_) {
            layer_.respond(key, answer(request, 500), now_);
            drain();
        }
        pass(std::chrono::minutes(10));
        EXPECT_EQ(layer_.size(), 0U);
        EXPECT_EQ(layer_.deadline(), std::nullopt);
        for (const auto& [key, client] : clients_) {
            EXPECT_TRUE(client.is_over) << "no end was reported for " << client.method;
        }
    }

    [[nodiscard]] bool is_spent() const { return dice_.is_spent(); }
    WalkReport report() && { return {std::move(transcript_), std::move(seen_)}; }

private:
    struct Client {
        std::string method;
        bool is_over{};
        bool is_answered{};  ///< by a 2xx: more of them may come
    };

    std::uint64_t below(std::uint64_t bound) { return dice_.below(bound); }
    template <class T>
    const T& any(const std::vector<T>& all) {
        return all[below(all.size())];
    }
    template <class Map>
    auto any_of(const Map& map) {
        return std::next(map.begin(), static_cast<std::ptrdiff_t>(below(map.size())));
    }

    static Endpoint peer(std::uint32_t n) {
        return {IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(n + 1)), 5060};
    }
    /// Peers with an odd number are reached over TCP.
    static sip::Transport transport(std::uint32_t n) {
        return n % 2 == 0 ? sip::Transport::Udp : sip::Transport::Tcp;
    }
    static std::uint32_t peer_of(std::string_view message) {
        return static_cast<std::uint32_t>(header(message, "Call-ID").at(0) - '0');
    }
    sip::Source source(std::uint32_t n) {
        return {InterfaceId{1}, peer(n), transport(n), ConnectionId{n % 2 == 0 ? 0 : n}};
    }

    void request() {
        const auto n = static_cast<std::uint32_t>(below(kPeers));
        const RequestText text{.method = below(2) == 0 ? "INVITE" : "OPTIONS",
                               .via = "",
                               .call_id = std::to_string(n) + "-out-" + std::to_string(++calls_)};
        const Key key = layer_.request(text.text(), sip::back_to(source(n)), now_);
        EXPECT_TRUE(clients_.emplace(key, Client{.method = text.method}).second) << "key reused";
        drain();
    }

    void peer_requests() {
        const auto n = static_cast<std::uint32_t>(below(kPeers));
        RequestText text;
        text.method = below(2) == 0 ? "INVITE" : "BYE";
        text.call_id = std::to_string(n) + "-in-" + std::to_string(++calls_);
        text.via = std::string("SIP/2.0/") + (n % 2 == 0 ? "UDP" : "TCP") + " " +
                   peer(n).to_string() +
                   (below(5) == 0 ? "" : ";branch=z9hG4bK" + std::to_string(calls_));
        remember(in_, text);
        receive(text.text());
    }

    void peer_repeats() {
        if (in_.empty()) {
            return;
        }
        RequestText text = any(in_);
        if (text.method == "INVITE") {
            const std::uint64_t what = below(3);
            text.method = what == 0 ? "INVITE" : what == 1 ? "ACK" : "CANCEL";
            if (text.method == "ACK" && below(2) == 0) {
                text = text.with_to_tag("local");
                text.via = below(3) == 0 ? text.via + "wrong" : text.via;
            }
        }
        receive(text.text());
    }

    void peer_answers() {
        if (out_.empty()) {
            return;
        }
        static const std::vector<int> kStatuses{100, 180, 183, 200, 200, 302, 486, 487, 500, 603};
        const std::string request = any(out_);
        if (!request.starts_with("ACK")) {
            receive(answer(request, any(kStatuses), below(2) == 0 ? "one" : "two"));
        }
    }

    void respond() {
        if (servers_.empty()) {
            return;
        }
        static const std::vector<int> kStatuses{100, 180, 183, 200, 200, 404, 487, 503};
        const auto server = any_of(servers_);
        layer_.respond(server->first, answer(server->second, any(kStatuses), "local"), now_);
        if (below(4) == 0) {
            layer_.respond(server->first, answer(server->second, 480, "local"), now_);
            servers_.erase(server);
        }
        drain();
    }

    void cancel() {
        if (!clients_.empty()) {
            layer_.cancel(any_of(clients_)->first, {}, now_);
            drain();
        }
    }

    void lose() {
        if (below(4) == 0 && !keys_.empty()) {
            layer_.undeliverable(any(keys_), Errc::Io, now_);
            drain();
        }
    }

    void pass(Millis span) {
        const Time end = now_ + span;
        while (layer_.deadline() && *layer_.deadline() <= end) {
            EXPECT_GE(*layer_.deadline(), now_);
            now_ = std::max(now_, *layer_.deadline());
            layer_.advance(now_);
            drain();
        }
        now_ = end;
        layer_.advance(now_);
        drain();
    }

    void receive(const std::string& text) {
        layer_.receive(parsed(text), source(peer_of(text)), now_);
        drain();
    }

    void drain() {
        while (std::optional<Action> action = layer_.poll()) {
            std::visit([this](auto& a) { on(a); }, *action);
        }
    }

    void on(const Transmit& a) {
        const std::uint32_t n = peer_of(a.bytes);
        EXPECT_EQ(a.to, sip::back_to(source(n))) << a.bytes;
        transcript_ += a.bytes;
        ++seen_[start_line(a.bytes).substr(0, 11)];
        if (a.key) {
            remember(keys_, a.key);
        }
        if (!a.bytes.starts_with("SIP/2.0")) {
            remember(out_, std::string(a.bytes));
        }
    }
    void on(const Request& a) {
        ++seen_["request"];
        const std::uint64_t choice = below(10);
        if (choice == 0) {
            layer_.refuse(a.key, answer(a.message.bytes(), 403));
        } else if (choice > 1) {
            layer_.accept(a.key, now_);
            servers_.emplace(a.key, std::string(a.message.bytes()));
        }
    }
    void on(const Response& a) {
        ++seen_["response"];
        const auto found = clients_.find(a.key);
        ASSERT_NE(found, clients_.end());
        Client& client = found->second;
        EXPECT_EQ(a.message.method(), client.method);
        const int status = a.message.status();
        if (client.is_over) {
            EXPECT_TRUE(client.is_answered && client.method == "INVITE" && status / 100 == 2)
                << client.method << " " << status << " after its end";
        }
        client.is_over = client.is_over || status >= 200;
        client.is_answered = client.is_answered || status / 100 == 2;
    }
    void on(const Failed& a) {
        ++seen_["failed"];
        if (const auto client = clients_.find(a.key); client != clients_.end()) {
            EXPECT_FALSE(client->second.is_over);
            client->second.is_over = true;
        } else {
            EXPECT_EQ(a.code, Errc::Timeout);  // Timer H of a server
            servers_.erase(a.key);
        }
    }
    void on(const Stray& a) {
        ++seen_["stray"];
        EXPECT_EQ(a.message.status(), 200);
        EXPECT_EQ(a.message.method(), "INVITE");
    }
    void on(const Ack& a) {
        ++seen_["ack"];
        EXPECT_EQ(a.message.method(), "ACK");
    }
    void on(const Cancelled& a) {
        ++seen_["cancelled"];
        EXPECT_TRUE(cancelled_.insert(a.invite).second) << "reported twice";
    }

    /// A few of a kind: old ones come up again, but not for ever.
    template <class T>
    void remember(std::vector<T>& all, T value) {
        if (all.size() < 100) {
            all.push_back(std::move(value));
        } else {
            all[below(all.size())] = std::move(value);
        }
    }

    testing::Dice dice_;
    Time now_{std::chrono::hours(1)};
    Layer layer_;
    std::uint64_t calls_{};
    std::map<Key, Client> clients_;
    std::map<Key, std::string> servers_;  ///< the request's text
    std::set<Key> cancelled_;
    std::vector<Key> keys_;
    std::vector<std::string> out_;
    std::vector<RequestText> in_;
    std::string transcript_;
    std::map<std::string, int> seen_;
};

}  // namespace

WalkReport walk(testing::Dice dice, std::size_t steps) {
    Walk walk(dice);
    for (std::size_t i = 0; i < steps && !walk.is_spent() && !::testing::Test::HasFailure(); ++i) {
        walk.step();
    }
    walk.finish();
    return std::move(walk).report();
}

}  // namespace causeway::transaction
