#pragma once

#include "causeway/base/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A reading of SIP and SDP that shares no line with causeway::sip and causeway::sdp: the test user
/// agents are a second opinion on what we send. Only as much grammar as well-formed messages need.
namespace causeway::testing {

/// A SIP message, taken apart. Compact names known are those LiveKit knows: c f t m i v l.
struct SipText {
    std::string start_line;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names as sent
    std::string body;
    std::string bytes;  ///< the whole of it as received

    /// Nothing if there is no head, a header without colon, or a mandatory header is missing.
    static std::optional<SipText> parse(std::string_view bytes);

    [[nodiscard]] bool is_request() const;
    [[nodiscard]] int status() const;               ///< 0: a request
    [[nodiscard]] std::string reason() const;       ///< of a response
    [[nodiscard]] std::string method() const;       ///< of a response: its CSeq's
    [[nodiscard]] std::string request_uri() const;  ///< of a request
    /// The first header of this name (any case, long form), or empty.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    [[nodiscard]] std::uint32_t cseq() const;
    [[nodiscard]] std::string from_tag() const;
    [[nodiscard]] std::string to_tag() const;
    [[nodiscard]] std::string branch() const;  ///< of the top Via
};

/// True for an answer to what could not be read: it lacks what its request lacked (ADR 7), so that
/// nobody need be able to read it either.
bool is_complaint(std::string_view bytes);

bool equal_nocase(std::string_view left, std::string_view right);
/// The value of `;name=value` behind the closing angle bracket (or the whole value without one);
/// empty: absent or a flag.
std::string param(std::string_view value, std::string_view name);
/// What stands between the angle brackets, else the value up to the first semicolon.
std::string uri_of(std::string_view value);
/// The user part of a sip: or sips: URI, parameters of the user included; empty: none.
std::string user_of(std::string_view uri);
/// host and port of a sip: URI whose host is an address, IPv6 in brackets; port 5060 if it names
/// none.
std::optional<Endpoint> endpoint_of(std::string_view uri);

/// An address as o= and c= have it: `IN IP4 127.0.0.1`, `IN IP6 ::1`.
std::string sdp_address(const IpAddress& ip);

/// The first audio section of a session description.
struct SdpText {
    struct Format {
        int payload_type{};
        std::string name;  ///< `PCMU/8000` as in rtpmap; of static types 0, 8, 9 filled in
    };
    std::string session_id;
    std::string version;
    std::string address;       ///< c= of the section, else of the session, else o=; as text
    std::string address_type;  ///< `IP4`, `IP6`
    std::uint16_t port{};
    std::string profile;
    std::vector<Format> formats;
    std::string direction{"sendrecv"};
    std::size_t sections{};  ///< m= lines in all

    /// Nothing without v=, o= or an audio section.
    static std::optional<SdpText> parse(std::string_view text);
    /// c= and port if c= is an address of the family that it names.
    [[nodiscard]] std::optional<Endpoint> rtp() const;
    [[nodiscard]] const Format* format(int payload_type) const;
    /// The payload type whose rtpmap is exactly this; nothing: not offered.
    [[nodiscard]] std::optional<int> find(std::string_view name) const;
};

}  // namespace causeway::testing
