#pragma once

#include "support/ua/sip_text.hpp"

#include "causeway/base/endpoint.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::testing {

/// A carrier's (or any caller's) INVITE, built step by step: `an_invite().from("+4930111").text()`.
class InviteBuilder {
public:
    InviteBuilder& from(std::string user);      ///< From user
    InviteBuilder& display(std::string name);   ///< From display name
    InviteBuilder& to(std::string user);        ///< Request-URI and To user
    InviteBuilder& host(std::string host);      ///< host of Request-URI and To
    InviteBuilder& source(Endpoint source);     ///< our address: Via, Contact, From host
    InviteBuilder& branch(std::string branch);  ///< without the magic cookie
    InviteBuilder& call_id(std::string call_id);
    InviteBuilder& header(std::string name, std::string value);
    InviteBuilder& without(std::string name);                 ///< leaves a standard header out
    InviteBuilder& sdp(std::string body);                     ///< empty: offerless
    InviteBuilder& body(std::string type, std::string body);  ///< of another type
    [[nodiscard]] std::string text() const;

private:
    std::string from_{"+4930123456"};
    std::string display_;
    std::string to_{"+4991874350352"};
    std::string host_{"127.0.0.1"};
    std::string source_{"127.0.0.10:5060"};
    std::string branch_{"a1"};
    std::string call_id_{"call-1@carrier.example"};
    std::vector<std::pair<std::string, std::string>> headers_;
    std::vector<std::string> without_;
    std::string sdp_;
    std::string type_{"application/sdp"};
};
InviteBuilder an_invite();

/// An audio offer or answer as a test wants it.
struct SdpOptions {
    Endpoint rtp;
    std::string formats{"8 0 101"};
    std::string direction{"sendrecv"};
    std::string extra{};  ///< attribute lines, each with CRLF
    unsigned version{1};
};
std::string an_sdp(const SdpOptions& options);

/// A far end without a will of its own: it keeps what it gets and sends what the test says.
class Peer {
public:
    using Send = std::function<void(const Endpoint& from, const Endpoint& to, std::string bytes)>;
    Peer(Endpoint address, Endpoint sbc, Send send);

    void deliver(std::string_view bytes);

    /// Everything that came, oldest first.
    [[nodiscard]] const std::vector<SipText>& inbox() const { return inbox_; }
    /// How often a request of this method, or a response with this status, came.
    [[nodiscard]] std::size_t count(std::string_view method) const;
    [[nodiscard]] std::size_t count(int status) const;
    /// The newest of them; a test failure and an empty message if there was none.
    [[nodiscard]] const SipText& last(std::string_view method) const;
    [[nodiscard]] const SipText& last(int status) const;

    void send(std::string bytes);
    void invite(const InviteBuilder& invite) { send(invite.text()); }
    /// ACK of this final answer to that INVITE: with its branch for a failure, a new one for 2xx.
    void ack(const SipText& invite, const SipText& final_answer, std::string_view body = {});
    void cancel(const SipText& invite);
    /// A request inside the dialog that this answer to our INVITE made.
    void request(std::string_view method, const SipText& invite, const SipText& answer,
                 std::uint32_t cseq, std::string_view body = {}, std::string_view headers = {});
    /// A request inside the dialog of an INVITE that we answered with this To-tag.
    void request_as_callee(std::string_view method, const SipText& invite, std::string_view tag,
                           std::uint32_t cseq, std::string_view body = {});
    /// An answer to a request we got; `tag` goes into To unless that has one.
    void reply(const SipText& request, int status, std::string_view phrase,
               std::string_view tag = {}, std::string_view body = {},
               std::string_view headers = {});

    [[nodiscard]] const Endpoint& address() const { return address_; }

private:
    Endpoint address_;
    Endpoint sbc_;
    Send send_;
    std::vector<SipText> inbox_;
    unsigned branches_{};
};

}  // namespace causeway::testing
