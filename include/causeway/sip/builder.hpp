#pragma once

#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"

#include <string>
#include <string_view>

namespace causeway::sip {

/// Writes one message. Names and values come from our own model; a control character in a value is
/// replaced by a space (header injection must not be possible by a mistake elsewhere).
/// Content-Length is always written, last. Thread: its owner's.
class Builder {
public:
    /// `METHOD uri SIP/2.0`. No Via: the transaction layer puts ours on top.
    static Builder request(std::string_view method, std::string_view uri);

    /// `SIP/2.0 code reason` with what RFC 3261 §8.2.6.2 copies from the request: every Via (the
    /// top one completed with `received` and `rport` from `source`: RFC 3261 §18.2.1, RFC 3581 §4),
    /// From, To, Call-ID, CSeq; for 101–299 also Record-Route (§12.1.1), for 100 also Timestamp
    /// (§8.2.6.1). `to_tag` is added to To
    /// unless it has one already or the status is 100.
    static Builder response(const Message& request, const Source& source, const Status& status,
                            std::string_view to_tag);

    Builder& add(std::string_view name, std::string_view value) &;
    /// Ends the message. `type` is ignored for an empty body.
    [[nodiscard]] std::string finish(std::string_view type = {}, std::string_view body = {}) &&;

private:
    Builder() = default;
    std::string text_;
};

/// Where the answer to a request goes (RFC 3261 §18.2.2, RFC 3581 §4): for UDP the source address,
/// at the source port if the top Via asks by `rport`, else at the port of its sent-by (5060 if
/// none); the connection it came on, and should that be gone a new one to the source address at the
/// port of sent-by (5060, TLS 5061).
Target response_target(const Message& request, const Source& source);

}  // namespace causeway::sip
