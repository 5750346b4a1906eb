#pragma once

#include "causeway/base/result.hpp"
#include "causeway/base/time.hpp"
#include "causeway/sip/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// Our last 2xx to an INVITE, repeated until its ACK (RFC 3261 §13.3.1.4).
struct Repeating {
    std::string bytes;
    sip::Target to;
    Time next;
    Millis interval{};
    Time give_up;
    bool operator==(const Repeating&) const = default;
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
    sip::Target source;  ///< where the peer's last message on this dialog's interface came from
    std::optional<Repeating> repeating;    ///< empty: no 2xx of ours waits for its ACK
    std::string ack;                       ///< UAC: repeated for every repeated 2xx
    std::vector<sip::Header> bye_headers;  ///< of the BYE that waits for the ACK

    bool operator==(const State&) const = default;
};

/// The state as bytes, with a version. Connections are left out.
std::string encode(const State& state, const Anchor& anchor);
/// Reads what `encode` wrote of an answered dialog; Unsupported: another version, Malformed:
/// anything else, also a dialog that contradicts itself.
[[nodiscard]] Result<State> decode(std::string_view bytes, const Anchor& anchor);

}  // namespace causeway::dialog
