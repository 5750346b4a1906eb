#pragma once

#include "causeway/dialog/state.hpp"
#include "causeway/sip/message.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Requests inside a dialog and the parts of a dialog that messages bring (RFC 3261 §12).
namespace causeway::dialog {

/// CSeq of the one INVITE that we send in a dialog.
inline constexpr std::uint32_t kOurInvite = 1;

/// The methods a leg understands, as they stand in Allow.
inline constexpr std::string_view kAllow = "INVITE, ACK, CANCEL, BYE, OPTIONS";

/// A request inside the dialog without body (RFC 3261 §12.2.1.1): Request-URI and Route by loose or
/// strict routing. ACK and CANCEL repeat the INVITE's CSeq, which the caller passes.
std::string in_dialog_request(const State& state, std::string_view method, std::uint32_t cseq,
                              const std::vector<sip::Header>& headers);

/// Where it goes: the first route's address and transport, else the remote target's; without
/// `transport=` the dialog's own. A host name, or an address that cannot be the peer's, is reached
/// where the dialog's last message came from. A connection that the peer opened and last used for
/// this dialog is used again for requests to its address, whatever port it names (many who call
/// over TCP do not listen); should it be gone, the port named is what counts.
sip::Target next_hop(const State& state);

/// `<uri>` of From or To, without tag and other parameters. Empty if the grammar refuses it.
std::string plain_name_addr(const sip::Message& message, sip::Field from_or_to);

/// The URI of the first Contact as text; empty if there is none.
std::string contact_uri(const sip::Message& message);

/// Which end reads the Record-Route: a UAC takes it in reverse (RFC 3261 §12.1.2).
std::vector<std::string> route_set(const sip::Message& message, Role role);

/// The session description in the body; empty if there is none.
std::string sdp_body(const sip::Message& message);

}  // namespace causeway::dialog
