#pragma once

#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <string_view>

/// The session description among what a message carries (RFC 3261 §7.4, RFC 5621).
namespace causeway::sip {

/// What we can read, as it stands in Accept.
inline constexpr std::string_view kAcceptedBodies = "application/sdp, multipart/mixed";

struct SessionBody {
    enum class Kind : std::uint8_t {
        None,             ///< no body, or only what may be ignored (handling=optional)
        Sdp,              ///< `sdp` holds it
        UnknownType,      ///< 415 with Accept
        UnknownEncoding,  ///< 415 with Accept-Encoding
    };
    Kind kind{};
    std::string_view sdp;  ///< inside the message's bytes
};

/// Reads the body of a request or an answer. Of a multipart body it is the first application/sdp
/// part; the others are passed over unless one says handling=required. Multipart inside multipart
/// is not searched. Linear in the size, allocates nothing.
SessionBody session_body(const Message& message);

/// The one header field that a 415 to this body names what we do read with (RFC 3261 §21.4.13).
Header acceptable(SessionBody::Kind kind);

}  // namespace causeway::sip
