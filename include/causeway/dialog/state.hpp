#pragma once

#include "causeway/sip/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace causeway::dialog {

enum class Role : std::uint8_t { Uac, Uas };

/// How far a leg has come. Ended legs only answer what is still on its way.
enum class Phase : std::uint8_t {
    Early,      ///< its INVITE has no final answer yet
    Unacked,    ///< UAS: our 2xx is out, its ACK is not in (RFC 3261 §13.3.1.4)
    Confirmed,  ///< UAC: ACK sent; UAS: ACK received
    Closing,    ///< to be ended, but BYE must wait for the ACK (RFC 3261 §15)
    Ended,      ///< final answer or BYE sent or received, or given up
};

/// A dialog as RFC 3261 §12 defines it, and what we need to go on with it: a value.
struct State {
    Role role{};
    Phase phase{};
    std::string call_id;
    std::string local_tag;
    std::string remote_tag;           ///< empty until the peer has shown one
    std::string local;                ///< our name-addr without tag, as in From of our requests
    std::string remote;               ///< the peer's, likewise
    std::string remote_target;        ///< URI text of the peer's Contact
    std::vector<std::string> routes;  ///< name-addrs, in the order we send them (RFC 3261 §12.1)
    std::string contact;              ///< our own Contact value
    std::uint32_t local_cseq{};       ///< of our last request
    std::optional<std::uint32_t> remote_cseq;  ///< of the peer's last request; empty: none yet
    std::uint32_t invite_cseq{};  ///< of the last INVITE in either direction: its ACK repeats it
    sip::Target source;           ///< where the peer's last message came from

    bool operator==(const State&) const = default;
};

}  // namespace causeway::dialog
