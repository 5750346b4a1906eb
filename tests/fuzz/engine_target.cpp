#include "support/dice.hpp"
#include "support/world/world.hpp"
#include "target.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace causeway::fuzz {
namespace {

using testing::Dice;
using testing::Peer;
using testing::SipText;
using testing::World;

/// The whole signalling plane with peers that say and do what the input tells them.
class Play {
public:
    explicit Play(Input input)
        : dice_(input),
          world_({.gateways = {dice_.below(2) == 0
                                   ? R"({name: far, kind: generic, uri: "sip:127.0.0.30:5060"})"
                                   : R"({name: lk, kind: livekit, uri: "sip:127.0.0.20:5060"})"}}) {
    }

    void act() {
        switch (dice_.below(10)) {
            case 0:
                return invite();
            case 1:
                return world_.send_from(any_address(), any_listener(), text());
            case 2:
                return inside();
            case 3:
                return acknowledge();
            case 4:
                return cancel();
            case 5:
            case 6:
                return answer(*world_.generic);
            case 7:
                return answer(*world_.carrier);
            case 8:
                return inside_as_callee();
            default:
                return world_.run_for(Millis(dice_.below(4) == 3 ? 40'000 : dice_.below(1000)));
        }
    }
    [[nodiscard]] bool is_over() const { return dice_.is_spent(); }
    void settle() { world_.run_for(Millis(3)); }

    /// Every call is ended; what we sent was well-formed; nothing is left.
    void finish() {
        world_.engine->hang_up_all("drain", call::Cause::Success);
        world_.run_for(Millis(40'000));
        for (const World::Sent& sent : world_.sent()) {
            // An answer has a few lines more than its request: only we would count them.
            const sip::Limits limits{.head = 2 * sip::kLimits.head,
                                     .lines = sip::kLimits.lines + 8};
            const auto message = sip::Message::split(std::as_bytes(std::span(sent.bytes)), limits);
            ASSERT_TRUE(message || testing::is_complaint(sent.bytes))
                << message.error().what << '\n'
                << sent.bytes;
        }
        world_.expect_nothing_left();
        for (const port::CallRecord& record : world_.records) {
            EXPECT_FALSE(record.outcome.reason.empty());
        }
    }

private:
    std::string text() {
        const Input raw = dice_.take(static_cast<std::size_t>(dice_.below(2048)));
        return std::string(text_of(raw));
    }
    /// A session description: a good one, none, or what the input says. Everywhere the ordinary
    /// choice is 0, so that an input that ends early is an ordinary call.
    std::string body(const Endpoint& rtp) {
        switch (dice_.below(4)) {
            case 0:
                return testing::an_sdp({.rtp = rtp});
            case 1:
                return testing::an_sdp({.rtp = rtp, .extra = text()});
            case 2:
                return {};
            default:
                return text();
        }
    }
    Endpoint any_address() {
        constexpr std::array<std::uint8_t, 4> kHosts{10, 20, 30, 66};
        return World::at(kHosts.at(dice_.below(kHosts.size())));
    }
    Endpoint any_listener() {
        return dice_.below(2) == 0 ? World::carrier_side() : World::livekit_side();
    }

    void invite() {
        auto builder = testing::an_invite();
        ++invites_;
        builder.call_id("call-" + std::to_string(invites_)).branch("b" + std::to_string(invites_));
        builder.sdp(body(World::at(10, 4000)));
        std::string raw = builder.text();
        if (dice_.below(4) == 3) {  // further lines, before Content-Length
            raw.insert(raw.find("\r\n") + 2, text());
        }
        if (auto read = SipText::parse(raw)) {
            invite_ = std::move(*read);
        }
        world_.carrier->send(raw);
    }
    static const SipText* newest(const Peer& peer, bool is_request) {
        const auto& inbox = peer.inbox();
        const auto found = std::find_if(inbox.rbegin(), inbox.rend(), [&](const SipText& message) {
            return message.is_request() == is_request &&
                   (is_request ? message.method() != "ACK" : message.status() > 100);
        });
        return found == inbox.rend() ? nullptr : &*found;
    }
    void acknowledge() {
        const SipText* const answer = newest(*world_.carrier, false);
        if (answer != nullptr && !invite_.bytes.empty()) {
            world_.carrier->ack(invite_, *answer, dice_.below(8) == 7 ? text() : std::string());
        }
    }
    void cancel() {
        if (!invite_.bytes.empty()) {
            world_.carrier->cancel(invite_);
        }
    }
    std::string method() {
        static constexpr std::array<const char*, 8> kMethods{"BYE",  "INVITE", "ACK",   "CANCEL",
                                                             "INFO", "UPDATE", "PRACK", "REFER"};
        return kMethods.at(dice_.below(kMethods.size()));
    }
    void inside() {
        const SipText* const answer = newest(*world_.carrier, false);
        if (answer != nullptr && !invite_.bytes.empty()) {
            const auto cseq = static_cast<std::uint32_t>(dice_.below(5));
            world_.carrier->request(method(), invite_, *answer, cseq, body(World::at(10, 4002)),
                                    headers());
        }
    }
    void inside_as_callee() {
        const SipText* const request = newest(*world_.generic, true);
        if (request != nullptr) {
            const auto cseq = static_cast<std::uint32_t>(dice_.below(5));
            world_.generic->request_as_callee(method(), *request, tag(), cseq,
                                              body(World::at(30, 4002)));
        }
    }
    void answer(Peer& peer) {
        const SipText* const request = newest(peer, true);
        if (request == nullptr) {
            return;
        }
        static constexpr std::array<int, 12> kStatuses{200, 180, 183, 100, 200, 202,
                                                       302, 401, 486, 487, 503, 699};
        const int status = kStatuses.at(dice_.below(kStatuses.size()));
        peer.reply(*request, status, "Phrase", tag(), body(World::at(30, 4000)), headers());
    }
    std::string tag() { return std::string(1, static_cast<char>('a' + dice_.below(3))); }
    std::string headers() { return dice_.below(4) == 3 ? text() : std::string(); }

    Dice dice_;
    World world_;
    SipText invite_;
    unsigned invites_{};
};

}  // namespace

/// Calls, answers, dialogs and raw bytes in any order: what leaves is well-formed, and in the end
/// nothing is left of anything.
void run(Input input) {
    constexpr int kActs = 60;
    Play play(input);
    for (int i = 0; i < kActs && !play.is_over(); ++i) {
        play.act();
        play.settle();
    }
    play.finish();
}

}  // namespace causeway::fuzz
