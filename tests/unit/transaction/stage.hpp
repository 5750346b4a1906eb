#pragma once

#include "causeway/transaction/layer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::transaction {

inline constexpr Secret kSecret{std::byte{1}, std::byte{2}, std::byte{3}};

/// A request of a peer, or one of ours before it has its Via.
struct RequestText {
    std::string method{"INVITE"};
    std::string uri{"sip:bob@example.com"};
    std::string via{"SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKpeer1;rport"};  ///< empty: none
    std::string from{"<sip:alice@example.org>;tag=from1"};
    std::string to{"<sip:bob@example.com>"};
    std::string call_id{"call-1@example.org"};
    std::uint32_t cseq{1};
    std::string extra{};  ///< whole lines

    [[nodiscard]] std::string text() const;
    /// The same with another method: the ACK of a failure, a CANCEL.
    [[nodiscard]] RequestText as(std::string_view other) const;
    [[nodiscard]] RequestText with_to_tag(std::string_view tag) const;
};

/// What a peer answers to a request of ours (Via, From, To, Call-ID, CSeq copied).
std::string answer(std::string_view request, int status, std::string_view to_tag = "peer");
/// The value of a header field, or empty.
std::string header(std::string_view message, std::string_view name);
std::string start_line(std::string_view message);
/// The branch parameter of the first Via.
std::string branch(std::string_view message);
sip::Message parsed(std::string_view text);

/// A layer on virtual time with everything it did, in order:
/// `0 > INVITE`, `500 > 486 INVITE` (transmitted), `0 request INVITE`, `0 response 180`, `0 ack`,
/// `0 stray 200`, `0 cancelled`, `32000 failed timeout`.
class Stage {
public:
    struct Sent {
        Key key;
        sip::Target to;
        std::string bytes;
    };

    explicit Stage(sip::Transport transport = sip::Transport::Udp, Timers timers = {},
                   std::size_t max_answered = Layer::Options{}.max_answered);

    /// A request of ours to the peer.
    Key request(const RequestText& request);
    /// Bytes from the peer.
    void receive(std::string_view text);
    /// A response of the peer to the first request with this method that we sent.
    void answer_to(std::string_view method, int status, std::string_view to_tag = "peer");
    /// Receives a new request and accepts it.
    Key accepted(const RequestText& request);
    /// Answers the request of this key as an owner does.
    void respond(Key key, int status, std::string_view to_tag = "local");
    void cancel(Key key, std::string_view headers = {});
    void undeliverable(Key key, Errc code = Errc::Io);
    /// Time passes; the layer wakes when it wants to.
    void pass(Millis span);
    /// Carries out what the layer wants done; called by everything above.
    void drain();

    /// The log since the last call.
    std::vector<std::string> log();
    /// The first message transmitted whose start line begins so.
    [[nodiscard]] std::string sent_text(std::string_view start) const;
    [[nodiscard]] std::size_t count(std::string_view start) const;

    Layer layer;
    Time now;
    sip::Target peer;
    sip::Source source;
    std::vector<Sent> sent;
    std::vector<Request> requests;
    std::vector<Response> responses;
    std::vector<Ack> acks;
    std::vector<Stray> strays;
    std::vector<Failed> failures;

private:
    void note(std::string_view what);
    void carry_out(Action action);

    std::vector<std::string> log_;
};

}  // namespace causeway::transaction
