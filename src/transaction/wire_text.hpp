#pragma once

#include "branch.hpp"
#include "text.hpp"

#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"

#include <string>
#include <string_view>

/// The few messages the layer writes itself, made from messages of ours that it keeps.
namespace causeway::transaction {

/// `request` with our Via as its first header field (RFC 3261 §18.1.1, RFC 3581 §3).
Text with_via(std::string_view request, sip::Transport transport, std::string_view sent_by,
              const Branch& branch);

/// The ACK of a 3xx–6xx (RFC 3261 §17.1.1.3): `invite` is the request as it was sent, `to` the
/// answer's To value. Empty if `invite` cannot be read.
Text ack_of(std::string_view invite, std::string_view to);

/// The CANCEL of a request as it was sent (RFC 3261 §9.1); `headers` are whole lines to add.
Text cancel_of(std::string_view invite, std::string_view headers);

/// The method of a request of ours.
std::string_view method_of(std::string_view request);
/// The value of Call-ID in a message of ours; empty: none.
std::string_view call_id_of(std::string_view request);
/// The status code of a response of ours; 0: not a response.
int status_of(std::string_view response);
/// The tag in the To of a response of ours; empty: none.
std::string to_tag_of(std::string_view response);

}  // namespace causeway::transaction
