#pragma once

#include "support/ua/sip_text.hpp"

#include "causeway/base/endpoint.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How LiveKit SIP v1.8.0 writes: header order, names and phrases as recorded in
/// tests/data/livekit. Values in, text out.
namespace causeway::testing::livekit {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What it claims to support; it answers 405 to five of them.
inline constexpr std::string_view kAllow =
    "INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE";

/// A response: Via, Record-Route, From, To, Call-ID, CSeq, Content-Length, then `extra`. The top
/// Via gets rport and received if it asks by rport. `to_tag` is added unless To has one.
std::string response(const SipText& request, const Endpoint& source, int status,
                     std::string_view reason, std::string_view to_tag, const Headers& extra = {},
                     std::string_view body = {});

/// `<sip:IP:port;transport=udp>`: no user part.
std::string contact(const Endpoint& sip);

/// The dialog of an inbound call, as its in-dialog requests need it.
struct Dialog {
    Endpoint sip;        ///< LiveKit's address, for Via
    std::string target;  ///< Contact URI of the INVITE
    std::string call_id;
    std::string local;   ///< its To header with its tag
    std::string remote;  ///< the INVITE's From header
};

/// BYE: Via, Max-Forwards, Call-ID, Content-Length, trunk headers, CSeq, From, To.
std::string bye(const Dialog& dialog, std::string_view branch, std::uint32_t cseq,
                const Headers& extra);
/// REFER, with Contact, Refer-To and Allow before them.
std::string refer(const Dialog& dialog, std::string_view branch, std::uint32_t cseq,
                  std::string_view refer_to, const Headers& extra);

/// What it makes of an offer.
struct Answer {
    int payload_type{};              ///< of the voice codec
    std::optional<int> events;       ///< payload type of telephone-event
    std::optional<Endpoint> remote;  ///< nothing: IPv6, where it never sends
    std::string text;                ///< the description
};

/// Chooses by its own priority; one section, sendrecv, the offer's session id with version id + 2.
/// Nothing: no common codec, no body, a host name in c=, port 0.
std::optional<Answer> negotiate(const SipText& invite, const std::vector<int>& codecs,
                                const Endpoint& local);

/// RFC 2617 §3.2.2 without qop, MD5: the response that its digest challenge expects.
std::string digest_response(std::string_view user, std::string_view realm,
                            std::string_view password, std::string_view nonce,
                            std::string_view uri);
/// A quoted or bare parameter of a Proxy-Authorization value; empty: absent.
std::string auth_param(std::string_view value, std::string_view name);

}  // namespace causeway::testing::livekit
